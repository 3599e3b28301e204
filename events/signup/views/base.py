"""What every screen of a sign-up has in common."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from portal.core.unlisted import unlisted


def received_text() -> str:
    """Return the receipt; where the sign-up stands is what the place's page says itself."""
    return _("We have received your sign-up. A mail about it is on its way to you.")


def dead(request: HttpRequest) -> HttpResponse:
    """Draw the same page for a link that is unknown, too old, or no longer of who has it."""
    return unlisted(render(request, "events/signup/dead.html", status=404))


@method_decorator(never_cache, name="dispatch")
class Screen(View):
    """A page that is drawn anew each time."""

    http_method_names = ["get", "head", "post", "options"]
    template = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so in the answer's head."""
        response = super().dispatch(request, *args, **kwargs)
        return unlisted(response) if isinstance(response, HttpResponse) else response

    def page(self, status: int = 200, **context: Any) -> HttpResponse:
        """Draw the screen."""
        return render(self.request, self.template, context, status=status)

    @property
    def actor(self) -> Any:
        """Return the account that acts, or nobody: who has a link needs none."""
        return self.request.user if self.request.user.is_authenticated else None
