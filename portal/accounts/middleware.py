"""Put the `Principal` on the request, built on first use and once only."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from portal.accounts.principals import principal_of
from portal.accounts.strength import is_strong


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
