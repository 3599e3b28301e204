"""What is deleted when: said beforehand, done by the clock, and nothing more than that."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from events.forgetting import forget, forget_what_is_old
from events.models import (
    Answer,
    Attendance,
    DoorLink,
    GuestWish,
    Letter,
    ListConsent,
    Occurrence,
    PlaceLink,
    Subscription,
)
from events.retention import keeping_lines, keeping_text
from events.running.attendance import attendance_counts
from events.running.doors import door_make
from events.services import occurrence_save, occurrence_spec
from events.signup.services import Wish, guest_ask, guest_sign_up
from portal.core import outbox
from portal.core.models import AuditEntry
from portal.core.models.outbox import OutboxMessage
from portal.seats.api import Participant, PlaceState, breaches, standing
from tests.events.joining import meeting, question, some_people, somebody
from tests.factories.accounts import user
from tests.factories.events import EventPageFactory, local

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

START = local(2027, 5, 12, 15, 30)
CANARY = "Kanariella Fuglsangsø"


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(local(2027, 5, 1, 12), tick=False)


def night(days: int) -> dt.datetime:
    """Return the run so many days after the meeting's own."""
    return local(2027, 5, 12, 3) + dt.timedelta(days=days)


def held(**values: Any) -> Occurrence:
    """Return a meeting at which somebody was who has left traces everywhere."""
    time = meeting(starts_at=START, **values)
    asked = question(time, keep_days=30)
    place = somebody(time, CANARY.replace("ø", "o")).participants.get()
    Participant.objects.filter(pk=place.pk).update(name=CANARY)
    Answer.objects.create(question=asked, participant=place, value=f"Spørg {CANARY}")
    ListConsent.objects.create(participant=place, shown="all")
    note = {"occurrence": time, "at": START, "state": "attended"}
    Attendance.objects.create(participant=place, recorded_by=user(), **note)
    Attendance.objects.create(name=CANARY, email="kanariella@kommune.example", key="k", **note)
    GuestWish.objects.create(
        occurrence=time, email="gaest@kommune.example", wish={"name": CANARY}, token_hash="g", expires_at=START
    )
    door_make(actor=None, occurrence=time)
    return time


def everything() -> str:
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found += [f"{table}: {row}" for row in cursor.fetchall() if "kanariella" in str(row).lower()]
    return "\n".join(found)


def test_answers_go_after_their_own_days_and_names_stay() -> None:
    held()
    forget(now=night(30))
    assert Answer.objects.exists()
    forget(now=night(31))
    assert not Answer.objects.exists()
    assert Participant.objects.filter(name=CANARY).exists()


def test_names_go_with_all_that_leads_to_them_and_the_numbers_stay() -> None:
    time = held()
    some_people(time, 2)
    numbers = (standing(time.offering), attendance_counts(time))
    assert "kanariella" in everything().lower()
    forget(now=night(180))
    assert Participant.objects.filter(name=CANARY).exists()
    forget(now=night(181))
    assert everything() == ""
    assert (standing(time.offering), attendance_counts(time)) == numbers
    assert Participant.objects.filter(state=PlaceState.BOOKED, name="slettet bruger").count() == 3
    for rows in (Answer, ListConsent, PlaceLink, GuestWish, Letter, DoorLink):
        assert not rows.objects.exists(), rows
    assert not OutboxMessage.objects.filter(topic="mail").exists()
    assert not Attendance.objects.filter(recorded_by__isnull=False).exists()
    assert list(breaches()) == []


def test_who_signed_herself_up_stands_no_longer_in_the_log_and_who_acted_for_others_does() -> None:
    from portal.seats.api import Person, sign_up_one

    time = meeting(starts_at=START)
    anna, boss = user("anna@kommune.example", first_name="Anna"), user("chef@kommune.example", first_name="Chef")
    sign_up_one(actor=anna, offering=time.offering, person=Person(user=anna), key="a")
    sign_up_one(actor=boss, offering=time.offering, person=Person("Bo Bison", "bo@kommune.example"), key="b")
    forget(now=night(181))
    labels = set(AuditEntry.objects.filter(action="seats.signed_up").values_list("actor_label", flat=True))
    assert not [label for label in labels if "Anna" in label]
    assert [label for label in labels if "Chef" in label]


def test_each_meeting_has_days_of_its_own_and_is_forgotten_once() -> None:
    held(keep_days=10)
    later = meeting(starts_at=START, event=EventPageFactory.make(signup_here=True))
    somebody(later, "Anna And")
    forget(now=night(11)), forget(now=night(12))
    assert AuditEntry.objects.filter(action="occurrence.forgotten").count() == 1
    assert Participant.objects.filter(name="Anna And").exists()
    assert everything() == ""


def test_a_meeting_that_is_held_once_more_is_forgotten_once_more(time_machine: Any) -> None:
    time = held()
    forget(now=night(181))
    time_machine.move_to(night(200), tick=False)
    again = Occurrence.objects.get(pk=time.pk)
    later = START + dt.timedelta(days=210)
    spec = replace(occurrence_spec(again), starts_at=later, ends_at=later + dt.timedelta(hours=2))
    occurrence_save(actor=None, occurrence=again, spec=replace(spec, seats=replace(spec.seats, seats_until=None)))
    somebody(Occurrence.objects.get(pk=time.pk), "Kanariella Junior")
    forget(now=night(210 + 180))
    assert Participant.objects.filter(name="Kanariella Junior").exists()
    forget(now=night(210 + 181))
    assert everything() == ""


