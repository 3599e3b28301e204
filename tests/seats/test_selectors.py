"""Who of a municipality is where, as far as the asker may see it; and what is left of a person who is erased."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress

from portal.accounts.api import person_erase
from portal.core import periodic
from portal.core.principal import ANONYMOUS, Grant, Principal
from portal.core.roles import Role
from portal.seats.api import Person, SignUp, people_of, standing, standings
from tests.factories.accounts import user
from tests.factories.organisations import municipality, unit
from tests.seats.lines import HOUR, NOON, group, offering, one, states

pytestmark = pytest.mark.django_db


def principal(role: Role, **place: Any) -> Principal:
    return Principal(user(f"{role.value}@kommune.example").uuid, grants=(Grant(role.value, **place),))


def test_a_coordinator_sees_her_municipality_and_a_manager_her_units() -> None:
    office, other = unit("Borgerservice"), unit("Jobcenter")
    seats = offering(3)
    group(seats, 2, unit=office)
    group(seats, 2, unit=other)
    one(seats, municipality=municipality("0101"))
    coordinator = principal(Role.COORDINATOR, municipality="0461")
    manager = principal(Role.MANAGER, municipality="0461", units=frozenset({office.pk}))
    rows = people_of(principal=coordinator, municipality=municipality())
    assert [(row.unit, row.state.value, row.ahead) for row in rows] == [
        ("Borgerservice", "booked", None),
        ("Borgerservice", "booked", None),
        ("Jobcenter", "waiting", 0),
        ("Jobcenter", "waiting", 0),
    ]
    assert {row.unit for row in people_of(principal=manager, municipality=municipality())} == {"Borgerservice"}
    for stranger in (ANONYMOUS, principal(Role.EMPLOYEE, municipality="0461"), Principal(user("x@y.example").uuid)):
        assert people_of(principal=stranger, municipality=municipality()) == []
    assert people_of(principal=coordinator, municipality=municipality("0101")) == []


def test_sign_ups_are_seen_by_who_made_them_and_who_is_in_charge() -> None:
    chief = user("chef@kommune.example")
    sign_up = group(offering(5), 2, actor=chief, municipality=municipality())
    assert list(SignUp.objects.visible_to(Principal(chief.uuid))) == [sign_up]
    assert not SignUp.objects.visible_to(ANONYMOUS).exists()
    assert not SignUp.objects.visible_to(principal(Role.COORDINATOR, municipality="0101")).exists()


def test_the_line_says_how_many_are_before() -> None:
    seats = offering(1)
    for _number in range(4):
        one(seats, municipality=municipality())
    coordinator = principal(Role.COORDINATOR, municipality="0461")
    assert [row.ahead for row in people_of(principal=coordinator, municipality=municipality())] == [None, 0, 1, 2]


def test_lists_cost_the_same_however_long_they_are(django_assert_num_queries: Callable[..., Any]) -> None:
    coordinator = principal(Role.COORDINATOR, municipality="0461")
    rows, odense = [offering(1) for _number in range(2)], municipality()
    for size in (2, 8):
        for seats in rows:
            group(seats, size, municipality=odense, may_split=True)
        with django_assert_num_queries(2):
            assert people_of(principal=coordinator, municipality=odense)
        with django_assert_num_queries(1):
            assert set(standings(rows)) == {row.pk for row in rows}


def test_an_empty_offering_stands_at_nothing() -> None:
    now = standing(offering(None))
    assert (now.taken, now.free, now.over, now.next_waits) == (0, None, 0, False)


def test_a_person_who_is_erased_gives_her_seat_on_and_leaves_no_name() -> None:
    maria = user("maria@kommune.example")
    # An address that nobody has proven to be hers leads to nothing: anybody could write it into an account.
    EmailAddress.objects.create(user=maria, email=maria.email, verified=True, primary=True)
    seats, past = offering(1), offering(1, deadline=NOON)
    hers = one(seats, person=Person("Maria", user=maria))
    waits = one(seats)
    with time_machine.travel(NOON - HOUR, tick=False):
        before = group(past, people=[Person("Maria", maria.email)], contact_email=maria.email)
    with time_machine.travel(NOON, tick=False):
        person_erase(person=maria)
    assert (states(hers), states(waits), states(before)) == (["cancelled"], ["booked"], ["booked"])
    for sign_up in (hers, before):
        place = sign_up.participants.get()
        assert (place.name, place.email, place.user) == ("slettet bruger", None, None)
    before.refresh_from_db()
    assert (before.contact_email, before.contact_name, before.fingerprint) == ("", "", "")


def test_the_clock_knows_its_work() -> None:
    assert {"seats.offers_expire", "seats.names_expire"} <= {job.name for job in periodic.jobs()}
