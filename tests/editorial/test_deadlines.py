"""Deadlines: reminders once, a louder call after the end, substitutes; and never an approval."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from portal.accounts.api import principal_of
from portal.core.models.audit import AuditEntry
from portal.core.models.outbox import OutboxMessage
from portal.editorial import deadlines
from portal.editorial.api import NotYoursError, StepState, tick
from portal.editorial.models import Vote
from portal.editorial.moments import moment_of
from portal.editorial.schema import Deadline
from tests.editorial.definitions import BOTH, step
from tests.editorial.world import Bound, bound, fresh
from tests.factories.accounts import administrator, user

pytestmark = pytest.mark.django_db

BEGAN = dt.datetime(2026, 10, 20, 8, 0, tzinfo=dt.UTC)
SUBSTITUTES = "Stedfortrædere"


def days(number: float) -> dt.datetime:
    return BEGAN + dt.timedelta(days=number, minutes=1)


def rules(text: str) -> str:
    return step("parties", BOTH, f"start = true\n[steps.deadline]\n{text}")


RULES = 'days = 14\nremind = [7, 2]\nescalate = ["administrator"]\n'
WITH_SUBSTITUTES = f'{RULES}substitutes = ["hk={SUBSTITUTES}"]\n'


@pytest.fixture
def clock() -> Iterator[Any]:
    """Stand still at the moment when the page is sent in; `move_to` another."""
    with time_machine.travel(BEGAN, tick=False) as traveller:
        yield traveller


def waiting(tmp_path: Path, text: str = RULES) -> Bound:
    world = bound(tmp_path, steps=rules(text))
    world.send()
    return world


def look(clock: Any, at: dt.datetime) -> None:
    clock.move_to(at, tick=False)
    tick(at)


def asked(at: dt.datetime | None = None) -> int:
    """Count the people for whom a digest was asked, in all or at a moment."""
    rows = OutboxMessage.objects.filter(topic="editorial.digest")
    return (rows.filter(created_at=at) if at else rows).count()


def test_the_step_is_due_by_the_calendar_here_also_when_the_clock_goes_back(tmp_path: Path, clock: Any) -> None:
    state = waiting(tmp_path).state()
    # The clock goes back on 25 October: ten o'clock is nine o'clock in UTC afterwards.
    assert state.due_at == dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)


def test_each_reminder_is_asked_for_once_and_of_those_who_have_not_answered(tmp_path: Path, clock: Any) -> None:
    world = waiting(tmp_path)
    look(clock, days(6.9))
    assert asked() == 0
    look(clock, days(7.1))
    # HK's three, and KL's two who did not write it.
    assert asked(days(7.1)) == 5
    look(clock, days(7.2))
    assert (asked(), fresh_state(world).reminded) == (5, 1)
    world.vote("hk")
    look(clock, days(12.1))
    assert asked(days(12.1)) == 2
    look(clock, days(12.2))
    assert (asked(), fresh_state(world).reminded) == (7, 2)


def fresh_state(world: Bound) -> StepState:
    return StepState.steps.get(pk=world.state().pk)


def test_a_clock_that_stood_still_makes_up_for_two_reminders_with_one(tmp_path: Path, clock: Any) -> None:
    world = waiting(tmp_path)
    look(clock, days(12.5))
    assert asked() == 5
    look(clock, days(13))
    assert (asked(), fresh_state(world).reminded) == (5, 2)


def test_a_reminder_that_lies_before_the_step_began_is_none(tmp_path: Path, clock: Any) -> None:
    world = waiting(tmp_path, "days = 5\nremind = [4]\n")
    found = deadlines.reminders(fresh_state(world), Deadline(days=5, remind=(20, 5, 4, 0)))
    assert found == [dt.datetime(2026, 10, 21, 8, 0, tzinfo=dt.UTC)]
    look(clock, BEGAN + dt.timedelta(minutes=2))
    assert asked() == 0


def test_after_the_end_it_is_told_once_loudly_and_nothing_is_made_up_for(tmp_path: Path, clock: Any) -> None:
    chief = administrator("chef@portal.example")
    world = waiting(tmp_path)
    look(clock, days(15))
    mails = OutboxMessage.objects.filter(topic="mail", payload__to=chief.email)
    mail = mails.get()
    assert "Om profilerne" in mail.payload["subject"] and "3. november 2026" in mail.payload["text"]
    assert f"/{world.state().workflow_state.submission.uuid}/" in mail.payload["text"]
    entry = AuditEntry.objects.get(action="page.answer_overdue")
    assert (entry.actor_label, entry.after["step"], entry.after["told"]) == ("system", "parties", 1)
    state = fresh_state(world)
    assert (state.escalated_at, state.reminded) == (days(15), 0)
    assert asked(days(15)) == 5
    look(clock, days(16))
    assert mails.count() == 1
    assert AuditEntry.objects.filter(action="page.answer_overdue").count() == 1
    assert asked() == 5


def test_two_clocks_at_once_do_it_once(tmp_path: Path, clock: Any) -> None:
    chief = administrator("chef@portal.example")
    state = waiting(tmp_path).state()
    clock.move_to(days(15), tick=False)
    step_row, same = state.task.specific, StepState.steps.get(pk=state.pk)
    deadlines.look(state, step_row, days(15))
    deadlines.look(same, step_row, days(15))
    assert OutboxMessage.objects.filter(topic="mail", payload__to=chief.email).count() == 1
    assert AuditEntry.objects.filter(action="page.answer_overdue").count() == 1


def test_a_deadline_never_approves(tmp_path: Path, clock: Any) -> None:
    world = waiting(tmp_path, "days = 1\n")
    for passed in (2, 30, 400):
        look(clock, days(passed))
    assert not world.is_new()
    assert not Vote.objects.exists()
    assert fresh_state(world).status == "in_progress"


def test_a_step_without_a_deadline_asks_nobody(tmp_path: Path, clock: Any) -> None:
    world = bound(tmp_path, steps=step("parties", BOTH, "start = true"))
    world.send()
    look(clock, days(100))
    assert world.state().due_at is None
    assert asked() == 0


# --- Substitutes ------------------------------------------------------------------------------------------------------


def with_substitute(tmp_path: Path) -> Bound:
    group = Group.objects.create(name=SUBSTITUTES)
    world = waiting(tmp_path, WITH_SUBSTITUTES)
    person = user("vikar@portal.example")
    person.groups.add(group)
    world.people["substitute"] = fresh(person)
    return world


def test_a_substitute_answers_for_a_party_after_the_end_and_not_before(tmp_path: Path, clock: Any) -> None:
    world = with_substitute(tmp_path)
    clock.move_to(days(13), tick=False)
    with pytest.raises(NotYoursError):
        world.vote("substitute")
    clock.move_to(days(15), tick=False)
    vote = world.vote("substitute")
    assert (vote.seat, vote.as_substitute) == ("party:hk", True)
    assert not world.is_new()
    late = world.vote("kl2")
    assert (late.seat, late.as_substitute) == ("party:kl", False)
    assert world.is_new()


def test_a_substitute_never_takes_another_party_s_seat(tmp_path: Path, clock: Any) -> None:
    world = with_substitute(tmp_path)
    clock.move_to(days(15), tick=False)
    with pytest.raises(NotYoursError):
        world.vote("substitute", seat="party:kl")


def test_who_wrote_it_is_no_substitute_for_the_other_party(tmp_path: Path, clock: Any) -> None:
    world = with_substitute(tmp_path)
    world.author.groups.add(Group.objects.get(name=SUBSTITUTES))
    clock.move_to(days(15), tick=False)
    with pytest.raises(NotYoursError):
        world.vote("kl", seat="party:hk")


def test_a_session_without_a_second_factor_lends_no_group(tmp_path: Path, clock: Any) -> None:
    world = bound(tmp_path, steps=rules('days = 14\nsubstitutes = ["hk=Redaktører, KL"]\n'))
    world.send()
    clock.move_to(days(15), tick=False)
    state, colleague = world.state(), world.people["kl2"]
    moment, row = moment_of(state.workflow_state.submission, state, at=timezone.now()), state.task.specific
    seats = row_seats(row, moment)
    strong = deadlines.substitute_seats(moment, row, seats, colleague, principal_of(colleague, strong=True))
    weak = deadlines.substitute_seats(moment, row, seats, colleague, principal_of(colleague, strong=False))
    assert ([seat.key for seat in strong], weak) == (["party:hk"], ())


def row_seats(row: Any, moment: Any) -> Any:
    from portal.editorial.moments import type_of

    entry, given = type_of(row)
    return entry.what.seats(moment, given)
