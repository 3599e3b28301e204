"""What would happen to a group of this size now, said before it is sent. The seats decide; this only tells."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Occurrence
from events.permissions import is_over
from events.selectors.rows import moment_text
from portal.organisations.api import Municipality
from portal.seats.api import Offering, SignUpState, Standing, approval_for


@dataclass(frozen=True, slots=True)
class Prospect:
    """A heading and sentences; `warns` where not everybody gets a seat at once."""

    title: str
    texts: tuple[str, ...]
    warns: bool = False


def closed_text(occurrence: Occurrence) -> str:
    """Return why nobody can sign up now, or nothing."""
    now, offering = timezone.now(), occurrence.offering
    if occurrence.cancelled or offering.called_off:
        return _("The meeting is called off.")
    if is_over(occurrence):
        return _("The meeting is over.")
    if offering.state_at(now) is SignUpState.NOT_YET and offering.opens_at is not None:
        return _("Sign-up opens %(moment)s.") % {"moment": moment_text(offering.opens_at)}
    if offering.state_at(now) is SignUpState.CLOSED or not offering.gives_at(now):
        return _("The sign-up deadline has passed.")
    return ""


def seats_now(offering: Offering, standing: Standing) -> str:
    """Return how it stands at this moment, in one sentence."""
    if standing.free is None:
        return _("There is no limit to the seats.")
    if standing.next_waits and not _passes(offering, standing):
        text = ngettext(
            "No seat is free for newcomers: %(count)s person waits already.",
            "No seat is free for newcomers: %(count)s people wait already.",
            standing.waiting,
        )
        return text % {"count": standing.waiting} if standing.waiting else _("All seats are taken. Nobody waits yet.")
    text = ngettext(
        "%(count)s of %(capacity)s seats is free.", "%(count)s of %(capacity)s seats are free.", standing.free
    )
    return text % {"count": standing.free, "capacity": offering.capacity}


def prospect(
    offering: Offering, standing: Standing, *, size: int, may_split: bool, municipality: Municipality
) -> Prospect:
    """Return what would come of a group of this size."""
    if approval_for(offering, municipality):
        return Prospect(
            _("The sign-up must be approved first"),
            (_("Your place in line counts from now, not from the approval."), *_in_line(offering, may_split, size)),
            warns=True,
        )
    first_in_line = not standing.waiting or _passes(offering, standing)
    if standing.free is None or (size <= standing.free and first_in_line):
        text = ngettext("%(count)s person gets a seat.", "All %(count)s get a seat.", size) % {"count": size}
        return Prospect(_("There is room for everybody"), (text,))
    if may_split and standing.free and first_in_line:
        text = _("%(now)s get a seat now, and %(later)s wait for one.")
        texts = (text % {"now": standing.free, "later": size - standing.free}, *_in_line(offering, may_split, size))
        return Prospect(_("There is not room for everybody"), texts, warns=True)
    return Prospect(_("The group joins the waiting list"), _waiting(offering, standing, size, may_split), warns=True)


def _passes(offering: Offering, standing: Standing) -> bool:
    """Tell whether the free seats go past those who wait, because none of them fits and the organiser lets others pass."""
    return offering.smaller_may_pass and bool(standing.free)


def _waiting(offering: Offering, standing: Standing, size: int, may_split: bool) -> tuple[str, ...]:
    before = ngettext(
        "%(count)s sign-up stands before yours.", "%(count)s sign-ups stand before yours.", standing.waiting_groups
    )
    first = (
        before % {"count": standing.waiting_groups} if standing.waiting_groups else _("You are the first on the list.")
    )
    return (first, *_in_line(offering, may_split, size))


def _in_line(offering: Offering, may_split: bool, size: int) -> tuple[str, ...]:
    """Return the rules of the line, as they are for this group."""
    texts = []
    if size > 1:
        texts.append(
            _("The group may be split: whoever there is a seat for gets it, and the others keep their place in line.")
            if may_split
            else _("The group is not split: it gets its seats when there are enough for all of you at once.")
        )
    if offering.smaller_may_pass:
        texts.append(_("At this meeting smaller groups may get seats before a larger one that does not fit."))
    elif size > 1 and not may_split:
        texts.append(_("Nobody passes you in line meanwhile."))
    if offering.offer_hours:
        text = ngettext(
            "When seats become free, you get an offer by e-mail and have %(count)s hour to answer.",
            "When seats become free, you get an offer by e-mail and have %(count)s hours to answer.",
            offering.offer_hours,
        )
        texts.append(text % {"count": offering.offer_hours})
    if offering.gives_until is not None:
        texts.append(_("Seats are given until %(moment)s.") % {"moment": moment_text(offering.gives_until)})
    return tuple(texts)
