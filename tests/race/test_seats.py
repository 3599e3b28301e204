"""Many at one row: nobody oversells, nobody is doubled. Without the lock and the trigger, the same acts oversell."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import BaseConstraint

from portal.core.errors import RefusedError
from portal.core.principal import Grant, Principal
from portal.core.roles import Role
from portal.seats import locking
from portal.seats.api import (
    AlreadySignedUpError,
    BusyError,
    KeyReusedError,
    Offering,
    Participant,
    Person,
    SeatPolicy,
    SeatsError,
    SignUp,
    breaches,
    offer_accept,
    offer_decline,
    offering_save,
    offers_expire,
    places_cancel,
    places_move,
    sign_up_one,
    spec_of,
    standing,
)
from portal.seats.locking import seats_locked
from portal.seats.services import places as places_module
from portal.workflows.api import Asker, Case, case_transition
from tests.factories.accounts import user
from tests.seats.lines import group, held, offering, one, person
from tests.support.race import meeting_at, together, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 8
TRIGGERS = ("seats_never_oversold_insert", "seats_never_oversold_update")


@contextmanager
def without_trigger() -> Iterator[None]:
    """Take the last line away; each race test has a database of its own."""
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            cursor.execute(f"ALTER TABLE seats_participant DISABLE TRIGGER {trigger}")
    yield


@contextmanager
def without_index(name: str) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.remove_constraint(Participant, constraint(name))
    yield


def constraint(name: str) -> BaseConstraint:
    return next(each for each in Participant._meta.constraints if each.name == name)


def sign_up_at_once(seats: Offering, **same: Any) -> list[Any]:
    people = [person() for _number in range(PEOPLE)]

    def act(number: int) -> SignUp:
        wish = {"person": people[number], "key": f"race-{number}", **same}
        return sign_up_one(actor=None, offering=seats, contact_email="k@kommune.example", **wish)

    with meeting_at("seats.locked", PEOPLE):
        return list(together(act, threads=PEOPLE))


def count(outcomes: Sequence[Any], kind: type[object]) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


def audit() -> list[str]:
    return [str(breach) for breach in breaches()]


def test_the_last_seat_is_given_once() -> None:
    seats = offering(1)
    outcomes = sign_up_at_once(seats)
    assert count(outcomes, SignUp) == PEOPLE, outcomes
    assert (standing(seats).taken, standing(seats).waiting, audit()) == (1, PEOPLE - 1, [])


def test_negative_control_without_lock_and_trigger_the_last_seat_is_sold_many_times() -> None:
    seats = offering(1)
    with without_trigger(), without_locks():
        outcomes = sign_up_at_once(seats)
    assert standing(seats).taken > 1, outcomes
    assert any(line.startswith("oversold") for line in audit())


def test_without_the_lock_the_trigger_alone_still_oversells_nothing() -> None:
    seats = offering(1)
    with without_locks():
        outcomes = sign_up_at_once(seats)
    assert standing(seats).taken == 1
    assert count(outcomes, IntegrityError) > 0, outcomes


def test_the_trigger_refuses_a_seat_that_no_service_gave() -> None:
    seats = offering(1)
    one(seats)
    waits = one(seats)
    for change in (
        lambda: Participant.objects.filter(sign_up=waits).update(state="booked"),
        lambda: Participant.objects.create(offering=seats, sign_up=waits, name="X", state="booked"),
        lambda: one_elsewhere().update(offering=seats),
    ):
        with pytest.raises(IntegrityError, match="would be held"):
            change()
    assert held(seats) == 1


def one_elsewhere() -> Any:
    return Participant.objects.filter(sign_up=one(offering(1)))


def test_one_person_who_presses_eight_forms_has_one_place() -> None:
    seats = offering(20)
    outcomes = sign_up_at_once(seats, person=Person("Maria", "maria@kommune.example"))
    assert (count(outcomes, SignUp), count(outcomes, AlreadySignedUpError)) == (1, PEOPLE - 1), outcomes
    assert (held(seats), audit()) == (1, [])


def test_negative_control_without_the_lock_only_the_index_stops_her() -> None:
    seats = offering(20)
    with without_locks():
        outcomes = sign_up_at_once(seats, person=Person("Maria", "maria@kommune.example"))
    assert count(outcomes, IntegrityError) > 0, outcomes
    assert held(seats) == 1


def test_negative_control_without_lock_and_index_she_is_there_twice() -> None:
    seats = offering(20)
    with without_index("seats_one_place_per_address"), without_locks():
        sign_up_at_once(seats, person=Person("Maria", "maria@kommune.example"))
    assert held(seats) > 1
    assert any(line.startswith("twice") for line in audit())


def test_one_form_sent_eight_times_is_one_sign_up() -> None:
    seats = offering(20)
    outcomes = sign_up_at_once(seats, key="form", person=Person("Maria", "maria@kommune.example"))
    assert count(outcomes, SignUp) == PEOPLE, outcomes
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert (SignUp.objects.count(), held(seats)) == (1, 1)


def test_one_form_sent_to_eight_objects_is_one_sign_up() -> None:
    """No common lock: the unique key alone decides."""
    several = [offering(5) for _number in range(PEOPLE)]
    maria = Person("Maria", "maria@kommune.example")
    with meeting_at("seats.locked", PEOPLE):
        outcomes = together(
            lambda number: sign_up_one(actor=None, offering=several[number], person=maria, key="form"), threads=PEOPLE
        )
    assert (count(outcomes, SignUp), count(outcomes, KeyReusedError)) == (1, PEOPLE - 1), outcomes
    assert Participant.objects.count() == 1


def test_negative_control_without_the_lock_the_same_form_stumbles() -> None:
    seats = offering(20)
    with without_locks():
        outcomes = sign_up_at_once(seats, key="form", person=Person("Maria", "maria@kommune.example"))
    assert count(outcomes, SignUp) < PEOPLE, outcomes
    assert SignUp.objects.count() == 1


def lower_while_signing_up(seats: Offering) -> list[Any]:
    people = [person() for _number in range(PEOPLE)]

    def act(number: int) -> object:
        if number == 0:
            return offering_save(actor=None, spec=replace(spec_of(seats), capacity=1), offering=seats)
        return sign_up_one(actor=None, offering=seats, person=people[number], key=f"race-{number}")

    with meeting_at("seats.locked", PEOPLE):
        return list(together(act, threads=PEOPLE))


def test_who_signs_up_while_the_capacity_falls_reads_the_new_one_after_the_lock() -> None:
    seats = offering(4)
    outcomes = lower_while_signing_up(seats)
    assert not count(outcomes, Exception), outcomes
    seats.refresh_from_db()
    # Whoever came before it was lowered keeps the seat; nobody has got one since.
    assert (seats.capacity, standing(seats).taken <= 4, audit()) == (1, True, [])


def test_a_capacity_that_has_fallen_before_the_lock_is_the_one_that_counts() -> None:
    """Deterministic: the sign-up has the old row in its hands and waits for the lock that the change holds."""
    stale = offering(4)
    offering_save(actor=None, spec=replace(spec_of(stale), capacity=1), offering=stale)
    assert stale.capacity == 4, "the caller's row is old"
    for _number in range(3):
        one(stale)
    assert standing(Offering.objects.get(pk=stale.pk)).taken == 1


def test_negative_control_without_the_lock_the_old_capacity_is_oversold() -> None:
    seats = offering(4)
    with without_trigger(), without_locks():
        lower_while_signing_up(seats)
    seats.refresh_from_db()
    assert standing(seats).over > 0
    assert any(line.startswith("oversold") for line in audit())


def cross(here: Offering, there: Offering) -> list[Any]:
    rows = [one(here if number % 2 else there) for number in range(PEOPLE)]
    targets = [there if number % 2 else here for number in range(PEOPLE)]

    def act(number: int) -> SignUp:
        return places_move(actor=None, sign_up=rows[number], target=targets[number], key=f"move-{number}")

    return list(together(act, threads=PEOPLE))


def test_moves_in_opposite_directions_do_not_lock_each_other_out() -> None:
    here, there = offering(PEOPLE), offering(PEOPLE)
    outcomes = cross(here, there)
    assert count(outcomes, SignUp) == PEOPLE, outcomes
    assert (held(here), held(there), audit()) == (PEOPLE // 2, PEOPLE // 2, [])


def test_negative_control_in_the_order_of_the_wish_they_do() -> None:
    """Locks taken one after the other as the act names them, source first: two moves wait for each other."""
    here, there = offering(PEOPLE), offering(PEOPLE)
    real = seats_locked

    @contextmanager
    def one_by_one(*keys: int, **kwargs: Any) -> Iterator[dict[int, Offering]]:
        with real(keys[0], **kwargs) as first, real(*keys[1:]) as rest:
            yield {**first, **rest}

    with pytest.MonkeyPatch.context() as patch, meeting_at("seats.locked", PEOPLE):
        patch.setattr(places_module, "seats_locked", one_by_one)
        outcomes = cross(here, there)
    assert count(outcomes, Exception) > 0, outcomes


def test_a_release_beside_sign_ups_gives_the_seat_once() -> None:
    seats = offering(2)
    booked = group(seats, 2)
    one(seats)

    def act(number: int) -> object:
        if number == 0:
            return places_cancel(actor=None, sign_up=booked)
        return one(seats, f"Sen {number}")

    with meeting_at("seats.locked", PEOPLE):
        outcomes = together(act, threads=PEOPLE)
    assert not count(list(outcomes), Exception), outcomes
    assert (standing(seats).taken, standing(seats).waiting, audit()) == (2, PEOPLE - 2, [])


def test_an_offer_is_answered_once_whoever_presses_and_whatever_the_clock_does() -> None:
    seats = offering(1, offer_hours=24)
    first = one(seats)
    waits, behind = one(seats), one(seats)
    places_cancel(actor=None, sign_up=first)
    offer = waits.offers.get()

    def act(number: int) -> object:
        if number % 3 == 0:
            offers_expire()
            return None
        return (offer_accept if number % 3 == 1 else offer_decline)(actor=None, offer=offer)

    with meeting_at("seats.locked", PEOPLE):
        outcomes = together(act, threads=PEOPLE)
    unexpected = [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, SeatsError)]
    assert not unexpected, unexpected
    assert (held(seats), audit()) == (1, [])
    assert waits.participants.get().state in ("booked", "lapsed")
    assert (waits.participants.get().state == "booked") == (behind.participants.get().state == "waiting")


def test_who_cannot_get_the_lock_in_time_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "LOCK_TIMEOUT", "200ms")
    seats = offering(5)
    with transaction.atomic():
        Offering.objects.select_for_update().get(pk=seats.pk)
        outcomes = together(lambda number: one(seats), threads=2)
    assert count(outcomes, BusyError) == 2, outcomes
    assert not SignUp.objects.exists()


def answer_and_cancel() -> tuple[list[Any], SignUp]:
    """Let one say yes while the other cancels: the yes holds the case and wants the seats, the other both."""
    sign_up = group(offering(5, policy=SeatPolicy.ORGANISER.value), 2)
    case = Case.objects.open().about(sign_up).get()
    chief = user("arrangoer@kommune.example")
    asker = Asker(actor=chief, principal=Principal(chief.uuid, grants=(Grant(Role.ORGANISER.value),)))

    def act(number: int) -> object:
        if number == 0:
            return places_cancel(actor=None, sign_up=sign_up)
        return case_transition(asker=asker, case=case, transition="approve", expected=1)

    with meeting_at("seats.locked", 2):
        return list(together(act, threads=2)), sign_up


def test_a_yes_and_a_cancellation_at_once_do_not_lock_each_other_out() -> None:
    outcomes, sign_up = answer_and_cancel()
    assert not [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, RefusedError)], (
        outcomes
    )
    assert (set(sign_up.participants.values_list("state", flat=True)), audit()) == ({"cancelled"}, [])
    assert not Case.objects.open().exists()


def test_negative_control_with_the_case_locked_last_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_lock_cases", lambda sign_ups: None)
    outcomes, _sign_up = answer_and_cancel()
    assert count(outcomes, OperationalError) > 0, outcomes
