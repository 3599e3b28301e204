"""What is said about the seats of a meeting: whether one may sign up, how many are left, and how the line is served."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Occurrence
from portal.core.formats import at_clock, long_date
from portal.seats.api import Offering, SeatPolicy, SignUpState, Standing

# A seat is soon too late from so many on, or from a tenth of all.
FEW, FEW_SHARE = 5, 10


def moment_text(value: dt.datetime) -> str:
    """Return "12. maj 2026 kl. 15.30"."""
    return f"{long_date(value)} {at_clock(value)}"


@dataclass(frozen=True, slots=True)
class Door:
    """Whether one may sign up at this moment; if not, why, and what one can do instead."""

    open: bool
    title: str = ""
    text: str = ""


def door_of(occurrence: Occurrence, now: dt.datetime) -> Door:
    """Return whether the sign-up is open."""
    offering = occurrence.offering
    if occurrence.cancelled:
        return Door(False, _("The meeting is cancelled"), occurrence.cancel_reason)
    if occurrence.ends_at <= now:
        return Door(False, _("The meeting is over"), _("One cannot sign up any more."))
    if occurrence.starts_at <= now:
        return Door(False, _("The meeting has begun"), _("One cannot sign up any more."))
    if offering.state_at(now) is SignUpState.NOT_YET and offering.opens_at:
        text = _("You can sign up from %(moment)s.") % {"moment": moment_text(offering.opens_at)}
        return Door(False, _("Sign-up has not opened yet"), text)
    if offering.state_at(now) is SignUpState.CLOSED or not offering.gives_at(now):
        return Door(False, _("The sign-up deadline has passed"), _deadline_text(offering))
    return Door(True)


def _deadline_text(offering: Offering) -> str:
    if offering.deadline is None:
        return _("One cannot sign up any more.")
    text = _("It was on %(moment)s. Write to the organiser if you want to come all the same.")
    return text % {"moment": moment_text(offering.deadline)}


@dataclass(frozen=True, slots=True)
class SeatsNow:
    """The seats in words: a badge, whether the next one waits, and the rules of the line, openly."""

    badge: str
    kind: str
    full: bool
    lines: tuple[str, ...]


def waits(offering: Offering, standing: Standing) -> bool:
    """Tell whether one person who signs up now comes onto the waiting list."""
    return standing.free == 0 or (standing.waiting > 0 and not offering.smaller_may_pass)


def is_few(standing: Standing) -> bool:
    """Tell whether the seats are soon gone."""
    free, capacity = standing.free, standing.capacity
    return free is not None and capacity is not None and 0 < free <= max(FEW, capacity // FEW_SHARE)


def badge_of(offering: Offering, standing: Standing) -> tuple[str, str]:
    """Return the badge's words and look; nothing where there is no limit."""
    if standing.free is None and not standing.waiting:
        return "", ""
    if waits(offering, standing):
        return _("Full – waiting list"), "warn"
    count = {"count": standing.free}
    if is_few(standing):
        return ngettext("Few seats: %(count)s left", "Few seats: %(count)s left", standing.free or 0) % count, "warn"
    return ngettext("%(count)s free seat", "%(count)s free seats", standing.free or 0) % count, ""


def seats_now(offering: Offering, standing: Standing) -> SeatsNow:
    """Return what the sign-up page and the meeting's box say about the seats."""
    badge, kind = badge_of(offering, standing)
    full = waits(offering, standing)
    lines = _line_lines(offering, standing) if full or standing.waiting else ()
    return SeatsNow(badge, kind, full, (*lines, *_policy_lines(offering)))


def _line_lines(offering: Offering, standing: Standing) -> tuple[str, ...]:
    return tuple(line for line in (_waiting_text(standing), turn_text(offering), passing_text(offering)) if line)


def _waiting_text(standing: Standing) -> str:
    if not standing.waiting:
        return _("Nobody is on the waiting list yet.")
    people = ngettext("%(count)s person", "%(count)s people", standing.waiting) % {"count": standing.waiting}
    if standing.waiting == standing.waiting_groups:
        return _("%(people)s on the waiting list.") % {"people": people}
    text = ngettext(
        "%(people)s on the waiting list, in %(count)s sign-up.",
        "%(people)s on the waiting list, in %(count)s sign-ups.",
        standing.waiting_groups,
    )
    return text % {"people": people, "count": standing.waiting_groups}


def turn_text(offering: Offering) -> str:
    """Say what happens when a seat becomes free, and until when."""
    if offering.offer_hours:
        text = ngettext(
            "When a seat becomes free, the next in line is offered it by mail and has %(count)s hour to answer.",
            "When a seat becomes free, the next in line is offered it by mail and has %(count)s hours to answer.",
            offering.offer_hours,
        ) % {"count": offering.offer_hours}
    else:
        text = _("When a seat becomes free, the next in line gets it and a mail about it.")
    if offering.gives_until is None:
        return text
    until = _("Seats are given until %(moment)s.") % {"moment": moment_text(offering.gives_until)}
    return f"{text} {until}"


def passing_text(offering: Offering) -> str:
    """Say whether smaller groups may pass a larger one: openly, to those who wait and to those who are about to."""
    if offering.smaller_may_pass:
        return _("If there are not seats enough for the next group, those behind it who fit get the seats.")
    return _(
        "Nobody is passed: a group waits until there are seats for all of it, unless it says that it may be split."
    )


def _policy_lines(offering: Offering) -> tuple[str, ...]:
    said = {
        SeatPolicy.ORGANISER: _("The organiser approves each sign-up before it counts."),
        SeatPolicy.MUNICIPALITY: _("Your municipality approves each sign-up before it counts."),
    }
    text = said.get(SeatPolicy(offering.policy))
    return (text,) if text else ()
