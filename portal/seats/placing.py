"""The one door to a seat: whoever signs up joins the line, and the line is served under the lock."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from portal.core import audit
from portal.core.failpoints import failpoint
from portal.seats.effects import Notice, tell
from portal.seats.enums import OfferState, PlaceState, Reason
from portal.seats.line import Waiter, free_seats, turns
from portal.seats.models import Offer, Offering, Participant, PlaceChange, SignUp
from portal.seats.people import Person


def put(
    places: Sequence[Participant],
    target: PlaceState,
    reason: Reason,
    *,
    actor: Any,
    now: datetime,
    offer: Offer | None = None,
    silent: bool = False,
) -> None:
    """Bring places of one sign-up into a state, with history, audit and effects; the offering is locked."""
    if not places:
        return
    key = note(places, target, reason, actor=actor, now=now)
    values = {"state": target, **({"offer": offer} if offer else {})}
    Participant.objects.filter(pk__in=[place.pk for place in places]).update(**values)
    for place in places:
        for name, value in values.items():
            setattr(place, name, value)
    if not silent:
        tell(Notice(reason, places[0].sign_up, tuple(places), key, offer=offer or places[0].offer))


def note(places: Sequence[Participant], target: PlaceState | None, reason: Reason, *, actor: Any, now: datetime) -> str:
    """Write history and audit for places that still stand where they were; return the key of this change."""
    changes = [
        PlaceChange(
            participant=place,
            source="" if reason is Reason.SIGNED_UP else place.state,
            target=target or place.state,
            reason=reason,
            at=now,
            actor=actor,
        )
        for place in places
    ]
    PlaceChange.objects.bulk_create(changes)
    sign_up = places[0].sign_up
    after = {"state": str(changes[0].target), "places": len(places), "offering": str(sign_up.offering.uuid)}
    audit.record(
        actor=actor, action=f"seats.{reason.value}", obj=sign_up, after=after, on_behalf_of=sign_up.on_behalf_of
    )
    return f"seats:{sign_up.uuid}:{changes[0].pk}"


def tell_waiting(sign_up: SignUp) -> None:
    """Say to a new sign-up which of its places have no seat yet."""
    left = sign_up.participants.filter(state__in=[PlaceState.WAITING, PlaceState.PENDING]).order_by("pk")
    if places := tuple(left):
        tell(Notice(Reason.SIGNED_UP, sign_up, places, f"seats:{sign_up.uuid}:line:{places[0].state}"))


def tell_person(place: Participant, reason: Reason, key: str, former: Person | None = None) -> None:
    """Say that a place has a name, or another one."""
    tell(Notice(reason, place.sign_up, (place,), key, former=former))


def settle(offering: Offering, *, actor: Any, now: datetime, fresh: int | None = None) -> None:
    """Give the free seats to those whose turn it is. Offers that have run out give theirs back first.

    `fresh` is a sign-up that asks at this moment: it gets its seats at once, without an offer.
    """
    failpoint("seats.released")
    for offer in Offer.objects.overdue(now).filter(sign_up__offering=offering).order_by("pk"):
        lapse(offer, OfferState.EXPIRED, Reason.EXPIRED, actor=None, now=now)
    if not offering.gives_at(now):
        return
    waiting = queue(offering)
    for sign_up, seats in turns_of(offering, waiting):
        _give(offering, waiting[sign_up][:seats], fresh=sign_up == fresh, actor=actor, now=now)


def queue(offering: Offering) -> dict[int, list[Participant]]:
    """Return those who wait, by sign-up, in the order of their turn."""
    rows = offering.participants.waiting().select_related("sign_up__municipality", "sign_up__unit", "sign_up__offering")
    return {key: list(places) for key, places in groupby(rows, key=lambda place: place.sign_up_id)}


def turns_of(offering: Offering, waiting: dict[int, list[Participant]]) -> Iterable[tuple[int, int]]:
    """Return whose turn it is, and for how many seats."""
    line = [Waiter(key, len(places), places[0].sign_up.may_split) for key, places in waiting.items()]
    free = free_seats(offering.capacity, offering.participants.holding().count())
    return list(turns(line, free=free, capacity=offering.capacity, smaller_may_pass=offering.smaller_may_pass))


def _give(offering: Offering, places: list[Participant], *, fresh: bool, actor: Any, now: datetime) -> None:
    if fresh:
        put(places, PlaceState.BOOKED, Reason.GIVEN, actor=actor, now=now)
    elif offering.offer_hours is None:
        put(places, PlaceState.BOOKED, Reason.PROMOTED, actor=actor, now=now)
    else:
        deadline = now + timedelta(hours=offering.offer_hours)
        until = offering.gives_until
        offer = Offer.objects.create(
            sign_up=places[0].sign_up, made_at=now, deadline=min(deadline, until) if until else deadline
        )
        put(places, PlaceState.OFFERED, Reason.OFFERED, actor=actor, now=now, offer=offer)


def close_offer(offer: Offer, state: OfferState, *, now: datetime) -> None:
    """Answer an offer."""
    offer.state, offer.answered_at = state, now
    offer.save(update_fields=["state", "answered_at"])


def lapse(offer: Offer, state: OfferState, reason: Reason, *, actor: Any, now: datetime) -> None:
    """End an offer that was not taken: its places leave the list, and the rest of the group that still waits with them.

    Otherwise the next seats would be offered to the same people at once, again and again.
    """
    close_offer(offer, state, now=now)
    gone = Participant.objects.filter(sign_up=offer.sign_up_id, state=PlaceState.WAITING) | offer.participants.filter(
        state=PlaceState.OFFERED
    )
    places = list(gone.select_related("sign_up__municipality", "sign_up__unit", "sign_up__offering").order_by("pk"))
    put(places, PlaceState.LAPSED, reason, actor=actor, now=now, offer=offer)


def close_empty_offers(sign_up: SignUp, *, now: datetime) -> None:
    """Close offers of which nobody is left to answer."""
    left = Participant.objects.filter(state=PlaceState.OFFERED, sign_up=sign_up).values("offer")
    for offer in sign_up.offers.open().exclude(pk__in=left).order_by("pk"):
        close_offer(offer, OfferState.WITHDRAWN, now=now)
