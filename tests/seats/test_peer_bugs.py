"""Faults that users of other systems have reported, tried at a meeting as its organiser and its people act on it."""

from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from events.models import Occurrence
from events.services import occurrence_cancel, occurrence_save, occurrence_spec
from portal.seats.api import (
    FullError,
    NotOpenError,
    OfferGoneError,
    OfferingSpec,
    breaches,
    offer_accept,
    offer_decline,
    offers_expire,
    places_cancel,
    places_move,
    standing,
)
from tests.factories.events import local, occurrence
from tests.seats.lines import HOUR, group, held, one, states

pytestmark = pytest.mark.django_db
START = local(2027, 5, 12, 15, 30)
BEFORE, DEADLINE = local(2027, 5, 1, 12), local(2027, 5, 7, 23, 59)


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(BEFORE, tick=False)


def meeting(capacity: int, **seats: Any) -> Occurrence:
    return occurrence(START, seats=OfferingSpec(capacity=capacity, **seats))


def fresh(time: Occurrence) -> Occurrence:
    return Occurrence.objects.select_related("offering").get(pk=time.pk)


def change(time: Occurrence, **seats: Any) -> Occurrence:
    spec = occurrence_spec(fresh(time))
    return occurrence_save(actor=None, occurrence=time, spec=replace(spec, seats=replace(spec.seats, **seats)))


def nothing_is_wrong() -> bool:
    return list(breaches(timezone.now())) == []


def test_nobody_is_promoted_after_the_deadline_unless_the_organiser_said_so() -> None:
    strict, generous = meeting(1, deadline=DEADLINE), meeting(1, deadline=DEADLINE, seats_until=START - 2 * HOUR)
    has, waits = one(strict.offering), one(strict.offering)
    has_too, waits_too = one(generous.offering), one(generous.offering)
    with time_machine.travel(DEADLINE, tick=False):
        places_cancel(actor=None, sign_up=has)
        places_cancel(actor=None, sign_up=has_too)
        change(strict, capacity=5)
        assert (states(waits), states(waits_too)) == (["waiting"], ["booked"])
        assert nothing_is_wrong()


def test_without_a_deadline_nobody_is_promoted_to_a_meeting_that_has_begun() -> None:
    time = meeting(1)
    has, waits = one(time.offering), one(time.offering)
    with time_machine.travel(START, tick=False):
        places_cancel(actor=None, sign_up=has)
        assert states(waits) == ["waiting"]
        with pytest.raises(NotOpenError):
            one(time.offering)
        assert nothing_is_wrong()


def test_an_offer_is_not_taken_after_its_deadline_nor_after_the_meeting_was_called_off() -> None:
    time = meeting(1, offer_hours=24)
    has, first, second = one(time.offering), one(time.offering), one(time.offering)
    places_cancel(actor=None, sign_up=has)
    offer = first.offers.get()
    with time_machine.travel(BEFORE + 24 * HOUR, tick=False):
        with pytest.raises(OfferGoneError):
            offer_accept(actor=None, offer=offer)
        offers_expire()
        assert (states(first), states(second)) == (["lapsed"], ["offered"])
        occurrence_cancel(actor=None, occurrence=time, reason="Oplægsholderen er syg.")
        with pytest.raises(OfferGoneError):
            offer_accept(actor=None, offer=second.offers.get())


def test_a_cancelled_place_is_never_offered_to_whoever_gave_it_up() -> None:
    time = meeting(2, offer_hours=24)
    leaving, other = one(time.offering, "Maria"), one(time.offering)
    waits = one(time.offering)
    places_cancel(actor=None, sign_up=leaving)
    offer_decline(actor=None, offer=waits.offers.get())
    change(time, capacity=6)
    places_cancel(actor=None, sign_up=other)
    assert (states(leaving), states(waits), states(other)) == (["cancelled"], ["lapsed"], ["cancelled"])
    assert held(time.offering) == 0
    again = one(time.offering, "Maria")
    assert (states(again), states(leaving)) == (["booked"], ["cancelled"]), "she may come again, by a new act"
    assert nothing_is_wrong()


def test_capacity_that_was_below_the_booked_and_rises_again_makes_no_phantom_seats() -> None:
    time = meeting(8)
    group(time.offering, 8)
    waits = group(time.offering, 2)
    for capacity, over, free in ((3, 5, 0), (5, 3, 0), (8, 0, 0)):
        stood = standing(change(time, capacity=capacity).offering)
        assert (stood.over, stood.free, stood.taken, stood.waiting) == (over, free, 8, 2)
    change(time, capacity=9)
    assert states(waits) == ["waiting"] * 2
    change(time, capacity=10)
    assert states(waits) == ["booked"] * 2
    assert nothing_is_wrong()


def test_two_do_not_get_one_seat_and_one_of_them_is_not_left_behind() -> None:
    time = meeting(2)
    has = group(time.offering, 2)
    pair, single = group(time.offering, 2), one(time.offering)
    places_cancel(actor=None, sign_up=has, places=[has.participants.order_by("pk")[0].uuid])
    assert (states(pair), states(single)) == (["waiting"] * 2, ["waiting"])
    assert held(time.offering) == 1
    change(time, smaller_may_pass=True)
    assert (states(pair), states(single)) == (["waiting"] * 2, ["booked"])
    places_cancel(actor=None, sign_up=has)
    places_cancel(actor=None, sign_up=single)
    assert states(pair) == ["booked"] * 2
    assert nothing_is_wrong()


def test_two_do_not_move_into_one_seat() -> None:
    here, there = meeting(2), meeting(1)
    pair = group(here.offering, 2, may_split=True)
    with pytest.raises(FullError):
        places_move(actor=None, sign_up=pair, target=there.offering, key="flyt")
    assert (states(pair), held(there.offering)) == (["booked"] * 2, 0)


def test_more_seats_another_policy_and_another_day_do_not_lead_round_an_approval() -> None:
    time = meeting(1, policy="organiser")
    asked = one(time.offering)
    change(time, capacity=50)
    change(time, capacity=None, policy="first_come")
    spec = occurrence_spec(fresh(time))
    occurrence_save(actor=None, occurrence=time, spec=replace(spec, starts_at=START + HOUR, ends_at=START + 3 * HOUR))
    cancelled = occurrence_cancel(actor=None, occurrence=fresh(time), reason="Lokalet er lukket.")
    back = replace(occurrence_spec(cancelled), cancelled=False, cancel_reason="")
    occurrence_save(actor=None, occurrence=cancelled, spec=back)
    assert states(asked) == ["pending"]
    assert states(one(time.offering)) == ["booked"], "who comes later is under the new policy"
    assert nothing_is_wrong()


def test_a_meeting_taken_back_gives_its_seats_to_those_who_waited() -> None:
    time = meeting(1)
    has, waits = one(time.offering), one(time.offering)
    cancelled = occurrence_cancel(actor=None, occurrence=fresh(time), reason="Lokalet er lukket.")
    places_cancel(actor=None, sign_up=has)
    assert states(waits) == ["waiting"]
    back = replace(occurrence_spec(cancelled), cancelled=False, cancel_reason="")
    occurrence_save(actor=None, occurrence=cancelled, spec=back)
    assert states(waits) == ["booked"]
    assert nothing_is_wrong()
