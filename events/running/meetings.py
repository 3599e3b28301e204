"""The list of meetings that somebody runs, with how many come to each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Occurrence
from events.permissions import runnable_by
from portal.core.formats import period
from portal.core.principal import Principal
from portal.seats.api import SignUp, Standing, standings


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One line of the list."""

    title: str
    url: str
    when: str
    where: str
    seats: str
    notes: tuple[str, ...]
    cancelled: bool


def meetings(principal: Principal, *, now: dt.datetime, past: bool) -> Any:
    """Return the meeting times that the asker runs and that people sign up for here; those to come first, or the past."""
    signed_up = SignUp.objects.filter(offering=OuterRef("offering"))
    rows = runnable_by(principal).filter(Q(event__signup_here=True) | Exists(signed_up)).defer("event__body")
    return rows.past(now).newest_first() if past else rows.not_over(now).in_order()


def meeting_rows(occurrences: Sequence[Occurrence]) -> list[MeetingRow]:
    """Return the lines, in one query for all seats."""
    known = standings([row.offering for row in occurrences])
    return [_row(row, known[row.offering_id]) for row in occurrences]


def _row(row: Occurrence, standing: Standing) -> MeetingRow:
    return MeetingRow(
        title=row.event.title,
        url=reverse("running:people", args=[row.uuid]),
        when=period(row.starts_at, row.ends_at),
        where=row.where,
        seats=seats_text(standing),
        notes=tuple(notes(standing)),
        cancelled=row.cancelled,
    )


def seats_text(standing: Standing) -> str:
    """Return "12 of 40", or "12" where there is no limit."""
    taken = standing.taken + standing.offered
    if standing.capacity is None:
        return str(taken)
    return _("%(taken)s of %(capacity)s") % {"taken": taken, "capacity": standing.capacity}


def notes(standing: Standing) -> list[str]:
    """Return what an organiser must see at once: too many, those who wait, and what waits for her."""
    found = []
    if standing.over:
        found.append(ngettext("%(count)s over", "%(count)s over", standing.over) % {"count": standing.over})
    if standing.waiting:
        found.append(_("%(count)s waiting") % {"count": standing.waiting})
    if standing.pending:
        text = ngettext("%(count)s awaits approval", "%(count)s await approval", standing.pending)
        found.append(text % {"count": standing.pending})
    if standing.unnamed:
        text = ngettext("%(count)s without a name", "%(count)s without names", standing.unnamed)
        found.append(text % {"count": standing.unnamed})
    return found
