"""The second factor as a condition: who needs one, who has one, and the way to it and back."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.accounts.principals import principal_of
from portal.accounts.strength import is_strong

# Where she was going when she was asked for a second factor.
_AFTER = "account_after_factor"
_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factors(user: Any) -> bool:
    """Tell whether the person has a second factor; recovery codes alone are none."""
    return bool(user.is_authenticated) and Authenticator.objects.filter(user=user, type__in=_KINDS).exists()


def lacks_factor(request: HttpRequest) -> bool:
    """Tell whether roles wait for a second factor in this session."""
    return bool(principal_of(request.user, strong=is_strong(request.session)).withheld)


def to_factors(request: HttpRequest, wanted: str) -> HttpResponse:
    """Send her to show her second factor, or to set one up, and from there to where she was going."""
    factors = list(Authenticator.objects.filter(user=request.user, type__in=_KINDS).values_list("type", flat=True))
    if not factors:
        messages.warning(request, _("Your roles need two-step login: set it up here, and you go on from there."))
        request.session[_AFTER] = wanted
        return redirect("mfa_index")
    messages.warning(request, _("What you asked for needs two-step login: show that it is you."))
    view = "mfa_reauthenticate" if Authenticator.Type.TOTP in factors else "mfa_reauthenticate_webauthn"
    return redirect(f"{reverse(view)}?{urlencode({'next': wanted})}")


def way_on(request: HttpRequest) -> str:
    """Return where she was going before she was asked to set up a factor, if she was; never another host."""
    wanted = str(request.session.get(_AFTER, ""))
    return wanted if url_has_allowed_host_and_scheme(wanted, None) else ""


def has_gone_on(request: HttpRequest) -> None:
    """Forget where she was going: she has her factor and goes."""
    request.session.pop(_AFTER, None)


def note_shown(request: HttpRequest, kind: str) -> None:
    """Count setting a factor up as showing it: the code or the key has just been there."""
    record_authentication(request, request.user, "mfa", type=kind)
