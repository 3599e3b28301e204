"""Who came, as it is noted at the door: on several telephones, without a connection for a while, some of it twice.

Each note carries the moment at which it was made, and the latest one counts: sent again, or late, it changes nothing that
is newer. A walk-in is one row for each word that her telephone has made up for her.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import AttendanceState
from events.models import Attendance, Occurrence, Team
from portal.accounts.imports.cells import tidy
from portal.core import audit
from portal.organisations.api import Municipality
from portal.seats.api import Participant, PlaceState
from portal.seats.models.places import KEY_LENGTH, NAME_LENGTH

# More than any door sees; a telephone that has gone mad must not fill the table.
MOST_WALK_INS = 500


@dataclass(frozen=True, slots=True)
class Tick:
    """That somebody with a place came, or that it was a mistake to say so."""

    place: UUID
    came: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class WalkIn:
    """That somebody came without a place, or that it was a mistake to say so."""

    key: str
    name: str
    came: bool
    at: dt.datetime
    municipality: str = ""


def _state(came: bool) -> AttendanceState:
    return AttendanceState.ATTENDED if came else AttendanceState.UNKNOWN


@transaction.atomic
def attendance_note(
    *, actor: Any, occurrence: Occurrence, ticks: Sequence[Tick] = (), walk_ins: Sequence[WalkIn] = (), door: str = ""
) -> int:
    """Write what was noted, as far as it is newer than what is known; return how many notes that were.

    `door` names the link by which a helper without an account came in. The names stay out of the log of acts.
    """
    # Two telephones send the same person: the second finds what the first has written.
    Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)
    now = timezone.now()
    written = sum(_tick(actor, occurrence, tick, now) for tick in ticks)
    written += sum(_walk_in(actor, occurrence, walk_in, now) for walk_in in walk_ins)
    if written:
        after = {"notes": written, "came": came(occurrence), **({"door": door} if door else {})}
        audit.record(actor=actor, action="occurrence.attendance", obj=occurrence, after=after)
    return written


def _tick(actor: Any, occurrence: Occurrence, tick: Tick, now: dt.datetime) -> bool:
    places = Participant.objects.filter(offering=occurrence.offering_id, state=PlaceState.BOOKED)
    place = places.filter(uuid=tick.place).first()
    if place is None:
        return False
    known = Attendance.objects.filter(participant=place).first()
    return _write(known or Attendance(occurrence=occurrence, participant=place), actor, tick.came, min(tick.at, now))


def _walk_in(actor: Any, occurrence: Occurrence, walk_in: WalkIn, now: dt.datetime) -> bool:
    name = " ".join(tidy(walk_in.name).split())[:NAME_LENGTH]
    known = Attendance.objects.filter(occurrence=occurrence, key=walk_in.key).first()
    if known is None:
        mine = Attendance.objects.filter(occurrence=occurrence, participant__isnull=True)
        if not name or not 0 < len(walk_in.key) <= KEY_LENGTH or mine.count() >= MOST_WALK_INS:
            return False
        home = Municipality.objects.filter(code=walk_in.municipality).first() if walk_in.municipality else None
        known = Attendance(occurrence=occurrence, key=walk_in.key, name=name, municipality=home)
    return _write(known, actor, walk_in.came, min(walk_in.at, now))


def _write(row: Attendance, actor: Any, came: bool, at: dt.datetime) -> bool:
    """Write a note that is newer; the same said again moves its time on, or an older note could still undo it."""
    if row.pk is not None and at <= row.at:
        return False
    changed = row.pk is None or row.state != _state(came)
    row.state, row.at, row.recorded_by = _state(came), at, actor
    row.save()
    return changed


def came(occurrence: Occurrence) -> int:
    """Return how many came, with a place or without."""
    return Attendance.objects.filter(occurrence=occurrence, state=AttendanceState.ATTENDED).count()


@dataclass(frozen=True, slots=True)
class DoorPerson:
    """One line at the door: a person with a seat, or one who came without."""

    id: str
    name: str
    behalf: str
    table: str
    came: bool
    # When it was noted, for the telephone that noted something else meanwhile; empty if nothing was.
    at: str


@dataclass(frozen=True, slots=True)
class DoorList:
    """What the door sees, and no more: names and where people come from, no addresses and no answers."""

    people: tuple[DoorPerson, ...]
    walk_ins: tuple[DoorPerson, ...]

    @property
    def came(self) -> int:
        """Return how many came."""
        return sum(1 for person in (*self.people, *self.walk_ins) if person.came)

    @property
    def total(self) -> int:
        """Return how many were expected."""
        return len(self.people)


def door_list(occurrence: Occurrence) -> DoorList:
    """Return who is expected and who came, in a fixed number of queries."""
    rows = Participant.objects.filter(offering=occurrence.offering_id, state=PlaceState.BOOKED).select_related(
        "sign_up__municipality", "sign_up__unit", "attendance", "team_seat__team"
    )
    people = sorted((_person(row) for row in rows.order_by("pk")), key=lambda person: (not person.name, person.name))
    walk_ins = Attendance.objects.filter(occurrence=occurrence, participant__isnull=True)
    came_too = tuple(_came_too(row) for row in walk_ins.select_related("municipality").order_by("at", "id"))
    return DoorList(tuple(people), came_too)


def _person(row: Participant) -> DoorPerson:
    known, seat, sign_up = getattr(row, "attendance", None), getattr(row, "team_seat", None), row.sign_up
    behalf = ", ".join(place.name for place in (sign_up.municipality, sign_up.unit) if place is not None)
    return DoorPerson(
        id=str(row.uuid),
        name=row.name,
        behalf=behalf or (sign_up.contact_name if not row.name else ""),
        table=_sits(seat.team) if seat else "",
        came=known is not None and known.state == AttendanceState.ATTENDED,
        at=known.at.isoformat() if known else "",
    )


def _sits(team: Team) -> str:
    return _("Table %(table)s") % {"table": team.table} if team.table else team.name


def _came_too(row: Attendance) -> DoorPerson:
    home = row.municipality.name if row.municipality else ""
    return DoorPerson(
        row.key or "", row.name, home, "", came=row.state == AttendanceState.ATTENDED, at=row.at.isoformat()
    )


@dataclass(frozen=True, slots=True)
class AttendedMeeting:
    """A meeting at which somebody was, for her plan or her certificate."""

    occurrence: UUID
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    noted_at: dt.datetime


def attended_by(user: Any) -> list[AttendedMeeting]:
    """Return the meetings at which a person was noted as present, the latest first."""
    rows = Attendance.objects.filter(participant__user=user, state=AttendanceState.ATTENDED)
    rows = rows.select_related("occurrence__event").order_by("-occurrence__starts_at", "-pk")
    return [
        AttendedMeeting(
            occurrence=row.occurrence.uuid,
            title=row.occurrence.event.title,
            starts_at=row.occurrence.starts_at,
            ends_at=row.occurrence.ends_at,
            noted_at=row.at,
        )
        for row in rows
    ]


def attendance_counts(occurrence: Occurrence) -> dict[str, int]:
    """Return how many came with a place and without, and how many of those with a seat were not noted."""
    seen = Attendance.objects.filter(occurrence=occurrence, state=AttendanceState.ATTENDED)
    counts = seen.aggregate(
        with_place=Count("pk", filter=Q(participant__isnull=False)), walk_ins=Count("pk", filter=Q(participant=None))
    )
    booked = Participant.objects.filter(offering=occurrence.offering_id, state=PlaceState.BOOKED).count()
    return {**counts, "booked": booked}
