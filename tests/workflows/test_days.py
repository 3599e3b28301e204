"""A day that a person chooses: asked for, held within bounds, kept in the history, and kept by the clock."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine

from portal.accounts.api import User
from portal.core.models import AuditEntry
from portal.workflows.api import (
    Before,
    Case,
    DayError,
    case_screen,
    case_start,
    case_transition,
    cases_due,
    definitions_export,
)
from portal.workflows.files import BadDefinitionError
from portal.workflows.reading import read
from tests.factories.accounts import editor
from tests.workflows.processes import KIND, by, process, store, thing

pytestmark = pytest.mark.django_db
# Half past midnight here, and still the day before in UTC.
NOW = dt.datetime(2026, 6, 9, 22, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)
WAITS = """
[[states]]
key = "new"
title = { da = "Ny", en = "New" }
start = true

[[states]]
key = "put-off"
title = { da = "Udskudt", en = "Put off" }

[[states]]
key = "done"
title = { da = "Færdig", en = "Done" }
final = true

[[transitions]]
key = "wait"
title = { da = "Vent til", en = "Wait until" }
from = ["new", "put-off"]
to = "put-off"
asks_day = { months = 2 }
who = [{ name = "right", needs = "contacts.change_contactcard" }]

[[transitions]]
key = "come-back"
title = { da = "Kom igen", en = "Come back" }
from = ["put-off"]
to = "new"
due = "given"

