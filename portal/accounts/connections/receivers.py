"""What follows from a login or a connected identity; allauth says it by signal."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.signals import social_account_added
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts.connections.identities import statement_in
from portal.accounts.connections.provisioning import arrive, note_identity
from portal.accounts.strength import METHODS_KEY


@receiver(user_logged_in)
def mark_strength(request: HttpRequest, sociallogin: SocialLogin | None = None, **kwargs: Any) -> None:
    """Mark the session as strong if, and only if, the provider vouched for as much in this very login."""
    statement = statement_in(sociallogin.state) if sociallogin is not None else None
    if statement is None or not statement.strong:
        return
    methods = request.session.get(METHODS_KEY, [])
    request.session[METHODS_KEY] = [
        {**method, "strong": True} if method.get("uid") == statement.uid else method for method in methods
    ]


@receiver(social_account_added)
def identity_connected(request: HttpRequest, sociallogin: SocialLogin, **kwargs: Any) -> None:
    """Give what the municipality has for the person who connected its login to her account."""
    statement = statement_in(sociallogin.state)
    if statement is not None and sociallogin.user is not None:
        note_identity(user=sociallogin.user, account=sociallogin.account, action="identity.connect")
        arrive(user=sociallogin.user, statement=statement)
        messages.success(request, _("Your municipality's login is connected."))