def test_a_change_of_a_forgotten_meeting_brings_no_second_round(time_machine: Any) -> None:
    time = held()
    forget(now=night(181))
    time_machine.move_to(night(200), tick=False)
    again = Occurrence.objects.get(pk=time.pk)
    occurrence_save(actor=None, occurrence=again, spec=replace(occurrence_spec(again), access_notes="Elevator"))
    forget(now=night(201))
    assert AuditEntry.objects.filter(action="occurrence.forgotten").count() == 1


def test_a_dry_run_counts_the_same_and_writes_nothing(time_machine: Any) -> None:
    held()
    time_machine.move_to(night(200), tick=False)
    out = io.StringIO()
    call_command("events_forget", "--dry-run", stdout=out)
    assert "names: 1 would go" in out.getvalue() and "answers: 1 would go" in out.getvalue()
    assert Participant.objects.filter(name=CANARY).exists() and Answer.objects.exists()
    out = io.StringIO()
    call_command("events_forget", stdout=out)
    assert "names: 1\n" in out.getvalue()
    assert everything() == ""


def test_links_and_wishes_that_ran_out_and_addresses_that_nobody_confirmed_go() -> None:
    held()
    now = local(2027, 5, 1, 12)
    old = Subscription.objects.create(email="en@kommune.example", scope="all")
    kept = Subscription.objects.create(email="to@kommune.example", scope="all", confirmed_at=now)
    forget(now=now + dt.timedelta(days=6))
    assert Subscription.objects.count() == 2
    forget(now=night(2) + dt.timedelta(hours=22))
    assert list(Subscription.objects.all()) == [kept], old
    assert not GuestWish.objects.exists() and not DoorLink.objects.exists()
    assert PlaceLink.objects.exists(), "they live two weeks longer than the meeting"
    forget(now=night(15))
    assert not PlaceLink.objects.exists()


def asked(time: Occurrence, name: str) -> GuestWish:
    """Return what a guest has written; its mail has left."""
    wish = guest_ask(
        occurrence=time,
        uuid=uuid4(),
        wish=Wish(key=name, name=name, email=f"{name.lower().replace(' ', '.')}@privat.example"),
    )
    outbox.drain()
    return wish


def known_of(wish: GuestWish) -> list[int]:
    """Return how many rows know a guest's address: wishes, letters, mails."""
    mails = OutboxMessage.objects.filter(topic="mail")
    return [
        GuestWish.objects.filter(email=wish.email).count(),
        Letter.objects.filter(email=wish.email).count(),
        sum(1 for mail in mails if wish.email in str(mail.payload)),
    ]


def test_who_never_confirmed_is_forgotten_with_her_wish_and_all_that_was_written_to_her() -> None:
    time = meeting(starts_at=START)
    somebody(time, "Anna And")
    lost, now = asked(time, "Kanariella Fremmed"), local(2027, 5, 1, 12)
    kept = GuestWish.objects.get(pk=asked(time, "Bo Gaest").pk)
    GuestWish.objects.filter(pk=kept.pk).update(expires_at=now + dt.timedelta(days=9))
    others = Letter.objects.filter(participant__isnull=False).count()
    forget(now=now + dt.timedelta(days=2, hours=23))
    assert known_of(lost) == [1, 1, 1]
    assert [found.count for found in forget(now=now + dt.timedelta(days=4), dry_run=True)][2:4] == [1, 1]
    assert known_of(lost) == [1, 1, 1]
    forget(now=now + dt.timedelta(days=4))
    assert known_of(lost) == [0, 0, 0]
    assert everything() == ""
    assert known_of(kept) == [1, 1, 1]
    assert Letter.objects.filter(participant__isnull=False).count() == others


def test_a_mail_whose_wish_went_without_it_is_found() -> None:
    wish = asked(meeting(starts_at=START), "Kanariella Fremmed")
    GuestWish.objects.filter(pk=wish.pk).delete()
    forget(now=local(2027, 5, 1, 13))
    assert everything() == ""


def test_a_guest_who_confirmed_keeps_the_mails_about_her_place() -> None:
    wish = asked(meeting(starts_at=START), "Anna Gaest")
    guest_sign_up(wish=wish)
    outbox.drain()
    forget(now=local(2027, 5, 5, 12))
    assert [letter.kind for letter in Letter.objects.filter(email=wish.email)] == ["confirmed"]
    assert Participant.objects.get().email == wish.email


def test_nothing_of_a_meeting_to_come_is_touched(time_machine: Any) -> None:
    time = held(keep_days=1)
    forget_what_is_old()
    assert Participant.objects.get(offering=time.offering).name == CANARY
    assert Letter.objects.exists()


def test_what_is_promised_is_what_is_done() -> None:
    time = held()
    text = keeping_text(time)
    assert "9. november 2027" in text, text
    assert "12. juni 2027" in text, text
    lines = keeping_lines(time)
    assert len(lines) == 2
    forget(now=night(181))
    assert len(keeping_lines(Occurrence.objects.get())) == 1
