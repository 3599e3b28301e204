"""Reminders, by the clock: to those who have a seat, and to contacts whose names are missing.

The job may run as often as it likes, twice at once, or not for days: what has been sent is known by its key, and each
place is looked at again under the lock of the seats.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from events.enums import LetterKind
from events.letters.person import Cause
from events.letters.post import known, take_back
from events.letters.writing import tell_contact, tell_person
from events.models import Letter, Occurrence
from portal.core import periodic
from portal.core.local_time import local_day, moment
from portal.core.models.outbox import OutboxMessage, OutboxState
from portal.seats.api import ACTIVE, Offering, Participant, PlaceState, SignUp

AT = dt.time(9)
NAMES_BEFORE = dt.timedelta(days=3)
_LONGEST = dt.timedelta(days=62)
# Whoever has read of the meeting since the moment of the reminder needs none.
_SAYS_AS_MUCH = (LetterKind.CONFIRMED, LetterKind.PROMOTED, LetterKind.CHANGED, LetterKind.BACK_ON)


def register() -> None:
    """Let the worker send them."""
    periodic.register("letters.remind", dt.timedelta(minutes=10), remind)


def remind() -> None:
    """Send what is due now."""
    now = timezone.now()
    _take_back_late(now)
    for occurrence in _due(now):
        for pk in _who(occurrence):
            _remind_one(occurrence, pk, now)
    for sign_up in _nameless(now):
        _ask_for_names(sign_up, now)


def reminder_at(occurrence: Occurrence) -> dt.datetime | None:
    """Return when those who come are reminded: nine o'clock here, so many days before; None for never."""
    if occurrence.remind_days is None:
        return None
    return moment(local_day(occurrence.starts_at) - dt.timedelta(days=occurrence.remind_days), AT)


def _due(now: dt.datetime) -> Iterator[Occurrence]:
    coming = Occurrence.objects.filter(
        cancelled=False, remind_days__isnull=False, starts_at__gt=now, starts_at__lt=now + _LONGEST
    )
    for occurrence in coming.select_related("event__contact", "municipality", "region", "offering").order_by("pk"):
        at = reminder_at(occurrence)
        if at is not None and at <= now:
            yield occurrence


def _who(occurrence: Occurrence) -> list[int]:
    """Return those to remind; what happened since the moment of the reminder has told them of the meeting already."""
    at = reminder_at(occurrence)
    booked = Participant.objects.filter(offering=occurrence.offering_id, state=PlaceState.BOOKED, email__isnull=False)
    fresh = booked.filter(changes__at__gte=at) | booked.filter(sign_up__placed_at__gte=at)
    told = Letter.objects.filter(occurrence=occurrence, participant__isnull=False)
    reminded = told.filter(kind=LetterKind.REMINDER, key__startswith=f"remind:{_day(occurrence)}:")
    informed = told.filter(kind__in=_SAYS_AS_MUCH, created_at__gte=at)
    rows = booked.exclude(pk__in=fresh.values("pk")).exclude(pk__in=reminded.values("participant"))
    return list(rows.exclude(pk__in=informed.values("participant")).order_by("pk").values_list("pk", flat=True))


def _day(occurrence: Occurrence) -> str:
    return local_day(occurrence.starts_at).isoformat()


@transaction.atomic
def _remind_one(occurrence: Occurrence, pk: int, now: dt.datetime) -> None:
    """Write one reminder, if it is still true under the lock that cancelling takes."""
    Offering.objects.select_for_update().get(pk=occurrence.offering_id)
    rows = Occurrence.objects.select_related("event__contact", "municipality", "region", "offering")
    meeting = rows.filter(pk=occurrence.pk, starts_at=occurrence.starts_at, cancelled=False).first()
    place = Participant.objects.filter(pk=pk, state=PlaceState.BOOKED).select_related("sign_up", "offering").first()
    if meeting is None or place is None or not place.email:
        return
    with translation.override(place.sign_up.language):
        tell_person(Cause(kind=LetterKind.REMINDER), meeting, place, key=f"remind:{_day(meeting)}")


def _take_back_late(now: dt.datetime) -> None:
    """Take back reminders that the mail server would not take before the meeting began, or that is not held."""
    waiting = OutboxMessage.objects.filter(topic="mail", key__startswith="remind:", state=OutboxState.WAITING)
    late = Letter.objects.filter(kind=LetterKind.REMINDER, key__in=waiting.values("key"))
    late = late.filter(occurrence__starts_at__lte=now) | late.filter(occurrence__cancelled=True)
    with transaction.atomic():
        take_back(late.order_by("pk"))


def _nameless(now: dt.datetime) -> list[SignUp]:
    rows = SignUp.objects.filter(names_by__gt=now, names_by__lte=now + NAMES_BEFORE).exclude(contact_email="")
    slots = Participant.objects.filter(state__in=ACTIVE).unnamed()
    rows = rows.filter(pk__in=slots.values("sign_up"), offering__called_off=False, offering__occurrence__isnull=False)
    return list(rows.filter(placed_at__lt=F("names_by") - NAMES_BEFORE).order_by("pk"))


@transaction.atomic
def _ask_for_names(sign_up: SignUp, now: dt.datetime) -> None:
    Offering.objects.select_for_update().get(pk=sign_up.offering_id)
    occurrence = Occurrence.objects.select_related("event__contact", "municipality", "region", "offering").get(
        offering=sign_up.offering_id
    )
    slots = Participant.objects.filter(sign_up=sign_up, state__in=ACTIVE).unnamed()
    places = list(slots.select_related("sign_up", "offering").order_by("pk"))
    if not places or sign_up.names_by is None:
        return
    key = f"names:{sign_up.uuid}:{sign_up.names_by:%Y%m%d%H%M}"
    if known(f"{key}:contact"):
        return
    with translation.override(sign_up.language):
        tell_contact(Cause(kind=LetterKind.NAMES), occurrence, sign_up, places, key=key)
