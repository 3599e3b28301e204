"""What every screen behind the login begins with, whichever package draws it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from portal.core.principal import Principal


@method_decorator(never_cache, name="dispatch")
class SignedInView(View):
    """A screen for people who have signed in; what it shows is hers alone."""

    http_method_names = ["get", "head", "post"]
    principal: Principal

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send whoever has not signed in to the login, and then back here."""
        self.principal = request.principal  # type: ignore[attr-defined]
        if self.principal.is_anonymous:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return super().dispatch(request, *args, **kwargs)
