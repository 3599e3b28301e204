"""Cases: who may, whether now, what then; stale screens, second clicks, the clock."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from portal.accounts.api import User
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.principal import Grant, Principal
from portal.organisations.api import Region
from portal.workflows.api import (
    Asker,
    Case,
    CommentMissingError,
    GuardError,
    NotAllowedError,
    StaleCaseError,
    Via,
    case_screen,
    case_start,
    case_transition,
    cases_due,
    registry,
    ways_for,
)
from portal.workflows.registry import Happening, Kind
from tests.factories.accounts import editor, user
from tests.workflows.processes import KIND, by, process, store, thing

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def hk() -> User:
    return editor()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    store(tmp_path, process())
    return case_start(actor=None, kind=KIND, subject=thing())


@pytest.fixture
def broken_effect() -> Iterator[None]:
    """An effect that fails after the state has been written."""

    def fail(happening: Happening, none: object) -> None:
        raise RuntimeError("no")

    registry.effect("tests.fail")(fail)
    yield
    registry._entries.pop((Kind.EFFECT, "tests.fail"))


def test_a_case_begins_once(case: Case) -> None:
    assert case_start(actor=None, kind=KIND, subject=thing()) == case
    assert (case.state, case.number, case.steps.count()) == ("new", 1, 1)
    assert AuditEntry.objects.get(action="case.start").after["state"] == "new"


def test_a_transition_writes_state_history_audit_and_effect_together(case: Case, hk: User) -> None:
    case = case_transition(asker=by(hk), case=case, transition="begin", expected=1)
    case = case_transition(asker=by(hk), case=case, transition="finish", expected=2, comment="  Alt er klart. ")
    case.refresh_from_db()
    assert (case.state, case.number, case.is_open, case.due_at) == ("done", 3, False, None)
    step = case.steps.get(number=3)
    assert (step.source, step.target, step.who, step.comment) == ("open", "done", str(hk), "Alt er klart.")
    entry = AuditEntry.objects.get(action="case.finish")
    assert (entry.before["state"], entry.after["state"], entry.actor) == ("open", "done", hk)
    assert OutboxMessage.objects.get(topic="mail").payload["to"] == "faelles@kommune.example"


@pytest.mark.parametrize("transition", ["finish", "forget", "unknown", ""])
def test_what_is_not_hers_or_not_from_here_is_refused(case: Case, hk: User, transition: str) -> None:
    with pytest.raises(NotAllowedError):
        case_transition(asker=by(hk), case=case, transition=transition, expected=1, comment="x")
    assert case.steps.count() == 1


def test_somebody_without_the_right_neither_sees_nor_makes_it(case: Case) -> None:
    stranger = by(user())
    assert ways_for(case, stranger, subject=thing()) == ()
    for asker in (stranger, Asker(), Asker(via=Via.LINK), Asker(via=Via.CLOCK)):
        with pytest.raises(NotAllowedError):
            case_transition(asker=asker, case=case, transition="begin", expected=1)


def test_a_missing_comment_is_asked_for(case: Case, hk: User) -> None:
    case_transition(asker=by(hk), case=case, transition="begin", expected=1)
    with pytest.raises(CommentMissingError):
        case_transition(asker=by(hk), case=case, transition="finish", expected=2, comment="  ")
    assert not OutboxMessage.objects.exists()


def test_a_second_click_is_the_first_one(case: Case, hk: User) -> None:
    for _click in range(2):
        case_transition(asker=by(hk), case=case, transition="begin", expected=1)
    assert case.steps.count() == 2


def test_a_stale_screen_is_told_who_was_faster(case: Case, hk: User) -> None:
    case_transition(asker=by(hk), case=case, transition="begin", expected=1)
    with pytest.raises(StaleCaseError, match=f"{hk} kom først: der står nu “Åben”"):
        case_transition(asker=by(editor("anden@hk.example")), case=case, transition="begin", expected=1)
    with pytest.raises(StaleCaseError):
        case_transition(asker=by(hk), case=case, transition="finish", expected=1, comment="x")


def test_an_effect_that_fails_undoes_everything(tmp_path: Path, hk: User, broken_effect: None) -> None:
    store(tmp_path, process().replace('to = "open"\n', 'to = "open"\neffects = ["tests.fail"]\n'))
    case = case_start(actor=None, kind=KIND, subject=thing())
    with pytest.raises(RuntimeError):
        case_transition(asker=by(hk), case=case, transition="begin", expected=1)
    case.refresh_from_db()
    assert (case.state, case.number, case.steps.count()) == ("new", 1, 1)
    assert not AuditEntry.objects.filter(action="case.begin").exists()


def test_a_guard_says_why_not_now_and_the_screen_shows_it(tmp_path: Path, hk: User) -> None:
    guarded = process().replace(
        'to = "open"\n', 'to = "open"\nguards = [{ name = "waited", days = 3 }, "another_person"]\n'
    )
    store(tmp_path, guarded)
    with time_machine.travel(NOW, tick=False) as clock:
        case = case_start(actor=hk, kind=KIND, subject=thing())
        assert ways_for(case, by(hk), subject=thing())[0].refusal == "Du kan gøre det om 4 dage."
        with pytest.raises(GuardError, match="om 4 dage"):
            case_transition(asker=by(hk), case=case, transition="begin", expected=1)
        clock.shift(dt.timedelta(days=3))
        with pytest.raises(GuardError, match="En anden end dig"):
            case_transition(asker=by(hk), case=case, transition="begin", expected=1)
        other = by(editor("anden@hk.example"))
        assert case_transition(asker=other, case=case, transition="begin", expected=1).state == "open"


def test_a_role_counts_where_the_case_is() -> None:
    from tests.factories.organisations import COPENHAGEN, municipality

    wanted = registry.find(Kind.PREDICATE, "role")
    principal = Principal(grants=(Grant("coordinator", municipality=municipality().code),))

    class Subject:
        def __init__(self, place: object) -> None:
            self.municipality = place

    def asked(subject: object, **given: object) -> bool:
        happening = Happening(Case(), subject, None, Asker(principal=principal), "", NOW, 1)
        return wanted.call(happening, {"role": "coordinator", **given})

    assert asked(Subject(municipality()))
    assert not asked(Subject(municipality(COPENHAGEN)))
    assert not asked(object())
    assert asked(object(), here=False)


class TestClock:
    def test_what_is_due_moves_on_once_and_by_itself(self, case: Case) -> None:
        cases_due()
        assert case.steps.count() == 1
        with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
            cases_due()
            cases_due()
        case.refresh_from_db()
        assert (case.state, case.steps.count()) == ("done", 2)
        assert case.steps.get(number=2).who == "Portalen, af sig selv"

    def test_a_case_that_fails_holds_up_no_other_and_is_tried_again(
        self, tmp_path: Path, broken_effect: None, caplog: pytest.LogCaptureFixture
    ) -> None:
        failing = process("failing", more='applies = [{ party = "hk" }]\n')
        failing = failing.replace("after = { days = 30 }", 'after = { days = 20 }\neffects = ["tests.fail"]')
        rows = {row.key: row for row in store(tmp_path, process(), failing)}
        regions = list(Region.objects.order_by("pk")[:2])
        bad = case_start(actor=None, kind=KIND, subject=regions[0], definition=rows["failing"])
        good = case_start(actor=None, kind=KIND, subject=regions[1], definition=rows["trial"])
        with time_machine.travel(timezone.now() + dt.timedelta(days=31), tick=False):
            cases_due()
            bad.refresh_from_db()
            good.refresh_from_db()
            assert good.state == "done"
            assert (bad.state, bad.due_failures, bad.steps.count()) == ("new", 1, 1)
            assert bad.due_at == timezone.now() + dt.timedelta(minutes=5)
            assert "RuntimeError: no" in bad.due_problem
        assert "could not be moved on" in caplog.text

    def test_a_case_whose_object_is_gone_ends_in_silence(self, case: Case) -> None:
        Case.objects.filter(pk=case.pk).update(object_id=10**9)
        with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
            cases_due()
        case.refresh_from_db()
        assert (case.is_open, case.state) == (False, "new")

    def test_months_follow_the_calendar_and_the_clock_here(self) -> None:
        from portal.workflows.schema import After

        leap = dt.datetime(2028, 2, 29, 11, 0, tzinfo=dt.UTC)
        assert After(months=12).since(leap) == dt.datetime(2029, 2, 28, 11, 0, tzinfo=dt.UTC)
        winter = dt.datetime(2026, 1, 31, 8, 0, tzinfo=dt.UTC)
        assert After(months=5).since(winter) == dt.datetime(2026, 6, 30, 7, 0, tzinfo=dt.UTC)


def test_a_case_ends_under_the_version_it_began_with(case: Case, hk: User, tmp_path: Path) -> None:
    changed = process().replace('key = "open"', 'key = "under-way"').replace('"open"', '"under-way"')
    store(tmp_path, changed)
    assert case_transition(asker=by(hk), case=case, transition="begin", expected=1).state == "open"
    assert case.definition.version == 1
    new = case_start(actor=None, kind=KIND, subject=Region.objects.order_by("-pk").first())
    assert new.definition.version == 2


def test_an_extension_that_was_taken_away_is_said_in_words(tmp_path: Path, hk: User) -> None:
    registry.guard("tests.passing")(lambda happening, none: "")
    store(tmp_path, process().replace('to = "open"\n', 'to = "open"\nguards = ["tests.passing"]\n'))
    registry._entries.pop((Kind.GUARD, "tests.passing"))
    case = case_start(actor=None, kind=KIND, subject=thing())
    with pytest.raises(NotAllowedError, match="Der mangler en udvidelse"):
        case_transition(asker=by(hk), case=case, transition="begin", expected=1)


def test_a_screen_shows_state_ways_history_and_drawing(case: Case, hk: User) -> None:
    screen = case_screen(case, by(hk), subject=thing())
    assert (screen.state, screen.next_title) == ("Ny", "Færdig")
    assert [way.title for way in screen.ways] == ["Begynd"]
    assert [step.title for step in screen.history] == ["Ny"]
    assert [box.here for box in screen.picture.diagram.boxes] == [True, False, False]
    assert screen.picture.ways[2].when == "af sig selv efter 30 dage"


def test_a_screen_asks_the_database_as_often_for_a_long_history(
    case: Case, hk: User, django_assert_max_num_queries: object
) -> None:
    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        fresh = Case.objects.select_related("definition").get(pk=case.pk)
        asker = by(User.objects.get(pk=hk.pk))
        with CaptureQueriesContext(connection) as caught:
            case_screen(fresh, asker, subject=thing())
        return len(caught)

    few = queries()
    for number in range(2, 30):
        case.steps.create(number=number, source="new", target="new", who="x")
    assert queries() == few <= 6
