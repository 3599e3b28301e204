"""Sign somebody in from code: after an invitation or a registration, in the same steps as the login page."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import EmailAddress, Login
from django.http import HttpRequest, HttpResponse

from portal.accounts.models import User
from portal.accounts.services.memberships import memberships_claim


def sign_in(request: HttpRequest, user: User, *, redirect_url: str = "") -> HttpResponse:
    """Sign in a person who has just chosen or typed her password, and return where she goes.

    Her second factor is asked for if she has one; if her roles need one and she has none, she goes to set it up first.
    """
    login = Login(user=user, email=user.email, redirect_url=redirect_url or None)
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    request.session.set_expiry(0)
    return response


def claim_what_waits(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    """Hand over the memberships that wait for the addresses that she has shown to be hers."""
    proven = list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))
    if proven:
        memberships_claim(user=user, addresses=proven)
