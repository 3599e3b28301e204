"""Names that come later, substitutes, cancelling, moving: no seat is lost, none is doubled, nobody is told twice."""

from uuid import uuid4

import pytest
import time_machine

from portal.core.models import AuditEntry
from portal.core.principal import Principal
from portal.seats.api import (
    AlreadySignedUpError,
    FullError,
    KeyReusedError,
    NamesClosedError,
    NoPlaceError,
    NotOpenError,
    Participant,
    Person,
    PersonError,
    PlaceChange,
    Reason,
    SignUp,
    names_expire,
    names_fill,
    person_substitute,
    places_cancel,
    places_move,
    waiting_leave,
)
from tests.factories import accounts
from tests.seats.lines import HOUR, NOON, group, held, offering, one, person, states, told

pytestmark = pytest.mark.django_db


def uuids(sign_up: SignUp) -> list:
    return list(sign_up.participants.order_by("pk").values_list("uuid", flat=True))


def test_names_are_filled_in_once() -> None:
    sign_up = group(offering(5), 1, unnamed=2)
    _named, first, second = uuids(sign_up)
    maria, bo = person("Maria"), person("Bo")
    with told() as notices:
        names_fill(actor=None, sign_up=sign_up, names={first: maria, second: bo})
        names_fill(actor=None, sign_up=sign_up, names={first: maria})
    assert [notice.reason for notice in notices] == [Reason.NAMED] * 2
    with pytest.raises(NoPlaceError):
        names_fill(actor=None, sign_up=sign_up, names={first: person("Ib")})
    assert list(sign_up.participants.order_by("pk").values_list("name", flat=True)[1:]) == ["Maria", "Bo"]


def test_a_name_that_has_a_place_already_and_a_place_of_another_sign_up_are_refused() -> None:
    seats = offering(5)
    sign_up, other = group(seats, 0, unnamed=1), one(seats, "Maria")
    with pytest.raises(AlreadySignedUpError):
        names_fill(actor=None, sign_up=sign_up, names={uuids(sign_up)[0]: person("Maria")})
    for foreign in (uuids(other)[0], uuid4()):
        with pytest.raises(NoPlaceError):
            names_fill(actor=None, sign_up=sign_up, names={foreign: person()})
    assert Participant.objects.unnamed().count() == 1


def test_slots_without_a_name_go_to_the_next_in_line_at_their_deadline_and_not_before() -> None:
    seats = offering(3, names_by=NOON, deadline=NOON + HOUR)
    with time_machine.travel(NOON - HOUR, tick=False):
        sign_up, waits = group(seats, 1, unnamed=2), one(seats)
        names_expire()
    assert (states(sign_up), states(waits)) == (["booked"] * 3, ["waiting"])
    with time_machine.travel(NOON, tick=False):
        with pytest.raises(NamesClosedError):
            names_fill(actor=None, sign_up=sign_up, names={uuids(sign_up)[1]: person()})
        with told() as notices:
            names_expire()
            names_expire()
    assert (states(sign_up), states(waits)) == (["booked", "cancelled", "cancelled"], ["booked"])
    assert [notice.reason for notice in notices] == [Reason.UNNAMED, Reason.PROMOTED]


def test_a_substitute_takes_the_place_and_nobody_in_line_is_passed_or_served() -> None:
    seats = offering(1)
    sign_up, waits = one(seats, "Maria"), one(seats)
    with told() as notices:
        for _click in range(2):
            person_substitute(actor=None, sign_up=sign_up, place=uuids(sign_up)[0], person=person("Bo"))
    assert (states(sign_up), states(waits), held(seats)) == (["booked"], ["waiting"], 1)
    assert [(n.reason, n.former.name, n.participants[0].name) for n in notices] == [(Reason.SUBSTITUTED, "Maria", "Bo")]
    one(offering(1), "Maria")
    assert "Maria" not in str(list(AuditEntry.objects.values())), "no names in the trail"


def test_a_single_sign_up_goes_to_the_substitute_with_the_place() -> None:
    user, seats = accounts.user(), offering(1)
    sign_up = one(seats, actor=user, person=Person(user=user))
    stale = SignUp.objects.get(pk=sign_up.pk)
    person_substitute(actor=user, sign_up=sign_up, place=uuids(sign_up)[0], person=person("Bo"))
    person_substitute(actor=None, sign_up=stale, place=uuids(sign_up)[0], person=person("Ib"))
    sign_up = SignUp.objects.get(pk=sign_up.pk)
    assert (sign_up.actor, sign_up.contact_name, sign_up.contact_email) == (None, "Ib", "ib@kommune.example")
    principal = Principal(user.uuid)
    assert not SignUp.objects.visible_to(principal).exists()
    assert not Participant.objects.visible_to(principal).exists()


def test_a_former_persons_form_sent_again_makes_and_shows_nothing() -> None:
    user, seats = accounts.user(), offering(2)
    sign_up = one(seats, actor=user, person=Person(user=user), key="hers")
    person_substitute(actor=user, sign_up=sign_up, place=uuids(sign_up)[0], person=person("Bo"))
    with pytest.raises(KeyReusedError):
        one(seats, actor=user, person=Person(user=user), key="hers")
    assert SignUp.objects.count() == 1


def test_who_signed_up_others_keeps_the_sign_up_when_one_of_them_is_replaced() -> None:
    user, seats = accounts.user(), offering(4)
    others = one(seats, actor=user, contact_name="Kim", contact_email="kim@kommune.example")
    own_group = group(seats, actor=user, people=[Person(user=user), person()], contact_email=user.email)
    for sign_up in (others, own_group):
        person_substitute(actor=user, sign_up=sign_up, place=uuids(sign_up)[0], person=person())
    contacts = list(SignUp.objects.order_by("pk").values_list("actor", "contact_email"))
    assert contacts == [(user.pk, "kim@kommune.example"), (user.pk, user.email)]


