"""Who asks, on every request; and the doors: no way into the admin past the login, the second factor, or a role of today."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

from portal.accounts.adapters import PortalAccountAdapter
from portal.accounts.factors import to_factors
from portal.accounts.groups import sync_groups
from portal.accounts.principals import principal_of
from portal.accounts.strength import is_strong
from portal.core.principal import Principal
from portal.core.roles import Role

# The roles that have work in the admin; the others have screens of their own.
ADMIN_ROLES = frozenset({Role.EDITOR, Role.PROVIDER, Role.ORGANISER, Role.ADMINISTRATOR})


class PrincipalMiddleware:
    """Every view and page below asks `request.principal`, never the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Attach the principal lazily: a page that asks for none must not load the session."""
        request.principal = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: principal_of(request.user, strong=is_strong(request.session))
        )
        return self.get_response(request)


def _to_login(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


class DoorsMiddleware:
    """Keep the admin's doors, and ask again who somebody is without keeping what she has sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    @cached_property
    def _admin(self) -> str:
        return reverse("wagtailadmin_home")

    @cached_property
    def _elsewhere(self) -> tuple[tuple[str, str], ...]:
        """Return the admin's own doors, and where they lead instead."""
        return (
            (reverse("wagtailadmin_login"), "account_login"),
            (reverse("wagtailadmin_password_reset"), "account_reset_password"),
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer at the door, or let through."""
        path = request.path_info
        if path.removeprefix("/en").startswith("/_util/login/"):
            return self._instead(request, "account_login")
        if not path.startswith(self._admin) or path == reverse("wagtailadmin_logout"):
            return self.get_response(request)
        for door, instead in self._elsewhere:
            if path.startswith(door):
                return self._instead(request, instead)
        return self._stopped(request) or self.get_response(request)

    def _instead(self, request: HttpRequest, name: str) -> HttpResponse:
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        query = f"?{urlencode({REDIRECT_FIELD_NAME: wanted})}" if wanted else ""
        return redirect(f"{reverse(name)}{query}")

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated:
            # A script that saves in the background cannot follow to a login page.
            return None if request.headers.get("x-requested-with") == "XMLHttpRequest" else _to_login(request)
        principal: Principal = request.principal  # type: ignore[attr-defined]
        if principal.withheld & ADMIN_ROLES:
            return to_factors(request, request.get_full_path() if request.method == "GET" else self._admin)
        if not principal.roles & ADMIN_ROLES:
            raise PermissionDenied
        # A membership may have begun or ended with the day; what Wagtail asks are the groups.
        sync_groups(request.user)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Ask again who somebody is. Allauth would keep the request with all that was sent, and the sender's IP address."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        methods = PortalAccountAdapter().get_reauthentication_methods(request.user)
        if not methods:
            return _to_login(request)
        return redirect(f"{methods[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")
