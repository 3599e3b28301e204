"""Reminders: one at the right moment, none to whoever needs none, whatever the worker has been through."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail

from events.api import Occurrence, occurrence_cancel, occurrence_save, occurrence_spec
from events.letters.api import reminder_at
from events.letters.reminders import remind
from events.models import Letter
from portal.core import outbox, periodic
from portal.core.models import OutboxMessage
from portal.seats.api import OfferingSpec, person_substitute, places_cancel
from tests.events.letters import calendar_of, delivered, event_of, group, meeting, one, person, text_of
from tests.factories.events import local

pytestmark = pytest.mark.django_db
SIGNED_UP = local(2027, 4, 1, 12)
# The meeting begins on 12 May at 15.30.
DUE = local(2027, 5, 10, 9)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _april() -> Any:
    with time_machine.travel(SIGNED_UP, tick=False):
        yield


def at(moment: dt.datetime, times: int = 1) -> list[Any]:
    """Let the job run at a moment, and return the reminders that arrived."""
    with time_machine.travel(moment, tick=False):
        for _run in range(times):
            remind()
        return [mail for mail in delivered() if "Påmindelse" in mail["Subject"]]


def test_it_comes_at_nine_in_the_morning_so_many_days_before_and_once() -> None:
    one(meeting())
    assert at(DUE - MINUTE) == []
    [mail] = at(DUE, times=3)
    assert mail["To"] == "anna@kommune.example"
    assert "onsdag 12. maj 2027 kl. 15.30–17.30" in text_of(mail)
    assert (calendar_of(mail)["METHOD"], event_of(mail)["SEQUENCE"]) == ("REQUEST", 1)
    assert at(DUE + dt.timedelta(hours=3)) == []


def test_the_worker_runs_it_every_ten_minutes() -> None:
    [job] = [job for job in periodic.jobs() if job.name == "letters.remind"]
    assert (job.interval, job.run) == (dt.timedelta(minutes=10), remind)


def test_a_worker_that_stood_still_sends_one_late_reminder_and_none_after_the_start() -> None:
    one(meeting())
    assert len(at(local(2027, 5, 12, 15), times=5)) == 1
    other = meeting()
    one(other)
    assert at(local(2027, 5, 12, 15, 30)) == []
    assert at(local(2027, 5, 14, 9)) == []


@pytest.mark.parametrize("late", [dt.timedelta(0), MINUTE, dt.timedelta(days=1)])
def test_whoever_signed_up_since_that_moment_needs_none(late: dt.timedelta) -> None:
    made = meeting()
    with time_machine.travel(DUE + late, tick=False):
        one(made)
        outbox.drain()
    # Whatever is still known of her mails: the reminder's time lies before the sign-up.
    Letter.objects.all().delete()
    assert at(DUE + dt.timedelta(days=1, hours=1)) == []


def test_whoever_was_promoted_or_put_in_another_s_place_since_needs_none() -> None:
    made = meeting(capacity=1)
    anna, _bo = one(made, "Anna"), one(made, "Bo")
    other = meeting()
    handed_on = group(other, "Carl")
    with time_machine.travel(DUE + MINUTE, tick=False):
        places_cancel(actor=None, sign_up=anna)
        person_substitute(
            actor=None, sign_up=handed_on, place=handed_on.participants.get().uuid, person=person("Dorte")
        )
    assert at(DUE + dt.timedelta(hours=1)) == []


def test_only_those_who_have_a_seat_are_reminded() -> None:
    made = meeting(seats=OfferingSpec(capacity=2, offer_hours=2000))
    anna = one(made, "Anna")
    gone = one(made, "Bo")
    one(made, "Carl")
    places_cancel(actor=None, sign_up=gone)
    assert [mail["To"].split("@")[0] for mail in at(DUE)] == ["anna"]
    assert anna.participants.get().state == "booked"


@pytest.mark.parametrize("how", ["never", "cancelled"])
def test_without_a_day_or_without_a_meeting_there_is_none(how: str) -> None:
    made = meeting(remind_days=None) if how == "never" else meeting()
    one(made)
    if how == "cancelled":
        occurrence_cancel(actor=None, occurrence=made, reason="Syg.")
    assert at(DUE) == []
    assert reminder_at(meeting(remind_days=None)) is None


def _moved(made: Occurrence, days: int) -> None:
    made.refresh_from_db()
    spec = occurrence_spec(made)
    delta = dt.timedelta(days=days)
    occurrence_save(
        actor=None, occurrence=made, spec=replace(spec, starts_at=spec.starts_at + delta, ends_at=spec.ends_at + delta)
    )


def test_a_moved_meeting_gets_a_new_one_and_the_same_day_none() -> None:
    made = meeting()
    one(made)
    assert len(at(DUE)) == 1
    with time_machine.travel(DUE + MINUTE, tick=False):
        _moved(made, 7)
        delivered()
    assert at(DUE + dt.timedelta(days=6)) == []
    assert len(at(DUE + dt.timedelta(days=7), times=2)) == 1


def test_moved_so_near_that_the_change_says_it_all() -> None:
    made = meeting()
    one(made)
    with time_machine.travel(local(2027, 5, 5, 12), tick=False):
        _moved(made, -6)
        delivered()
        remind()
        assert delivered() == []
    assert at(local(2027, 5, 6, 10)) == []


def test_a_storm_of_runs_sends_one_each() -> None:
    made = meeting(capacity=30)
    for number in range(20):
        one(made, f"Person{number}")
    with time_machine.travel(DUE, tick=False):
        outbox.drain()
        for _run in range(10):
            remind()
        assert Letter.objects.filter(kind="reminder").count() == 20
    assert len(at(DUE + MINUTE, times=10)) == 20


def test_what_the_mail_server_would_not_take_before_the_start_is_taken_back() -> None:
    one(meeting())
    with time_machine.travel(DUE, tick=False):
        outbox.drain()
        remind()
    assert OutboxMessage.objects.filter(key__startswith="remind:", state="waiting").exists()
    assert at(local(2027, 5, 12, 16)) == []
    assert not OutboxMessage.objects.filter(key__startswith="remind:").exists()
    assert not Letter.objects.filter(kind="reminder").exists()


def test_a_reminder_on_its_way_is_taken_back_when_the_place_is_given_up() -> None:
    sign_up = one(meeting())
    with time_machine.travel(DUE, tick=False):
        outbox.drain()
        remind()
        places_cancel(actor=None, sign_up=sign_up)
        django_mail.outbox.clear()
        [mail] = delivered()
    assert "Påmindelse" not in mail["Subject"]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # Between them lies a night when the clock changes.
        (local(2027, 3, 29, 8), dt.datetime(2027, 3, 27, 8, tzinfo=dt.UTC)),
        (local(2027, 11, 1, 8), dt.datetime(2027, 10, 30, 7, tzinfo=dt.UTC)),
        # The night itself.
        (local(2027, 3, 28, 1), dt.datetime(2027, 3, 26, 8, tzinfo=dt.UTC)),
        (local(2027, 10, 31, 4), dt.datetime(2027, 10, 29, 7, tzinfo=dt.UTC)),
    ],
)
def test_nine_is_nine_on_the_clocks_here_across_the_change(start: dt.datetime, due: dt.datetime) -> None:
    with time_machine.travel(local(2027, 2, 1, 12), tick=False):
        made = meeting(starts_at=start)
        one(made)
    assert reminder_at(made) == due
    assert at(due - MINUTE) == []
    assert len(at(due)) == 1


# --- Names -----------------------------------------------------------------------------------------------------------

NAMES_BY = local(2027, 5, 1, 12)


def asked(moment: dt.datetime) -> list[Any]:
    """Return the mails about missing names that come at a moment."""
    with time_machine.travel(moment, tick=False):
        remind()
        remind()
        return [mail for mail in delivered() if "navne" in mail["Subject"].lower()]


def test_missing_names_are_asked_for_three_days_before_and_once() -> None:
    group(meeting(seats=OfferingSpec(capacity=5, names_by=NAMES_BY)), "Anna", unnamed=2)
    assert asked(NAMES_BY - dt.timedelta(days=3, minutes=1)) == []
    [mail] = asked(NAMES_BY - dt.timedelta(days=3))
    assert mail["To"] == "karen@kommune.example"
    assert "2 pladser har ikke fået navne endnu." in text_of(mail)
    assert "lørdag 1. maj 2027 kl. 12.00" in text_of(mail)
    assert asked(NAMES_BY - dt.timedelta(days=1)) == []


def test_nobody_is_asked_when_nothing_is_missing_or_it_is_too_late() -> None:
    made = meeting(seats=OfferingSpec(capacity=9, names_by=NAMES_BY))
    group(made, "Anna", "Bo")
    gone = group(made, unnamed=2, contact_email="lis@kommune.example")
    places_cancel(actor=None, sign_up=gone)
    assert asked(NAMES_BY - dt.timedelta(days=2)) == []
    with time_machine.travel(NAMES_BY - dt.timedelta(days=2), tick=False):
        group(made, unnamed=1)
        delivered()
    assert asked(NAMES_BY - dt.timedelta(days=1)) == [], "she has just written how many come"