def test_a_name_that_is_only_mended_hands_nothing_over() -> None:
    user, seats = accounts.user(), offering(1)
    sign_up = one(seats, actor=user, person=Person(user=user))
    mended = Person("Kim Holm-Berg", user.email)
    person_substitute(actor=user, sign_up=sign_up, place=uuids(sign_up)[0], person=mended)
    assert SignUp.objects.get(pk=sign_up.pk).actor == user


def test_a_substitute_works_where_more_are_booked_than_there_are_seats() -> None:
    from dataclasses import replace

    from portal.seats.api import offering_save, spec_of

    seats = offering(2)
    sign_up = group(seats, 2)
    offering_save(actor=None, spec=replace(spec_of(seats), capacity=1), offering=seats)
    person_substitute(actor=None, sign_up=sign_up, place=uuids(sign_up)[0], person=person())
    assert held(seats) == 2


def test_who_has_a_place_cannot_be_a_substitute_and_a_given_up_place_has_none() -> None:
    seats = offering(3)
    sign_up, _bo = one(seats, "Maria"), one(seats, "Bo")
    place = uuids(sign_up)[0]
    with pytest.raises(AlreadySignedUpError):
        person_substitute(actor=None, sign_up=sign_up, place=place, person=person("Bo"))
    with pytest.raises(PersonError):
        person_substitute(actor=None, sign_up=sign_up, place=place, person=Person("y" * 500))
    places_cancel(actor=None, sign_up=sign_up)
    with pytest.raises(NoPlaceError):
        person_substitute(actor=None, sign_up=sign_up, place=place, person=person("Ib"))


def test_one_of_a_group_leaves_and_the_next_in_line_comes_in_the_same_act() -> None:
    seats = offering(3)
    sign_up, waits = group(seats, 3), one(seats)
    with told() as notices:
        for _click in range(2):
            places_cancel(actor=None, sign_up=sign_up, places=uuids(sign_up)[:1])
    assert (states(sign_up), states(waits)) == (["cancelled", "booked", "booked"], ["booked"])
    assert [notice.reason for notice in notices] == [Reason.CANCELLED, Reason.PROMOTED]


def test_who_has_left_may_come_back_to_the_end_of_the_line() -> None:
    seats = offering(1)
    first, second = one(seats, "Maria"), one(seats)
    places_cancel(actor=None, sign_up=first)
    again = one(seats, "Maria")
    assert (states(first), states(second), states(again)) == (["cancelled"], ["booked"], ["waiting"])


def test_somebody_elses_place_cannot_be_cancelled_through_ones_own_sign_up() -> None:
    seats = offering(3)
    mine, other = one(seats), one(seats)
    with pytest.raises(NoPlaceError):
        places_cancel(actor=None, sign_up=mine, places=[*uuids(mine), *uuids(other)])
    assert (states(mine), states(other)) == (["booked"], ["booked"])


def test_a_waiting_group_that_shrinks_gets_in_when_it_fits() -> None:
    seats = offering(3)
    one(seats)
    waits = group(seats, 3)
    places_cancel(actor=None, sign_up=waits, places=uuids(waits)[:1])
    assert states(waits) == ["cancelled", "booked", "booked"]


def test_leaving_the_list_keeps_the_seats_that_one_has_and_lets_the_next_come() -> None:
    seats = offering(3)
    split, behind = group(seats, 5, may_split=True), one(seats)
    waiting_leave(actor=None, sign_up=split)
    assert states(split) == ["booked"] * 3 + ["cancelled"] * 2
    places_cancel(actor=None, sign_up=split, places=uuids(split)[:1])
    assert states(behind) == ["booked"]


def test_moving_takes_seats_there_and_gives_those_here_to_the_next() -> None:
    here, there = offering(2), offering(2)
    sign_up, waits = group(here, 2), one(here)
    moved = places_move(actor=None, sign_up=sign_up, target=there, key="move", places=uuids(sign_up)[:1])
    again = places_move(actor=None, sign_up=sign_up, target=there, key="move", places=uuids(sign_up)[:1])
    assert (states(sign_up), states(moved), states(waits)) == (["cancelled", "booked"], ["booked"], ["booked"])
    assert (moved, held(here), held(there)) == (again, 2, 1)


def test_a_move_that_finds_no_seat_loses_none() -> None:
    here, full, closed = offering(2), offering(1), offering(2, deadline=NOON)
    sign_up, _other = group(here, 2), one(full)
    for target, refusal in ((full, Exception), (closed, NotOpenError), (here, Exception)):
        with time_machine.travel(NOON, tick=False), pytest.raises(refusal):
            places_move(actor=None, sign_up=sign_up, target=target, key=f"move-{target.pk}")
    with pytest.raises(FullError):
        places_move(actor=None, sign_up=sign_up, target=full, key="one", places=uuids(sign_up)[:1])
    assert (states(sign_up), held(full), SignUp.objects.count()) == (["booked"] * 2, 1, 2)


def test_every_step_is_in_the_history() -> None:
    maria = accounts.user("maria@kommune.example")
    seats = offering(1)
    sign_up, _waits = one(seats), one(seats)
    places_cancel(actor=maria, sign_up=sign_up)
    steps = PlaceChange.objects.order_by("id").values_list("source", "target", "reason", "actor")
    assert list(steps) == [
        ("", "waiting", "signed_up", None),
        ("waiting", "booked", "given", None),
        ("", "waiting", "signed_up", None),
        ("booked", "cancelled", "cancelled", maria.pk),
        ("waiting", "booked", "promoted", maria.pk),
    ]
