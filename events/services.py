"""Changes of the meetings' times. Every change is audited and reaches the search index in the same transaction."""

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.letters.api import open_deadlines, tell_back_on, tell_called_off, tell_changed, tell_deadlines
from events.models import EventPage, Occurrence
from portal.core import audit
from portal.core.errors import RefusedError
from portal.organisations.api import Municipality, Region, RegionMembership
from portal.seats.api import Offering, OfferingSpec, SignUp, offering_save, spec_of
from search.api import reindex_object

# What a person with the meeting in a calendar must be told about (RFC 5545: the organiser raises SEQUENCE).
SIGNIFICANT = (
    *("starts_at", "ends_at", "place", "address", "online", "link", "participants_link"),
    *("municipality", "region", "cancelled"),
)


class SignedUpError(RefusedError):
    """People are signed up: they must be told, so the meeting is cancelled and not deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceSpec:
    """What may be said about a meeting's time; `starts_at` and `ends_at` are aware."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str = ""
    address: str = ""
    access_notes: str = ""
    online: bool = False
    link: str = ""
    participants_link: str = ""
    remind_days: int | None = 2
    asks_list: bool = False
    asks_pulse: bool = True
    keep_days: int = 180
    municipality: Municipality | None = None
    region: Region | None = None
    cancelled: bool = False
    cancel_reason: str = ""
    seats: OfferingSpec = field(default_factory=OfferingSpec)


_BEFORE_THE_START = {
    "deadline": _("The sign-up deadline must come before the meeting begins."),
    "opens_at": _("Sign-up must open before the meeting begins."),
    "seats_until": _("The waiting list cannot get seats when the meeting has begun."),
    "names_by": _("The names must be there before the meeting begins."),
}
_OWN = tuple(f.name for f in fields(OccurrenceSpec) if f.name != "seats")


def occurrence_spec(occurrence: Occurrence) -> OccurrenceSpec:
    """Return what the row and its seats say now."""
    values = {name: getattr(occurrence, name) for name in _OWN}
    seats = spec_of(occurrence.offering)
    if seats.seats_until == occurrence.starts_at and seats.deadline is None:
        seats = replace(seats, seats_until=None)
    return OccurrenceSpec(**values, seats=replace(seats, called_off=False))


def _seats_of(spec: OccurrenceSpec) -> OfferingSpec:
    """Return the seats as they are stored: of a meeting that has begun or is cancelled none is given any more."""
    until = spec.seats.seats_until or (None if spec.seats.deadline else spec.starts_at)
    return replace(spec.seats, seats_until=until, called_off=spec.cancelled)


def _json(spec: OccurrenceSpec) -> dict[str, Any]:
    values = {name: getattr(spec, name) for name in _OWN}
    for name in ("starts_at", "ends_at"):
        values[name] = values[name].isoformat()
    for name in ("municipality", "region"):
        values[name] = str(values[name]) if values[name] else None
    return values


def check(spec: OccurrenceSpec) -> None:
    """Refuse what would happen at the door or later, and a region that does not exist on the meeting's day.

    Raises:
        ValidationError: with the field that is wrong.
    """
    if timezone.is_naive(spec.starts_at) or timezone.is_naive(spec.ends_at):
        raise ValidationError({"starts_at": "A time needs its zone."}, code="naive")
    for name, text in _BEFORE_THE_START.items():
        value = getattr(spec.seats, name)
        if value is not None and value > spec.starts_at:
            raise ValidationError({name: text})
    day = timezone.localtime(spec.starts_at, timezone.get_default_timezone()).date()
    if spec.region and not RegionMembership.objects.filter(RegionMembership.on(day), region=spec.region).exists():
        message = _("%(region)s does not exist on the day of the meeting. Choose the region of that day.")
        raise ValidationError({"region": message % {"region": spec.region}})


