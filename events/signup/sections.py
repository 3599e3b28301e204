"""A person's own meetings on her page: those to come, and those that she was at."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import AttendanceState
from events.models import Occurrence
from events.selectors.rows import list_url
from portal.core.sections import Section, register
from portal.seats.api import ACTIVE, Participant, PlaceState

# Enough to find last season's material again; the page is about what comes.
MOST_PAST = 10
_LOOK = {PlaceState.BOOKED: "strong", PlaceState.OFFERED: "warn"}


@dataclass(frozen=True, slots=True)
class MyMeeting:
    """A place as a row; the fields are those of the component event_row."""

    title: str
    url: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    status: str
    status_kind: str


def my_meetings(request: HttpRequest, user: Any) -> Section:
    """Return the reader's meetings, the nearest first; an empty section says where to find some."""
    now = timezone.now()
    rows = Participant.objects.filter(user=user.pk, state__in=ACTIVE, offering__occurrence__isnull=False)
    rows = rows.select_related("offering__occurrence__event", "offering__occurrence__municipality")
    rows = rows.select_related("offering__occurrence__region", "attendance")
    order = "offering__occurrence__starts_at"
    coming = rows.filter(offering__occurrence__ends_at__gt=now).order_by(order, "pk")
    past = rows.filter(offering__occurrence__ends_at__lte=now, state=PlaceState.BOOKED).order_by(f"-{order}", "-pk")
    context = {
        "coming": [_row(place, place.offering.occurrence) for place in coming],
        "past": [_row(place, place.offering.occurrence, over=True) for place in past[:MOST_PAST]],
        "list_url": list_url(request),
    }
    return Section(_("Your meetings"), "moeder", "events/signup/sections/my_meetings.html", context)


def _row(place: Participant, occurrence: Occurrence, *, over: bool = False) -> MyMeeting:
    state = PlaceState(place.state)
    status = _attended(place) if over else _("Called off") if occurrence.cancelled else str(state.label)
    return MyMeeting(
        title=occurrence.event.title,
        url=reverse("signup:place", args=[place.uuid]),
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        place=occurrence.where,
        status=status,
        status_kind="off" if occurrence.cancelled else _LOOK.get(state, ""),
    )


def _attended(place: Participant) -> str:
    noted = getattr(place, "attendance", None)
    return str(noted.get_state_display()) if noted and noted.state == AttendanceState.ATTENDED else ""


def register_sections() -> None:
    """Put it first on her page, after her roles."""
    register("desk.my_page", "events.mine", my_meetings, order=15, cacheable=False)
