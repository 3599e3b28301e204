"""Signing up: one person and groups, the same wish twice, and everything that a form may hold that cannot be."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from portal.core.models import AuditEntry
from portal.seats.api import (
    AlreadySignedUpError,
    GroupSizeError,
    KeyReusedError,
    NamesClosedError,
    NotOpenError,
    Participant,
    Person,
    PersonError,
    Reason,
    SignUp,
    offering_save,
    spec_of,
    standing,
)
from tests.factories.accounts import user
from tests.factories.organisations import municipality, unit
from tests.seats.lines import HOUR, NOON, group, offering, one, person, states, told

pytestmark = pytest.mark.django_db


def test_one_person_gets_a_seat_and_the_next_waits() -> None:
    seats = offering(1)
    with told() as notices:
        first, second = one(seats), one(seats)
    assert (states(first), states(second)) == (["booked"], ["waiting"])
    assert [notice.reason for notice in notices] == [Reason.GIVEN, Reason.SIGNED_UP]
    assert len({notice.key for notice in notices}) == 2
    assert (standing(seats).free, standing(seats).waiting, standing(seats).over) == (0, 1, 0)


def test_without_a_limit_everybody_comes() -> None:
    seats = offering(None)
    assert states(group(seats, 40)) == ["booked"] * 40
    assert standing(seats).free is None


def test_a_group_of_two_does_not_get_into_one_seat() -> None:
    seats = offering(3)
    one(seats), one(seats)
    assert states(group(seats, 2)) == ["waiting", "waiting"]
    assert standing(seats).free == 1


def test_a_group_that_says_so_is_split() -> None:
    seats = offering(3)
    one(seats)
    assert states(group(seats, 4, may_split=True)) == ["booked", "booked", "waiting", "waiting"]


@pytest.mark.parametrize(("smaller_may_pass", "state"), [(False, "waiting"), (True, "booked")])
def test_whether_a_smaller_one_passes_a_waiting_group_is_the_organisers_choice(
    smaller_may_pass: bool, state: str
) -> None:
    seats = offering(3, smaller_may_pass=smaller_may_pass)
    one(seats), one(seats), group(seats, 2)
    assert states(one(seats)) == [state]


def test_the_same_wish_twice_is_one_sign_up() -> None:
    seats, maria = offering(2), person("Maria")
    with told() as notices:
        again = [one(seats, key="form", person=maria) for _click in range(3)]
    assert len({sign_up.pk for sign_up in again}) == 1
    assert (Participant.objects.count(), len(notices)) == (1, 1)


def test_the_back_button_two_days_later_finds_the_same_sign_up_even_when_it_is_cancelled_since() -> None:
    from portal.seats.api import places_cancel

    seats, maria = offering(2, deadline=NOON + HOUR), person("Maria")
    with time_machine.travel(NOON, tick=False):
        first = one(seats, key="form", person=maria)
        places_cancel(actor=None, sign_up=first)
    with time_machine.travel(NOON + dt.timedelta(days=2), tick=False):
        assert one(seats, key="form", person=maria) == first
    assert states(first) == ["cancelled"]


def test_a_forged_key_neither_shows_nor_changes_what_it_was_used_for() -> None:
    seats = offering(3)
    mine = one(seats, key="form")
    forgeries: tuple[Callable[[], SignUp], ...] = (
        lambda: one(seats, key="form"),
        lambda: one(offering(3), key="form"),
        lambda: one(seats, key="form", person=Person("x", mine.contact_email), actor=user("x@anden.example")),
    )
    for forged in forgeries:
        with pytest.raises(KeyReusedError):
            forged()
    assert SignUp.objects.get() == mine


def test_one_person_has_one_place_however_her_address_is_spelt_and_whoever_signs_her_up() -> None:
    seats, maria = offering(5), user("maria@kommune.example")
    one(seats, person=Person("Maria", user=maria), actor=maria)
    for twin in (Person("M", " MARIA@Kommune.example "), Person("M", user=maria), Person("M", "x@y.example", maria)):
        with pytest.raises(AlreadySignedUpError, match="M"):
            group(seats, people=[person(), twin])
    assert Participant.objects.count() == 1, "nobody of the group got in either"


def test_whoever_waits_is_not_signed_up_again() -> None:
    seats = offering(1)
    one(seats), one(seats, "Maria")
    with pytest.raises(AlreadySignedUpError):
        one(seats, "Maria")


@pytest.mark.parametrize(
    ("people", "index", "field"),
    [
        ([Person("Maria", "a@b.example"), Person("Bo", "c@b.example"), Person("Ib", "A@b.example")], 2, "name"),
        ([Person("Maria Lund"), Person("maria  lund")], 1, "name"),
        ([Person("x" * 500, "a@b.example")], 0, "name"),
        ([Person("Maria"), Person(" \t ")], 1, "name"),
        ([Person("Maria", "maria(a)kommune.example")], 0, "email"),
        ([Person("Maria", "a" * 300 + "@b.example")], 0, "email"),
    ],
    ids=["same address", "same name", "500 characters", "empty", "no address", "long address"],
)
def test_a_list_with_somebody_who_cannot_be_is_refused_whole(people: list[Person], index: int, field: str) -> None:
    with pytest.raises(PersonError) as refused:
        group(offering(9), people=people)
    assert (refused.value.index, refused.value.field) == (index, field)
    assert not SignUp.objects.exists()


def test_two_people_of_one_name_come_with_an_address_each() -> None:
    people = [Person("Maria Lund", "m1@kommune.example"), Person("Maria Lund", "m2@kommune.example")]
    assert states(group(offering(9), people=people)) == ["booked"] * 2


@pytest.mark.parametrize(
    ("people", "unnamed"), [([], 0), ([], 101), ([], -1), ([Person("Maria")], -1)], ids=["0", "101", "-1", "1-1"]
)
def test_a_group_has_at_least_one_and_at_most_a_hundred_people(people: list[Person], unnamed: int) -> None:
    with pytest.raises(GroupSizeError):
        group(offering(None), people=people, unnamed=unnamed)


def test_a_group_larger_than_the_whole_is_told_so_at_once() -> None:
    with pytest.raises(GroupSizeError, match="3 pladser"):
        group(offering(3), 4)
    assert states(group(offering(3), 4, may_split=True)) == ["booked"] * 3 + ["waiting"]


@pytest.mark.parametrize(
    "values",
    [
        {"opens_at": NOON + HOUR},
        {"deadline": NOON},
        {"seats_until": NOON},
        {"called_off": True},
    ],
    ids=lambda values: next(iter(values)),
)
def test_nobody_signs_up_before_after_or_for_what_is_called_off(values: dict[str, Any]) -> None:
    seats = offering(3, **values)
    with time_machine.travel(NOON, tick=False), pytest.raises(NotOpenError):
        one(seats)
    assert not SignUp.objects.exists()


def test_names_may_come_later_and_not_after_their_deadline() -> None:
    seats = offering(6, names_by=NOON)
    with time_machine.travel(NOON - HOUR, tick=False):
        sign_up = group(seats, 2, unnamed=3)
    assert standing(seats).unnamed == 3
    assert sign_up.names_by == NOON
    with time_machine.travel(NOON, tick=False), pytest.raises(NamesClosedError):
        group(seats, 0, unnamed=1)


def test_who_acted_for_whom_is_kept() -> None:
    chief, office = user("chef@kommune.example"), unit("Borgerservice")
    sign_up = group(offering(6), 3, actor=chief, unit=office)
    assert (sign_up.actor, sign_up.municipality, sign_up.unit) == (chief, municipality(), office)
    entry = AuditEntry.objects.get(action="seats.given")
    assert (entry.actor, entry.municipality) == (chief, "0461")
    assert "Borgerservice" in entry.on_behalf_of
    assert "Person" not in str(entry.after), "names of persons are no part of the trail"


def test_a_guest_leaves_an_address() -> None:
    with pytest.raises(PersonError) as refused:
        one(offering(1), person=Person("Maria"))
    assert refused.value.field == "email"


def test_the_number_of_queries_does_not_grow_with_the_group_or_the_booked(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    small, large = offering(100), offering(100)
    group(large, 50)
    with django_assert_max_num_queries(30) as few:
        group(small, 1)
    with django_assert_max_num_queries(len(few.captured_queries)):
        group(large, 40)


def test_the_seats_form_keeps_what_it_does_not_ask_for() -> None:
    from portal.seats.forms import OfferingForm

    seats = offering(3, smaller_may_pass=True, offer_hours=24)
    form = OfferingForm.__new__(OfferingForm)
    form.instance, form.cleaned_data = type("Row", (), {"offering_id": seats.pk, "offering": seats})(), {"capacity": 4}
    saved = offering_save(actor=None, spec=form.offering_spec(), offering=seats)
    assert (saved.capacity, spec_of(saved).smaller_may_pass, saved.offer_hours) == (4, True, 24)
