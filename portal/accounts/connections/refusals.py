"""Why somebody is not let in, said so that she knows what to do and learns nothing of the inside."""

import logging
from dataclasses import dataclass
from enum import StrEnum

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.base import ProviderException
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.connections.configuration import Connection
from portal.core import audit
from portal.organisations.api import Municipality

logger = logging.getLogger(__name__)


class Reason(StrEnum):
    """The kinds of refusal."""

    CANCELLED = "cancelled"
    STALE = "stale"
    UNREACHABLE = "unreachable"
    NOT_TRUSTED = "not-trusted"
    WRONG_ORGANISATION = "wrong-organisation"
    TOO_WEAK = "too-weak"
    INCOMPLETE = "incomplete"
    CLOSED = "closed"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Words:
    """A heading, and what to do."""

    title: str | Promise
    text: str | Promise


WORDS: dict[Reason, Words] = {
    Reason.CANCELLED: Words(
        _("You cancelled the login"), _("Nothing has changed. You can try again, or log in another way.")
    ),
    Reason.STALE: Words(
        _("Start the login again"),
        _("The login took too long, was begun in another window, or has been used already. Start it again from here."),
    ),
    Reason.UNREACHABLE: Words(
        _("Your municipality's login does not answer"),
        _("It is not your fault. Try again in a while, or log in another way."),
    ),
    Reason.NOT_TRUSTED: Words(
        _("We could not accept the login"),
        _(
            "The answer from your municipality's login did not pass our checks, so you are not logged in. Try again. "
            "If it happens again, tell your municipality's IT support."
        ),
    ),
    Reason.WRONG_ORGANISATION: Words(
        _("The login belongs to another organisation"),
        _(
            "You logged in with an account that does not belong to a municipality that uses this login. Log out of "
            "that account, and try again with the one you use at work."
        ),
    ),
    Reason.TOO_WEAK: Words(
        _("The login is not secure enough"),
        _("Log in with the level Betydelig or higher, for example with MitID Erhverv, and try again."),
    ),
    Reason.INCOMPLETE: Words(
        _("We were not told who you are"),
        _("Your municipality's login left out something that we need. Tell your municipality's IT support."),
    ),
    Reason.TAKEN: Words(
        _("The login belongs to another account"),
        _("Somebody has connected it to an account already. If that was you, log out here and log in with it."),
    ),
    Reason.CLOSED: Words(
        _("Your account is closed"),
        _("You cannot log in with it any more. Ask your municipality's coordinator if you think that this is wrong."),
    ),
}


class LoginRefusedError(ProviderException):
    """A login is refused. `detail` is for the log and the audit trail only."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.detail = detail


def refusal_page(request: HttpRequest, error: LoginRefusedError) -> HttpResponse:
    """Return the page that says why, and what to do now."""
    return render(
        request, "accounts/connections/refused.html", {"words": WORDS[error.reason], "reason": error.reason}, status=403
    )


def refuse(request: HttpRequest, connection: Connection | None, error: LoginRefusedError) -> HttpResponse:
    """Note the refusal and return its page."""
    key = connection.key if connection is not None else "?"
    logger.warning("Login through %s refused: %s. %s", key, error.reason, error.detail)
    return refusal_page(request, error)


def refuse_on_record(
    request: HttpRequest, connection: Connection | None, error: LoginRefusedError
) -> ImmediateHttpResponse:
    """Return the refusal of an answer that really came from the provider; such ones stand in the audit trail.

    Anything else may be sent by anybody, and would let strangers fill the trail.
    """
    codes = connection.municipalities if connection is not None else ()
    if municipality := Municipality.objects.filter(code__in=codes).order_by("pk").first():
        told = {"connection": connection.key if connection is not None else "", "reason": error.reason.value}
        audit.record(actor=None, action="login.refused", obj=municipality, after=told)
    return ImmediateHttpResponse(refuse(request, connection, error))