[[transitions]]
key = "finish"
title = { da = "Gør færdig", en = "Finish" }
from = ["new", "put-off"]
to = "done"
who = [{ name = "right", needs = "contacts.change_contactcard" }]
"""


@pytest.fixture
def hk() -> User:
    return editor()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    store(tmp_path, process(body=WAITS))
    with time_machine.travel(NOW, tick=False):
        return case_start(actor=None, kind=KIND, subject=thing())


def wait(case: Case, hk: User, day: dt.date | None, expected: int = 1) -> Case:
    return case_transition(asker=by(hk), case=case, transition="wait", expected=expected, day=day)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (None, "Vælg en dag efter i dag."),
        (TODAY - dt.timedelta(days=1), "Vælg en dag efter i dag."),
        (TODAY, "Vælg en dag efter i dag."),
        (dt.date(2026, 8, 11), r"Vælg en dag senest 10\. august 2026\."),
        (dt.date.max, "Vælg en dag senest"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_a_day_that_is_missing_past_or_too_far_is_refused(case: Case, hk: User, day: dt.date, reason: str) -> None:
    with pytest.raises(DayError, match=reason):
        wait(case, hk, day)
    case.refresh_from_db()
    assert (case.state, case.number, case.chosen_day) == ("new", 1, None)


@pytest.mark.parametrize("day", [TODAY + dt.timedelta(days=1), dt.date(2026, 8, 10)])
@time_machine.travel(NOW, tick=False)
def test_the_first_and_the_last_day_are_taken_and_kept(case: Case, hk: User, day: dt.date) -> None:
    case = wait(case, hk, day)
    assert (case.state, case.chosen_day, case.steps.get(number=2).chosen_day) == ("put-off", day, day)
    assert AuditEntry.objects.get(action="case.wait").after["day"] == day.isoformat()


def test_the_case_comes_back_with_the_first_minute_of_the_day_here(case: Case, hk: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        wait(case, hk, dt.date(2026, 6, 20))
        clock.move_to(dt.datetime(2026, 6, 19, 21, 59, tzinfo=dt.UTC))
        cases_due()
        case.refresh_from_db()
        assert case.state == "put-off"
        clock.move_to(dt.datetime(2026, 6, 19, 22, 0, tzinfo=dt.UTC))
        cases_due()
        cases_due()
    case.refresh_from_db()
    assert (case.state, case.number, case.chosen_day, case.due_at) == ("new", 3, None, None)
    assert case.steps.get(number=3).who == "Portalen, af sig selv"


@time_machine.travel(NOW, tick=False)
def test_whoever_puts_it_off_again_chooses_anew(case: Case, hk: User) -> None:
    wait(case, hk, dt.date(2026, 6, 20))
    case = wait(case, hk, dt.date(2026, 7, 1), expected=2)
    assert case.chosen_day == dt.date(2026, 7, 1)
    assert case.due_at == dt.datetime(2026, 6, 30, 22, 0, tzinfo=dt.UTC)


@time_machine.travel(NOW, tick=False)
def test_a_day_that_nobody_asked_for_leaves_no_trace(case: Case, hk: User) -> None:
    case = case_transition(asker=by(hk), case=case, transition="finish", expected=1, day=TODAY + dt.timedelta(days=2))
    assert (case.chosen_day, case.due_at, case.steps.get(number=2).chosen_day) == (None, None, None)


@time_machine.travel(NOW, tick=False)
def test_the_screen_asks_for_the_day_and_shows_it(case: Case, hk: User) -> None:
    way, finish = case_screen(case, by(hk), subject=thing()).ways
    assert (way.days, way.asks) == ((TODAY + dt.timedelta(days=1), dt.date(2026, 8, 10)), True)
    assert (finish.days, finish.asks) == (None, False)
    screen = case_screen(wait(case, hk, dt.date(2026, 6, 20)), by(hk), subject=thing())
    assert screen.next_at is not None
    assert (screen.next_at.date(), screen.next_title) == (dt.date(2026, 6, 20), "Ny")
    assert screen.history[0].day == dt.date(2026, 6, 20)
    assert [each.when for each in screen.picture.ways] == ["", "af sig selv på den valgte dag", ""]


def test_what_stood_elsewhere_before_begins_where_it_stood(tmp_path: Path) -> None:
    store(tmp_path, process(body=WAITS))
    with time_machine.travel(NOW, tick=False):
        before = Before(NOW - dt.timedelta(days=5), "put-off", dt.date(2026, 6, 20))
        case = case_start(actor=None, kind=KIND, subject=thing(), before=before)
        assert (case.state, case.chosen_day, case.entered_at) == ("put-off", before.day, before.since)
        case.delete()
        elsewhere = case_start(actor=None, kind=KIND, subject=thing(), before=Before(NOW, "gone"))
        assert elsewhere.state == "new"
    with time_machine.travel(dt.datetime(2026, 6, 21, tzinfo=dt.UTC), tick=False):
        cases_due()
    elsewhere.refresh_from_db()
    assert elsewhere.state == "new"


BAD = {
    "a day that moves nothing": (('due = "given"', "after = { days = 3 }"), "asks_day =", "nothing with due"),
    "another word": (('due = "given"', 'due = "soon"'), "due =", "'due' is written 'given'"),
    "a time and a day": (('due = "given"', 'due = "given"\nafter = { days = 3 }'), "due =", "not both"),
    "a way in without a day": (("asks_day = { months = 2 }\n", ""), "due =", "through 'wait' without one"),
    "from the start": (('from = ["put-off"]', 'from = ["put-off", "new"]'), "due =", "without one"),
    "chosen by nobody": (
        ("asks_day = { months = 2 }", "asks_day = { months = 2 }\nafter = { days = 1 }"),
        "asks_day =",
        "nobody is there to choose",
    ),
    "a comment by nobody": (
        ('due = "given"', 'due = "given"\ncomment_required = true'),
        "comment_required =",
        "comment",
    ),
    "no length": (("months = 2", "months = 0"), "asks_day =", "whole numbers above 0"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_definition_that_cannot_keep_a_day_is_refused_at_its_line(name: str) -> None:
    (old, new), line, reason = BAD[name]
    text = process(body=WAITS.replace(old, new))
    assert text != process(body=WAITS)
    with pytest.raises(BadDefinitionError) as refused:
        read(text, "trial.toml")
    told = [problem for problem in refused.value.problems if reason in problem.reason]
    assert told, str(refused.value)
    assert text.splitlines()[told[0].line - 1].startswith(line)


def test_it_is_written_back_as_it_was(case: Case) -> None:
    text = definitions_export(keys=["trial"])["trial"]
    assert read(text, "x.toml")[1] == case.definition.content
