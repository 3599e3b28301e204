"""Who signs up groups, and who looks after which. Foreign and missing look the same."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from portal.accounts.factors import to_factors
from portal.accounts.permissions import waits_for_a_second_factor
from portal.core.principal import Principal
from portal.core.sent import refuse_unstorable


@method_decorator(never_cache, name="dispatch")
class GatedView(View):
    """A screen that says 404 to whoever it is not for, unless she could be let in by signing in or a second factor."""

    http_method_names = ["get", "head", "post"]
    principal: Principal

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in by the gates of the screen; send a guest to the login and back."""
        self.principal = request.principal  # type: ignore[attr-defined]
        refuse_unstorable(request)
        gate: Callable[..., HttpResponseBase] = super().dispatch
        try:
            return gate(request, *args, **kwargs)
        except Http404:
            if self.principal.is_anonymous:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            if waits_for_a_second_factor(self.principal):
                return to_factors(request, request.get_full_path() if request.method == "GET" else "/")
            raise
