"""A meeting as a row in a list, wherever the list stands."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import EventIndexPage, Occurrence
from events.signup.words import badge_of, moment_text
from portal.core import page_cache
from portal.core.formats import long_date
from portal.core.visibility import asker
from portal.seats.api import Offering, SignUpState, Standing, standings


@dataclass(frozen=True, slots=True)
class Status:
    """A badge: few words, and which of the component's looks it has."""

    text: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One occurrence in a list; the fields are those of the component event_row."""

    title: str
    url: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    status: str
    status_kind: str


def seats_text(offering: Offering) -> str:
    """Return "40 pladser", or nothing where there is no limit."""
    if offering.capacity is None:
        return ""
    return ngettext("%(count)s seat", "%(count)s seats", offering.capacity) % {"count": offering.capacity}


def seats_of(occurrences: Iterable[Occurrence], now: dt.datetime) -> dict[int, Standing]:
    """Return how the seats stand, by the offering's key, where one signs up here and still can come: one query."""
    asked = [row.offering for row in occurrences if row.event.signup_here and _is_coming(row, now)]
    return standings(asked) if asked else {}


def _is_coming(occurrence: Occurrence, now: dt.datetime) -> bool:
    return not occurrence.cancelled and occurrence.starts_at > now


def status_of(occurrence: Occurrence, now: dt.datetime, standing: Standing | None = None) -> Status:
    """Return the most important thing to know before one reads on; `standing` is there where one signs up here."""
    if occurrence.cancelled:
        return Status(_("Called off"), "off")
    if occurrence.ends_at <= now:
        return Status(_("Over"), "off")
    if occurrence.starts_at <= now:
        return Status(_("Going on now"), "strong")
    if occurrence.offering.state_at(now) is SignUpState.CLOSED:
        return Status(_("The sign-up deadline has passed"), "off")
    text, kind = badge_of(occurrence.offering, standing) if standing else ("", "")
    parts = [text or seats_text(occurrence.offering)]
    if occurrence.offering.deadline is not None:
        parts.append(_("Deadline %(date)s") % {"date": long_date(occurrence.offering.deadline)})
    return Status(" · ".join(part for part in parts if part), kind)


def note_changes(occurrences: Iterable[Occurrence], request: HttpRequest, now: dt.datetime) -> None:
    """Tell the page cache when what the page says about these occurrences will be untrue."""
    for occurrence in occurrences:
        offering = occurrence.offering
        for moment in (occurrence.starts_at, occurrence.ends_at, offering.opens_at, offering.deadline):
            if moment is not None and moment > now:
                page_cache.expires_at(request, moment)


def rows(occurrences: Iterable[Occurrence], request: HttpRequest, now: dt.datetime) -> tuple[EventRow, ...]:
    """Return the rows in the order given."""
    found: list[EventRow] = []
    shown = list(occurrences)
    note_changes(shown, request, now)
    seats = seats_of(shown, now)
    for occurrence in shown:
        event = occurrence.event
        status = status_of(occurrence, now, seats.get(occurrence.offering_id))
        found.append(
            EventRow(
                title=f"{event.get_kind_display()}: {event.title}",
                url=event.get_url(request) or "",
                starts_at=occurrence.starts_at,
                ends_at=occurrence.ends_at,
                place=occurrence.where,
                status=status.text,
                status_kind=status.kind,
            )
        )
    return tuple(found)


def list_url(request: HttpRequest) -> str:
    """Return the address of the list of meetings, or nothing where there is none."""
    page = EventIndexPage.objects.visible_to(asker(request)).order_by("path").first()
    return (page.get_url(request) or "") if page else ""


__all__ = [
    "EventRow",
    "Status",
    "list_url",
    "moment_text",
    "note_changes",
    "rows",
    "seats_of",
    "seats_text",
    "status_of",
]
