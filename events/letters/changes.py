"""A meeting is changed, called off, or held after all: everybody who means to come is told what was and what is now."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone, translation

from events.enums import LetterKind
from events.letters.changes_told import changes_between
from events.letters.person import Cause
from events.letters.writing import contact_address, tell_contact, tell_everybody, tell_person
from events.models import Occurrence
from portal.seats.api import ACTIVE, Offer, Participant, PlaceState, SignUp

if TYPE_CHECKING:
    from events.services import OccurrenceSpec


def tell_changed(occurrence: Occurrence, before: "OccurrenceSpec", after: "OccurrenceSpec") -> None:
    """Write to those who mean to come, once for each `sequence` of the meeting; call it in the change's transaction."""
    if max(before.ends_at, after.ends_at) <= timezone.now():
        return
    key = f"event:{occurrence.uuid}:changed:{occurrence.sequence}"
    for sign_up, places in _sign_ups(occurrence):
        with translation.override(sign_up.language):
            _tell_one_changed(occurrence, sign_up, places, before, after, key)


def _tell_one_changed(
    occurrence: Occurrence,
    sign_up: SignUp,
    places: list[Participant],
    before: "OccurrenceSpec",
    after: "OccurrenceSpec",
    key: str,
) -> None:
    told = Cause(kind=LetterKind.CHANGED, changes=changes_between(before, after, has_seat=False))
    told_inside = replace(told, changes=changes_between(before, after, has_seat=True))
    contact = contact_address(sign_up, places)
    for place in places:
        cause = told_inside if place.state == PlaceState.BOOKED else told
        if place.email and cause.changes:
            tell_person(cause, occurrence, place, key=key, is_contact=place.email == contact)
    if contact and told.changes and contact not in {place.email for place in places}:
        tell_contact(told, occurrence, sign_up, places, key=key)


def tell_called_off(occurrence: Occurrence) -> None:
    """Write that the meeting is not held; whoever has it in her calendar gets it taken out."""
    _tell_all(occurrence, LetterKind.CALLED_OFF, "off")


def tell_back_on(occurrence: Occurrence) -> None:
    """Write that the meeting is held after all."""
    _tell_all(occurrence, LetterKind.BACK_ON, "on")


def open_deadlines(occurrence: Occurrence) -> dict[int, dt.datetime]:
    """Return until when each open offer may be answered, to be compared after the seats have been changed."""
    return dict(Offer.objects.open().filter(sign_up__offering=occurrence.offering_id).values_list("pk", "deadline"))


def tell_deadlines(occurrence: Occurrence, before: Mapping[int, dt.datetime], *, back_on: bool) -> None:
    """Write the offers that were open before once more, if the change has moved their deadline.

    Of a meeting that is held after all it writes them all: the cancellation has taken back what had not left.
    """
    if occurrence.cancelled:
        return
    for offer in Offer.objects.open().filter(pk__in=before).select_related("sign_up").order_by("pk"):
        places = list(offer.participants.select_related("sign_up", "offering", "offer").order_by("pk"))
        places = [place for place in places if place.state == PlaceState.OFFERED]
        if places and (back_on or offer.deadline != before[offer.pk]):
            cause = Cause(kind=LetterKind.OFFER, answer_by=offer.deadline)
            key = f"offer:{offer.uuid}:{occurrence.sequence}:{offer.deadline:%Y%m%d%H%M%S}"
            tell_everybody(cause, occurrence, offer.sign_up, places, key=key)


def _tell_all(occurrence: Occurrence, kind: LetterKind, word: str) -> None:
    if occurrence.ends_at <= timezone.now():
        return
    key = f"event:{occurrence.uuid}:{word}:{occurrence.sequence}"
    for sign_up, places in _sign_ups(occurrence):
        tell_everybody(Cause(kind=kind), occurrence, sign_up, places, key=key)


def _sign_ups(occurrence: Occurrence) -> list[tuple[SignUp, list[Participant]]]:
    """Return those who mean to come, by sign-up, in the order of the line."""
    rows = Participant.objects.filter(offering=occurrence.offering_id, state__in=ACTIVE)
    found: dict[int, tuple[SignUp, list[Participant]]] = {}
    for place in rows.select_related("sign_up", "offering", "offer").order_by("sign_up__placed_at", "sign_up", "pk"):
        found.setdefault(place.sign_up_id, (place.sign_up, []))[1].append(place)
    return list(found.values())
