"""Approval by the organiser or the municipality, as cases: no way to a seat leads round it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine

from portal.accounts.api import person_erase
from portal.core.errors import RefusedError
from portal.core.principal import Grant, Principal
from portal.core.roles import Role
from portal.seats.api import (
    FullError,
    NoPlaceError,
    NotOpenError,
    Person,
    PersonError,
    Reason,
    SeatPolicy,
    SignUp,
    breaches,
    names_expire,
    offering_save,
    person_substitute,
    places_cancel,
    places_move,
    spec_of,
    standing,
)
from portal.seats.approval import MUNICIPALITY, ORGANISER
from portal.workflows.api import Asker, Case, case_transition, definitions_export, definitions_import
from tests.factories.accounts import user
from tests.factories.organisations import municipality
from tests.seats.lines import HOUR, NOON, group, offering, one, states, told

pytestmark = pytest.mark.django_db


def asker(role: Role, code: str = "") -> Asker:
    person = user(f"{role.value}{code}@kommune.example")
    return Asker(actor=person, principal=Principal(person.uuid, grants=(Grant(role.value, municipality=code),)))


def answer(sign_up: SignUp, transition: str, who: Asker, comment: str = "Derfor.") -> Case:
    case = Case.objects.open().about(sign_up).get()
    return case_transition(asker=who, case=case, transition=transition, expected=case.number, comment=comment)


def of_organiser(capacity: int = 1, **values: Any) -> Any:
    return offering(capacity, policy=SeatPolicy.ORGANISER.value, **values)


def test_nobody_has_a_seat_before_the_organiser_has_said_yes() -> None:
    seats = of_organiser()
    with told() as notices:
        sign_up = one(seats)
        assert (states(sign_up), standing(seats).free, standing(seats).pending) == (["pending"], 1, 1)
        answer(sign_up, "approve", asker(Role.ORGANISER))
    assert states(sign_up) == ["booked"]
    assert [notice.reason for notice in notices] == [Reason.SIGNED_UP, Reason.GIVEN]


def test_more_seats_do_not_lead_round_the_approval() -> None:
    seats = of_organiser()
    sign_up = group(seats, 1)
    offering_save(actor=None, spec=replace(spec_of(seats), capacity=50), offering=seats)
    assert states(sign_up) == ["pending"]
    offering_save(actor=None, spec=replace(spec_of(seats), capacity=None, policy="first_come"), offering=seats)
    assert states(sign_up) == ["pending"], "nor does another policy for those who come later"


def test_waiting_for_an_answer_costs_no_turn() -> None:
    seats = of_organiser()
    first, early, late = one(seats), one(seats), one(seats)
    administrator = asker(Role.ADMINISTRATOR)
    for sign_up in (first, late, early):
        answer(sign_up, "approve", administrator)
    places_cancel(actor=None, sign_up=first)
    assert (states(early), states(late)) == (["booked"], ["waiting"])


def test_a_no_ends_it_with_a_reason_and_the_person_may_ask_again() -> None:
    seats = of_organiser()
    sign_up = one(seats, "Maria")
    with told() as notices:
        answer(sign_up, "decline", asker(Role.ORGANISER))
    assert states(sign_up) == ["refused"]
    assert [notice.reason for notice in notices] == [Reason.REFUSED]
    assert states(one(seats, "Maria")) == ["pending"]


def test_whoever_cancels_is_asked_about_no_longer() -> None:
    sign_up = group(of_organiser(3), 2)
    places_cancel(actor=None, sign_up=sign_up, places=[sign_up.participants.first().uuid])
    assert Case.objects.open().about(sign_up).exists()
    places_cancel(actor=None, sign_up=sign_up)
    case = Case.objects.about(sign_up).get()
    assert (case.state, case.is_open) == ("withdrawn", False)


def test_nobody_is_asked_about_slots_that_the_clock_took_back_or_about_an_erased_person() -> None:
    maria = user("maria@kommune.example")
    with time_machine.travel(NOON - HOUR, tick=False):
        slots = group(of_organiser(3, names_by=NOON), 0, unnamed=2)
        hers = one(of_organiser(), person=Person("Maria", user=maria))
    with time_machine.travel(NOON, tick=False):
        names_expire()
        person_erase(person=maria)
    assert (states(slots), states(hers)) == (["cancelled"] * 2, ["cancelled"])
    assert not Case.objects.open().exists()
    assert list(breaches(NOON)) == []


def test_it_is_too_late_for_a_yes_when_no_more_seats_are_given() -> None:
    seats = of_organiser(deadline=NOON)
    with time_machine.travel(NOON - HOUR, tick=False):
        sign_up = one(seats)
    with time_machine.travel(NOON, tick=False), pytest.raises(NotOpenError):
        answer(sign_up, "approve", asker(Role.ORGANISER))
    assert states(sign_up) == ["pending"]
    assert Case.objects.open().about(sign_up).exists(), "the case stands where it stood"


def test_the_municipality_approves_its_own_people_and_no_others() -> None:
    seats = offering(2, policy=SeatPolicy.MUNICIPALITY.value)
    sign_up = one(seats, municipality=municipality())
    assert Case.objects.get().kind == MUNICIPALITY
    with pytest.raises(RefusedError):
        answer(sign_up, "approve", asker(Role.COORDINATOR, "0101"))
    with pytest.raises(RefusedError):
        answer(sign_up, "approve", asker(Role.ORGANISER))
    answer(sign_up, "approve", asker(Role.COORDINATOR, "0461"))
    assert states(sign_up) == ["booked"]
    with pytest.raises(PersonError) as refused:
        one(seats)
    assert refused.value.field == "municipality"


def test_a_municipality_may_want_to_be_asked_at_every_meeting(tmp_path: Path) -> None:
    head, first, rest = definitions_export()["seats-municipality"].partition("[[states]]")
    own = tmp_path / "odense.toml"
    applies = '[[applies]]\nmunicipality = "0461"\n\n'
    own.write_text(head.replace("seats-municipality", "seats-odense") + applies + first + rest, encoding="utf-8")
    definitions_import(actor=None, files=[own])
    seats = offering(5)
    assert states(one(seats, municipality=municipality())) == ["pending"]
    assert states(one(seats, municipality=municipality("0101"))) == ["booked"]
    assert states(one(seats)) == ["booked"]


def test_moving_does_not_lead_round_an_approval() -> None:
    here, there = offering(2), of_organiser(5)
    sign_up = one(here)
    with pytest.raises(FullError):
        places_move(actor=None, sign_up=sign_up, target=there, key="move")
    assert (states(sign_up), Case.objects.filter(kind=ORGANISER).count()) == (["booked"], 0)


def test_nobody_slips_in_for_whom_the_organiser_said_yes_to() -> None:
    sign_up = one(of_organiser(), "Anne")
    answer(sign_up, "approve", asker(Role.ORGANISER))
    place = sign_up.participants.get()
    with pytest.raises(NoPlaceError):
        person_substitute(actor=None, sign_up=sign_up, place=place.uuid, person=Person("Bo", "bo@kommune.example"))
    person_substitute(actor=None, sign_up=sign_up, place=place.uuid, person=Person("Anne Holm", place.email))
    place.refresh_from_db()
    assert (place.name, states(sign_up)) == ("Anne Holm", ["booked"])
