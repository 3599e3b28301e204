"""The audit finds every breach that can be planted, writes nothing, and is silent where all is well."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.seats.api import (
    Offer,
    Offering,
    Participant,
    PlaceChange,
    SeatPolicy,
    offering_save,
    places_cancel,
    spec_of,
)
from portal.workflows.api import Case
from tests.seats.lines import group, offering, one

pytestmark = pytest.mark.django_db


def audit() -> tuple[int, list[str]]:
    out = StringIO()
    code = 0
    try:
        call_command("audit_seats", stdout=out)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, out.getvalue().splitlines()


def busy() -> Offering:
    """Seats at which something of everything has happened."""
    seats = offering(3, offer_hours=24)
    first = group(seats, 2, unnamed=1)
    group(seats, 2), one(seats)
    places_cancel(actor=None, sign_up=first, places=[place.uuid for place in first.participants.all()[:2]])
    one(offering(2, policy=SeatPolicy.ORGANISER.value))
    return seats


def test_all_is_well_and_nothing_is_written() -> None:
    offering_save(actor=None, spec=replace(spec_of(seats := busy()), capacity=1), offering=seats)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert audit() == (0, [])
    assert not [q for q in queries.captured_queries if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]


def oversell(seats: Offering) -> None:
    place = Participant.objects.filter(offering=seats).waiting().last()
    Participant.objects.filter(pk=place.pk).update(state="booked")
    PlaceChange.objects.create(participant=place, source="waiting", target="booked", reason="given", at=timezone.now())


def forget_history(seats: Offering) -> None:
    PlaceChange.objects.filter(participant__offering=seats, target="offered").delete()


def same_name_other_account(seats: Offering) -> None:
    Participant.objects.filter(offering=seats).update(offering=offering(None))


def answer_offer_alone(seats: Offering) -> None:
    Offer.objects.update(state="accepted", answered_at=timezone.now())


def forget_offered(seats: Offering) -> None:
    for place in Participant.objects.filter(state="offered"):
        Participant.objects.filter(pk=place.pk).update(state="lapsed")
        PlaceChange.objects.create(
            participant=place, source="offered", target="lapsed", reason="expired", at=timezone.now()
        )


def end_the_seats_by_hand(seats: Offering) -> None:
    Offering.objects.filter(pk=seats.pk).update(seats_until=timezone.now() + dt.timedelta(hours=1))


def stop_the_clock(seats: Offering) -> None:
    Offer.objects.update(deadline=timezone.now() - dt.timedelta(hours=2))


def forget_names(seats: Offering) -> None:
    seats.sign_ups.update(names_by=timezone.now() - dt.timedelta(hours=2))


def raise_capacity_by_hand(seats: Offering) -> None:
    Offering.objects.filter(pk=seats.pk).update(capacity=30)


def close_case(seats: Offering) -> None:
    Case.objects.update(closed_at=timezone.now())


def cancel_past_the_service(seats: Offering) -> None:
    for place in Participant.objects.filter(state="pending"):
        Participant.objects.filter(pk=place.pk).update(state="cancelled")


def jump_approval(seats: Offering) -> None:
    for place in Participant.objects.filter(state="pending"):
        Participant.objects.filter(pk=place.pk).update(state="booked")
        PlaceChange.objects.create(
            participant=place, source="pending", target="booked", reason="given", at=timezone.now()
        )


@pytest.mark.parametrize(
    ("rule", "breach"),
    [
        ("oversold", oversell),
        ("history", forget_history),
        ("elsewhere", same_name_other_account),
        ("no-offer", answer_offer_alone),
        ("empty-offer", forget_offered),
        ("overdue-offer", stop_the_clock),
        ("late-offer", end_the_seats_by_hand),
        ("overdue-name", forget_names),
        ("lost-turn", raise_capacity_by_hand),
        ("no-case", close_case),
        ("idle-case", cancel_past_the_service),
        ("unapproved", jump_approval),
    ],
)
def test_a_breach_is_a_line_and_an_exit_code(rule: str, breach: Callable[[Offering], None]) -> None:
    seats = busy()
    assert audit() == (0, [])
    breach(seats)
    code, lines = audit()
    assert code == 1
    assert any(line.startswith(f"{rule} ") for line in lines), lines


def test_two_active_places_of_one_person_are_found_where_the_index_is_lost() -> None:
    seats = offering(5)
    one(seats, "Maria"), one(seats, "Bo")
    index = next(c for c in Participant._meta.constraints if c.name == "seats_one_place_per_address")
    with connection.schema_editor() if connection.vendor != "sqlite" else connection.cursor() as editor:
        editor.execute("DROP INDEX seats_one_place_per_address")
    Participant.objects.update(email="maria@kommune.example")
    code, lines = audit()
    assert index.name and (code, [line.split()[0] for line in lines]) == (1, ["twice"])
