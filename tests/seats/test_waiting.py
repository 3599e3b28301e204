"""The line, the offers, the capacity: with the faults that users have reported elsewhere, each as a test."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from portal.seats import effects
from portal.seats.api import (
    Offer,
    OfferGoneError,
    Offering,
    Reason,
    names_expire,
    offer_accept,
    offer_decline,
    offering_save,
    offers_expire,
    places_cancel,
    spec_of,
    standing,
    waiting_leave,
)
from tests.seats.lines import HOUR, NOON, group, held, offering, one, states, told

pytestmark = pytest.mark.django_db


def change(seats: Offering, **values: Any) -> Offering:
    return offering_save(actor=None, spec=replace(spec_of(seats), **values), offering=seats)


def asked(capacity: int = 1, **values: Any) -> Offering:
    return offering(capacity, **{"offer_hours": 24, **values})


def test_the_line_is_served_in_order_and_a_large_group_is_not_starved() -> None:
    seats = offering(2)
    first = group(seats, 2)
    large, small = group(seats, 2), one(seats)
    places_cancel(actor=None, sign_up=first, places=[first.participants.first().uuid])
    assert (states(large), states(small)) == (["waiting"] * 2, ["waiting"])
    places_cancel(actor=None, sign_up=first)
    assert (states(large), states(small)) == (["booked"] * 2, ["waiting"])


def test_a_waiting_group_that_became_larger_than_the_whole_does_not_hold_up_the_others() -> None:
    seats = offering(3)
    first, too_large, behind = group(seats, 3), group(seats, 3), one(seats)
    change(seats, capacity=2)
    places_cancel(actor=None, sign_up=first)
    assert (states(too_large), states(behind)) == (["waiting"] * 3, ["booked"])


def test_capacity_up_serves_the_line_in_order() -> None:
    seats = offering(1)
    one(seats)
    pair, single = group(seats, 1), one(seats)
    with told() as notices:
        change(seats, capacity=2)
    assert (states(pair), states(single)) == (["booked"], ["waiting"])
    assert [notice.reason for notice in notices] == [Reason.PROMOTED]


def test_fewer_seats_than_are_booked_are_shown_as_over_and_never_grow() -> None:
    seats = offering(8)
    booked, behind = group(seats, 8), one(seats)
    seats = change(seats, capacity=3)
    assert (standing(seats).over, standing(seats).free, states(booked)) == (5, 0, ["booked"] * 8)
    places_cancel(actor=None, sign_up=booked, places=[booked.participants.first().uuid])
    late = one(seats)
    assert (standing(seats).over, states(behind), states(late)) == (4, ["waiting"], ["waiting"])


def test_seats_that_come_back_to_an_overbooked_meeting_are_not_phantoms() -> None:
    seats = offering(5)
    group(seats, 5)
    waits = group(seats, 2)
    change(seats, capacity=2)
    seats = change(seats, capacity=4)
    assert (states(waits), standing(seats).over) == (["waiting"] * 2, 1)
    change(seats, capacity=6)
    assert states(waits) == ["waiting"] * 2, "one seat is no seat for two"
    change(seats, capacity=7)
    assert states(waits) == ["booked"] * 2


@pytest.mark.parametrize("late", ["cancel", "capacity"])
def test_nobody_is_promoted_after_the_deadline(late: str) -> None:
    seats = offering(1, deadline=NOON)
    with time_machine.travel(NOON - HOUR, tick=False):
        first, waits = one(seats), one(seats)
    with time_machine.travel(NOON, tick=False):
        if late == "cancel":
            places_cancel(actor=None, sign_up=first)
        else:
            change(seats, capacity=2)
    assert states(waits) == ["waiting"]


def test_the_organiser_may_let_the_list_move_after_the_deadline_and_offers_end_with_it() -> None:
    seats = asked(deadline=NOON, seats_until=NOON + 5 * HOUR)
    with time_machine.travel(NOON - HOUR, tick=False):
        first, waits = one(seats), one(seats)
    with time_machine.travel(NOON + HOUR, tick=False):
        places_cancel(actor=None, sign_up=first)
    assert states(waits) == ["offered"]
    assert Offer.objects.get().deadline == NOON + 5 * HOUR, "no offer outlives the time in which seats are given"


def test_what_is_called_off_gives_no_seats() -> None:
    seats = asked()
    first, waits, behind = one(seats), one(seats), one(seats)
    places_cancel(actor=None, sign_up=first)
    change(seats, called_off=True)
    with pytest.raises(OfferGoneError):
        offer_accept(actor=None, offer=Offer.objects.get())
    places_cancel(actor=None, sign_up=waits)
    assert states(behind) == ["waiting"]


def test_an_offer_keeps_its_seats_until_it_is_accepted_and_twice_is_once() -> None:
    seats = asked(3)
    first, waits, behind = group(seats, 3), group(seats, 3), one(seats)
    places_cancel(actor=None, sign_up=first)
    assert (states(waits), states(behind), standing(seats).free) == (["offered"] * 3, ["waiting"], 0)
    with told() as notices:
        offer_accept(actor=None, offer=Offer.objects.get())
        offer_accept(actor=None, offer=Offer.objects.get())
    assert states(waits) == ["booked"] * 3
    assert [notice.reason for notice in notices] == [Reason.ACCEPTED]
    with pytest.raises(OfferGoneError):
        offer_decline(actor=None, offer=Offer.objects.get())


@pytest.mark.parametrize("how", ["decline", "expire"])
def test_seats_not_taken_go_to_the_next_and_never_again_to_the_same(how: str) -> None:
    seats = asked()
    with time_machine.travel(NOON, tick=False):
        first, silent, behind = one(seats), group(seats, 3, may_split=True), one(seats)
        places_cancel(actor=None, sign_up=first)
    assert states(silent) == ["offered", "waiting", "waiting"]
    with time_machine.travel(NOON + 24 * HOUR, tick=False), told() as notices:
        for _again in range(2):
            if how == "decline":
                offer_decline(actor=None, offer=silent.offers.get())
            else:
                offers_expire()
        with pytest.raises(OfferGoneError):
            offer_accept(actor=None, offer=silent.offers.get())
    assert (states(silent), states(behind)) == (["lapsed"] * 3, ["offered"])
    assert [notice.reason.value for notice in notices] == [f"{how}d", "offered"], "nobody is told twice"


def test_a_cancelled_place_is_not_offered_to_who_cancelled_it() -> None:
    seats = asked()
    first = one(seats)
    with told() as notices:
        places_cancel(actor=None, sign_up=first)
        change(seats, capacity=5)
    assert states(first) == ["cancelled"]
    assert [notice.reason for notice in notices] == [Reason.CANCELLED]


def test_an_offer_is_gone_at_its_deadline_even_if_the_clock_is_late() -> None:
    seats = asked()
    with time_machine.travel(NOON, tick=False):
        first, waits = one(seats), one(seats)
        places_cancel(actor=None, sign_up=first)
    with time_machine.travel(NOON + 24 * HOUR, tick=False):
        with pytest.raises(OfferGoneError):
            offer_accept(actor=None, offer=Offer.objects.get())
        fresh = one(seats)
    assert (states(waits), states(fresh)) == (["lapsed"], ["booked"]), "any act notices that it ran out"


def test_a_night_in_which_the_clock_changes_is_no_shorter() -> None:
    seats = asked()
    evening = dt.datetime(2027, 3, 27, 22, tzinfo=dt.UTC)
    with time_machine.travel(evening, tick=False):
        first, _waits = one(seats), one(seats)
        places_cancel(actor=None, sign_up=first)
    assert Offer.objects.get().deadline - evening == 24 * HOUR


def test_leaving_the_list_with_an_offer_gives_it_on() -> None:
    seats = asked()
    first, waits, behind = one(seats), one(seats), one(seats)
    places_cancel(actor=None, sign_up=first)
    waiting_leave(actor=None, sign_up=waits)
    assert (states(waits), states(behind), held(seats)) == (["cancelled"], ["offered"], 1)
    assert waits.offers.get().state == "withdrawn"


def test_offers_stay_good_when_the_capacity_falls() -> None:
    seats = asked()
    first, waits = one(seats), one(seats)
    change(seats, capacity=2)
    one(seats)
    seats = change(seats, capacity=1)
    assert standing(seats).over == 1
    offer_accept(actor=None, offer=waits.offers.get())
    assert (states(first), states(waits), standing(seats).over) == (["booked"], ["booked"], 1)


def test_an_act_that_changes_nothing_for_those_who_wait_tells_them_nothing() -> None:
    seats = offering(1)
    one(seats), one(seats)
    with told() as notices:
        for capacity in (1, None, 1):
            if capacity:
                change(seats, capacity=capacity, smaller_may_pass=not seats.smaller_may_pass)
        offers_expire()
    assert notices == []


def test_what_is_called_off_takes_no_offer_back_and_gives_its_time_again_when_it_is_held_after_all() -> None:
    seats = asked()
    first, next_in_line = one(seats), one(seats)
    places_cancel(actor=None, sign_up=first)
    with time_machine.travel(NOON, tick=False):
        change(seats, called_off=True)
    with time_machine.travel(NOON + 48 * HOUR, tick=False), told() as notices:
        offers_expire()
        assert (states(next_in_line), notices) == (["offered"], [])
        change(seats, called_off=False)
        offer = Offer.objects.get(sign_up=next_in_line)
        assert offer.deadline == NOON + 72 * HOUR
        offer_accept(actor=None, offer=offer)
    assert states(next_in_line) == ["booked"]


def test_a_name_is_not_missed_while_it_is_called_off() -> None:
    with time_machine.travel(NOON, tick=False):
        seats = offering(3, names_by=NOON + 24 * HOUR)
        slots = group(seats, 0, unnamed=2)
        change(seats, called_off=True)
    with time_machine.travel(NOON + 48 * HOUR, tick=False):
        names_expire()
    assert states(slots) == ["booked"] * 2


def test_an_offer_ends_with_the_seats_when_they_end_earlier() -> None:
    with time_machine.travel(NOON, tick=False):
        seats = asked(offer_hours=240)
        first, next_in_line = one(seats), one(seats)
        places_cancel(actor=None, sign_up=first)
        change(seats, seats_until=NOON + 24 * HOUR)
        offer = Offer.objects.get(sign_up=next_in_line)
        assert offer.deadline == NOON + 24 * HOUR
    with time_machine.travel(NOON + 25 * HOUR, tick=False), pytest.raises(OfferGoneError):
        offer_accept(actor=None, offer=offer)


def test_one_meeting_that_fails_does_not_keep_the_seats_of_the_others() -> None:
    with time_machine.travel(NOON, tick=False):
        waiters = {}
        for seats in (asked(), asked()):
            first, waiters[seats] = one(seats), one(seats)
            places_cancel(actor=None, sign_up=first)
    failing = next(iter(waiters))

    def fail(notice: Any) -> None:
        if notice.sign_up.offering_id == failing.pk:
            raise RuntimeError("no mail today")

    effects.register("tests", fail)
    try:
        with time_machine.travel(NOON + 25 * HOUR, tick=False), pytest.raises(RuntimeError):
            offers_expire()
    finally:
        effects.forget("tests")
    assert [states(waiter) for waiter in waiters.values()] == [["offered"], ["lapsed"]]
