"""What the admin needs that stock Wagtail lacks: one transaction per change, and a content policy of its own."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.core.errors import RefusedError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class _AdminMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    @cached_property
    def admin_prefix(self) -> str:
        return reverse("wagtailadmin_home")

    @cached_property
    def login_path(self) -> str:
        return reverse("wagtailadmin_login")

    def is_admin(self, request: HttpRequest) -> bool:
        return request.path_info.startswith(self.admin_prefix)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)


class AdminTransactionMiddleware(_AdminMiddleware):
    """Run each changing admin view in one transaction.

    Wagtail's page editor is atomic only around saving, not around publishing: without this a release that cannot be
    frozen would leave a published page behind. Safe methods are left alone, since on SQLite a transaction takes the
    write lock when it begins.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Call the view itself, so that an exception in it undoes everything."""
        if request.method in SAFE_METHODS or not self.is_admin(request):
            return None
        try:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
                # A template response is drawn late; what it reads belongs to the same transaction.
                if hasattr(response, "render") and callable(response.render):
                    response = response.render()
                return response
        except RefusedError as error:
            # The page editor says it at the field; a bulk action or the end of a workflow has no field.
            messages.error(request, str(error))
        except ProtectedError as error:
            # Wagtail asks its reference index first, which is late; the database is not.
            users = sorted({str(obj._meta.verbose_name_plural) for obj in error.protected_objects})
            messages.error(request, _("It is in use and stays: %(users)s point to it.") % {"users": ", ".join(users)})
        return redirect(self._back(request))

    def _back(self, request: HttpRequest) -> str:
        origin = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(
            origin, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return origin
        return self.admin_prefix


class AdminPolicyMiddleware(_AdminMiddleware):
    """Give Wagtail's admin the policy that its inline scripts need; the login page keeps the strict one."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set the policy that the CSP middleware will write."""
        response = self.get_response(request)
        if self.is_admin(request) and request.path_info != self.login_path and not hasattr(response, "_csp_config"):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response
