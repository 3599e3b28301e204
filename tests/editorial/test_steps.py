"""Steps beside the approval of the parties: panels, steps side by side, and the planned minute."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from wagtail.models import TaskState, WorkflowState

from portal.editorial.api import (
    StepState,
    Vote,
    tick,
)
from portal.editorial.content import draft_of
from tests.editorial.definitions import BOTH, ONE, bring, policy, step, workflow
from tests.editorial.world import OLD, Bound, bound, fresh, live_text, written
from tests.factories.accounts import editor
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, rewrite_competence

pytestmark = pytest.mark.django_db

PROFILE = 'page_type = "profiles.ProfilePage"'
NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


@pytest.fixture
def world(tmp_path: Path) -> Bound:
    return bound(tmp_path)


@pytest.fixture
def profile(tmp_path: Path) -> Bound:
    """A published profile whose draft was given another job, under a policy that wants both parties."""
    page = ProfilePageFactory.make()
    people = {name: editor(f"{name}@portal.example", name.rstrip("2")) for name in ("kl", "kl2", "hk", "hk2")}
    bring(tmp_path, workflow(body=step("parties", BOTH, "start = true")), policy_text())
    draft = draft_of(page)
    draft.target_job, draft.release_change, draft.release_reason = "Rådgiver", "changed", "Jobbet har skiftet navn."
    draft.save_revision(user=people["kl"])
    return Bound(page, people)


def policy_text() -> str:
    """Return the policy of the profiles."""
    return policy(applies=PROFILE, approvals='parties = ["hk", "kl"]')


TWO_OF_FOUR = '{ name = "panel", approvals = 2, parties = ["hk", "kl"] }'


def test_two_of_a_panel_are_enough_and_one_against_does_not_stop_it(tmp_path: Path) -> None:
    world = bound(tmp_path, steps=step("panel", TWO_OF_FOUR, "start = true"), approvals="people = 2")
    world.send()
    world.vote("hk")
    world.vote("kl2", Vote.RETURN, comment="Jeg er uenig.")
    assert not world.is_new()
    world.vote("hk2")
    assert world.is_new()


def test_a_panel_returns_when_enough_cannot_come_any_more(tmp_path: Path) -> None:
    world = bound(tmp_path, steps=step("panel", TWO_OF_FOUR, "start = true"), approvals="people = 2")
    submission = world.send()
    for who in ("kl2", "kl3", "hk", "hk2"):
        world.vote(who, Vote.RETURN, comment="Nej.")
    submission.refresh_from_db()
    assert submission.workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


SIDE_BY_SIDE = (
    step("both", '"parallel"', "start = true")
    + step("parties", BOTH, 'within = "both"')
    + step("one", ONE, 'within = "both"')
)


def test_steps_side_by_side_end_together(tmp_path: Path) -> None:
    world = bound(tmp_path, steps=SIDE_BY_SIDE)
    world.send()
    inner = {state.task.name: state for state in StepState.steps.exclude(parent=None)}
    states = list(StepState.steps.exclude(parent=None).order_by("pk"))
    assert len(inner) in (1, 2)
    assert len(states) == 2
    world.vote("hk", state=states[0])
    world.vote("kl2", state=states[0])
    assert not world.is_new()
    states[0].refresh_from_db()
    assert states[0].status == TaskState.STATUS_APPROVED
    world.vote("hk2", state=states[1])
    assert world.is_new()


def test_an_edit_begins_a_step_beside_others_again(tmp_path: Path) -> None:
    world = bound(tmp_path, steps=SIDE_BY_SIDE)
    world.send()
    parties, one = StepState.steps.exclude(parent=None).order_by("pk")
    world.vote("hk2", state=one)
    written(fresh(world.page), "Noget andet.", world.author)
    world.vote("hk", state=parties)
    world.vote("kl2", state=parties)
    assert OLD in live_text(world.page)
    again = StepState.steps.waiting().exclude(parent=None).get()
    assert again.task_id == one.task_id
    world.vote("hk2", state=again)
    assert "Noget andet." in live_text(world.page)


def test_the_planned_minute_waits_and_an_edit_in_between_asks_again(tmp_path: Path) -> None:
    steps = step("parties", BOTH, 'start = true\nnext = "publish"') + step("publish", '"publish_at"')
    with time_machine.travel(NOON, tick=False) as clock:
        world = bound(tmp_path, steps=steps, go_live_at=NOON + dt.timedelta(hours=2))
        world.send()
        world.vote("hk")
        world.vote("kl2")
        assert not world.is_new()
        clock.shift(dt.timedelta(minutes=119))
        tick()
        assert not world.is_new()
        clock.shift(dt.timedelta(minutes=1))
        tick()
        assert world.is_new()


def test_who_edits_while_it_waits_for_its_minute_sends_it_back_to_the_parties(tmp_path: Path) -> None:
    steps = step("parties", BOTH, 'start = true\nnext = "publish"') + step("publish", '"publish_at"')
    with time_machine.travel(NOON, tick=False) as clock:
        world = bound(tmp_path, steps=steps, go_live_at=NOON + dt.timedelta(hours=2))
        world.send()
        world.vote("hk")
        world.vote("kl2")
        written(fresh(world.page), "Noget andet.", world.author)
        clock.shift(dt.timedelta(hours=3))
        tick()
        assert OLD in live_text(world.page)
        world.vote("hk")
        world.vote("kl2")
        assert "Noget andet." in live_text(world.page)


def test_a_competence_that_changes_while_it_waits_sends_it_back_too(tmp_path: Path) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        page = ProfilePageFactory.make(groups=[group("En", item(CompetenceFactory.create()))])
        people = {name: editor(f"{name}@portal.example", name.rstrip("2")) for name in ("kl", "kl2", "hk", "hk2")}
        steps = step("parties", BOTH, 'start = true\nnext = "publish"') + step("publish", '"publish_at"')
        bring(tmp_path, workflow(body=steps), policy(applies=PROFILE, approvals='parties = ["hk", "kl"]'))
        draft = draft_of(page)
        draft.target_job, draft.release_change, draft.release_reason = "Rådgiver", "changed", "Nyt navn."
        draft.go_live_at = NOON + dt.timedelta(hours=2)
        draft.save_revision(user=people["kl"])
        world = Bound(page, people)
        world.send()
        world.vote("hk")
        world.vote("kl2")
        rewrite_competence(page.groups.get().items.get().competence, text="Jeg kan noget helt andet.")
        clock.shift(dt.timedelta(hours=3))
        tick()
        assert page.releases.count() == 1
        world.vote("hk")
        world.vote("kl2")
        assert page.releases.count() == 2
