"""How many mails somebody can cause: a sign-up writes to whatever address stands in it, and to everybody in it again at
each change. Counted by who acts, and for strangers by address: nobody's mailbox is to be filled by who types her address."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts.limits import allows
from portal.seats.api import SignUp, normal_email

ACTS, RECEIVERS, REFUSALS = "sign_up_by", "sign_up_to", "sign_up_refused"


def too_many_text(request: HttpRequest, strangers: Iterable[str] = (), *, sign_up: SignUp | None = None) -> str:
    """Count an act that sends mails, and return why it would be one too many, or nothing.

    `strangers` are addresses, as written, behind which nobody is known. Who was refused often has tried out enough of
    them; `sign_up` is the one whose link was opened.
    """
    own = normal_email(getattr(request.user, "email", None) or "")
    emails, who = {normal_email(email) for email in strangers if email} - {own}, _who(request, sign_up)
    tried_out = bool(emails) and not allows(request, REFUSALS, who, counted=False)
    if not tried_out and allows(request, ACTS, who) and all(allows(request, RECEIVERS, email) for email in emails):
        return ""
    return _("You have sent many sign-ups within a short time. Wait an hour, and try again.")


def count_refusal(request: HttpRequest, sign_up: SignUp | None = None) -> None:
    """Count that somebody was refused because of a stranger, which tells something of the stranger."""
    allows(request, REFUSALS, _who(request, sign_up))


def _who(request: HttpRequest, sign_up: SignUp | None) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"sign-up:{sign_up.pk}" if sign_up else ""
