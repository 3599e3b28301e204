"""Asking again who somebody is, where her municipality's login is all she has: allauth asks such a person nothing, ever."""

import time
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.connections.adapter import app_of
from portal.accounts.connections.configuration import Connection, connection_named

_METHOD = "socialaccount"


def has_outside_only(request: HttpRequest) -> bool:
    """Tell whether the person has neither a password nor a factor that could be asked for, but an outside identity."""
    user = request.user
    if not user.is_authenticated or user.has_usable_password():
        return False
    return not Authenticator.objects.filter(user=user).exists() and SocialAccount.objects.filter(user=user).exists()


def came_lately(request: HttpRequest) -> bool:
    """Tell whether this session's login through her municipality is young enough to change what her login is."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        record["method"] == _METHOD and record["at"] > since
        for record in get_authentication_records(request, request.user)
    )


def must_come_again(request: HttpRequest) -> bool:
    """Tell whether she must log in through her municipality before she goes on."""
    return has_outside_only(request) and not came_lately(request)


def to_own_login(request: HttpRequest, wanted: str) -> HttpResponse:
    """Send her to her municipality's login, and from there to where she was going."""
    messages.warning(request, _("Log in with your municipality once more, so that we know that it is you."))
    connection = _connection_of(request)
    begin = app_of(connection).get_provider(request).get_login_url(request) if connection else reverse("own_login")
    return redirect(f"{begin}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")


def _connection_of(request: HttpRequest) -> Connection | None:
    """Return the connection that she came through, or another of hers; None where none of them is configured any more."""
    records = get_authentication_records(request, request.user)
    used = [record["provider"] for record in reversed(records) if record.get("provider")]
    hers = list(SocialAccount.objects.filter(user=request.user).order_by("pk").values_list("provider", flat=True))
    found = (connection_named(key) for key in [key for key in used if key in hers] + hers)
    return next((connection for connection in found if connection is not None), None)