@transaction.atomic
def occurrence_save(
    *,
    actor: Any,
    spec: OccurrenceSpec,
    event: EventPage | None = None,
    occurrence: Occurrence | None = None,
    uuid: UUID | None = None,
) -> Occurrence:
    """Create a time for a meeting, or change one; a change that matters to calendars raises `sequence` by one.

    `uuid` is for outside sources that find their row again by it.

    Raises:
        ValidationError: a rule of the row or of its seats is broken.
    """
    check(spec)
    if occurrence is None or occurrence.pk is None:
        if event is None:
            raise ValueError("A new occurrence needs its event.")
        return _create(actor, event, spec, uuid)
    # The row that sign-up locks: whoever signs up meanwhile is told below, or has read what is so now.
    Offering.objects.select_for_update().get(pk=occurrence.offering_id)
    stored = Occurrence.objects.select_for_update().get(pk=occurrence.pk)
    before = occurrence_spec(stored)
    former = stored.event
    if before == replace(spec, seats=replace(spec.seats, called_off=False)) and event in (None, former):
        return stored
    stored.event = event or former
    significant = any(getattr(before, name) != getattr(spec, name) for name in SIGNIFICANT)
    stored.sequence += 1 if significant else 0
    _apply(stored, spec)
    deadlines = open_deadlines(stored)
    if significant:
        _tell(stored, before, spec)
    # Last: who gets a seat by this change reads the new time, and nothing of a change.
    stored.offering = offering_save(actor=actor, spec=_seats_of(spec), offering=stored.offering)
    tell_deadlines(stored, deadlines, back_on=before.cancelled)
    audit.record(actor=actor, action="occurrence.changed", obj=stored, before=_json(before), after=_json(spec))
    for page in {former, stored.event}:
        reindex_object(page)
    return stored


def _tell(occurrence: Occurrence, before: OccurrenceSpec, after: OccurrenceSpec) -> None:
    """Let those who mean to come know, in the same transaction."""
    if after.cancelled and not before.cancelled:
        tell_called_off(occurrence)
    elif before.cancelled and not after.cancelled:
        tell_back_on(occurrence)
    elif not after.cancelled:
        tell_changed(occurrence, before, after)


def _create(actor: Any, event: EventPage, spec: OccurrenceSpec, uuid: UUID | None) -> Occurrence:
    offering = offering_save(actor=actor, spec=_seats_of(spec))
    occurrence = Occurrence(event=event, offering=offering, uuid=uuid or uuid4())
    _apply(occurrence, spec)
    audit.record(actor=actor, action="occurrence.created", obj=occurrence, after=_json(spec))
    reindex_object(event)
    return occurrence


def _apply(occurrence: Occurrence, spec: OccurrenceSpec) -> None:
    for name in _OWN:
        setattr(occurrence, name, getattr(spec, name))
    if occurrence.forgotten_at and occurrence.ends_at > occurrence.forgotten_at:
        # Held once more: those who come now have names, which are to be taken off in their turn.
        occurrence.forgotten_at = None
    occurrence.full_clean()
    occurrence.save()


def occurrence_cancel(*, actor: Any, occurrence: Occurrence, reason: str) -> Occurrence:
    """Call a meeting off, with a reason for those who meant to come; cancelling again keeps the first reason.

    Raises:
        ValidationError: no reason was given.
    """
    # As it stands now, and not as the caller read it: its seats may have been changed since.
    occurrence = Occurrence.objects.select_related("offering").get(pk=occurrence.pk)
    if occurrence.cancelled:
        return occurrence
    if not reason.strip():
        raise ValidationError({"cancel_reason": _("Write why the meeting is cancelled, in one sentence.")})
    spec = replace(occurrence_spec(occurrence), cancelled=True, cancel_reason=reason.strip())
    return occurrence_save(actor=actor, occurrence=occurrence, spec=spec)


@transaction.atomic
def occurrence_delete(*, actor: Any, occurrence: Occurrence) -> None:
    """Remove a time that was made by mistake, with its seats. What people know about is cancelled instead.

    Raises:
        SignedUpError: somebody is signed up, or was.
    """
    event = occurrence.event
    # The row that sign-up locks: nobody comes in between the look and the act.
    offering = Offering.objects.select_for_update().get(pk=occurrence.offering_id)
    if SignUp.objects.filter(offering=offering).exists():
        raise SignedUpError(_("People have signed up for this time. Cancel it instead, so that they are told."))
    audit.record(actor=actor, action="occurrence.deleted", obj=occurrence, before=_json(occurrence_spec(occurrence)))
    occurrence.delete()
    offering.delete()
    reindex_object(event)
