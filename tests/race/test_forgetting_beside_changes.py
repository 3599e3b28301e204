"""A meeting is changed while its names are taken off: neither waits for the other for ever, and the later word counts."""

import datetime as dt
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from events import forgetting
from events.models import Occurrence
from events.services import occurrence_save, occurrence_spec
from portal.core.failpoints import set_failpoint
from portal.seats.api import Participant, people_forget
from tests.events.joining import meeting, somebody
from tests.support.race import together

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]

YEAR = dt.timedelta(days=365)


@pytest.fixture
def over() -> Occurrence:
    """Return a meeting of last year at which Anna was."""
    made = meeting(5, keep_days=30)
    somebody(made, "Anna And")
    then = timezone.now() - YEAR
    Occurrence.objects.filter(pk=made.pk).update(starts_at=then, ends_at=then + dt.timedelta(hours=2))
    made.refresh_from_db()
    return made


def save(occurrence: Occurrence, **values: Any) -> Occurrence:
    found = Occurrence.objects.get(pk=occurrence.pk)
    spec = occurrence_spec(found)
    seats = replace(spec.seats, seats_until=None)
    return occurrence_save(actor=None, occurrence=found, spec=replace(spec, seats=seats, **values))


def at_once(occurrence: Occurrence, patch: pytest.MonkeyPatch) -> list[Any]:
    """Change the meeting while the clock stands between its locks and its work."""
    holding = threading.Event()

    def slowly(**values: Any) -> int:
        holding.set()
        time.sleep(1)
        return people_forget(**values)

    patch.setattr("events.forgetting.people_forget", slowly)

    def act(number: int) -> Any:
        if number == 0:
            return forgetting.forget(now=timezone.now())
        assert holding.wait(20)
        return save(occurrence, place="Et andet sted")

    return together(act, threads=2)


def test_a_change_waits_until_the_names_are_off(over: Occurrence, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten, saved = at_once(over, monkeypatch)
    assert forgetting.Forgotten("names", 1) in forgotten
    assert isinstance(saved, Occurrence), saved
    over.refresh_from_db()
    assert (over.place, over.forgotten_at is not None) == ("Et andet sted", True)
    assert not Participant.objects.filter(name="Anna And").exists()


def test_negative_control_the_meeting_before_its_seats_ends_in_a_deadlock(
    over: Occurrence, monkeypatch: pytest.MonkeyPatch
) -> None:
    def the_other_way_round(occurrence: Occurrence) -> Occurrence:
        return Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)

    monkeypatch.setattr(forgetting, "_locked", the_other_way_round)
    outcomes = at_once(over, monkeypatch)
    assert any(isinstance(outcome, OperationalError) for outcome in outcomes), outcomes


def test_a_meeting_that_is_moved_meanwhile_keeps_its_people(over: Occurrence) -> None:
    holding = threading.Event()

    def hold() -> None:
        if not holding.is_set():
            holding.set()
            time.sleep(1)

    def act(number: int) -> Any:
        if number == 0:
            return save(over, starts_at=over.starts_at + 2 * YEAR, ends_at=over.ends_at + 2 * YEAR)
        assert holding.wait(20)
        return forgetting.forget(now=timezone.now())

    set_failpoint("seats.locked", hold)
    try:
        saved, forgotten = list[Any](together(act, threads=2))
    finally:
        set_failpoint("seats.locked", None)
    assert isinstance(saved, Occurrence), saved
    assert forgetting.Forgotten("names", 0) in forgotten
    assert Participant.objects.filter(name="Anna And").exists()
