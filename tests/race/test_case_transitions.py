"""Eight people press at once: one moves the case, seven are told that somebody was faster; the clock moves a case once."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import IntegrityError
from django.utils import timezone

from portal.workflows.api import Asker, Case, StaleCaseError, Via, case_start, case_transition, cases_due
from tests.support.race import meeting_at, together, without_locks
from tests.workflows.processes import KIND, process, store, thing

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 8


@pytest.fixture
def case(tmp_path: Path) -> Case:
    store(
        tmp_path,
        process().replace('who = [{ name = "right", needs = "contacts.change_contactcard" }]', 'who = ["link"]'),
    )
    return case_start(actor=None, kind=KIND, subject=thing())


def press(case: Case) -> list[object]:
    def begin(number: int) -> Case:
        asker = Asker(via=Via.LINK, label=f"Person {number}")
        return case_transition(asker=asker, case=case, transition="begin", expected=1)

    with meeting_at("workflows.locked", PEOPLE):
        return list(together(begin, threads=PEOPLE))


def count(outcomes: list[object], kind: type[object]) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


def test_one_wins_and_the_others_are_told(case: Case) -> None:
    outcomes = press(case)
    assert (count(outcomes, Case), count(outcomes, StaleCaseError)) == (1, PEOPLE - 1), outcomes
    assert case.steps.count() == 2


def test_negative_control_without_the_lock_only_the_constraint_stops_them(case: Case) -> None:
    with without_locks():
        outcomes = press(case)
    assert count(outcomes, IntegrityError) > 0, outcomes
    assert case.steps.count() == 2


def test_eight_clocks_move_a_case_once(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now(), entered_at=timezone.now() - dt.timedelta(days=31))
    outcomes = together(lambda number: cases_due(), threads=PEOPLE)
    assert outcomes == [None] * PEOPLE
    case.refresh_from_db()
    assert (case.state, case.steps.count()) == ("done", 2)


def test_eight_starts_are_one_case(tmp_path: Path, case: Case) -> None:
    Case.objects.all().delete()
    outcomes = together(lambda number: case_start(actor=None, kind=KIND, subject=thing()), threads=PEOPLE)
    assert len({getattr(outcome, "pk", outcome) for outcome in outcomes}) == 1, outcomes
    assert Case.objects.get().steps.count() == 1
