"""What is under way ends under the version that it began with; what comes after begins under the new one."""

from pathlib import Path

import pytest
from wagtail.models import WorkflowState

from portal.editorial.api import Vote, submission_cancel
from portal.editorial.policies import policy_for
from portal.editorial.registry import registry
from portal.editorial.retiring import definition_restore, definition_retire, definitions_listed
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND
from portal.editorial.storing import stored_problems
from tests.editorial.definitions import bring, policy, step, workflow
from tests.editorial.world import NEW, PAGE_TYPE, bound, fresh, live_text, written

pytestmark = pytest.mark.django_db

HK = '{ name = "party_approval", parties = ["hk"] }'
KL = '{ name = "party_approval", parties = ["kl"] }'
BOTH_AND_DS = '{ name = "party_approval", parties = ["hk", "kl", "ds"] }'
ONE_AFTER_THE_OTHER = step("hk", HK, 'start = true\nnext = "kl"') + step("kl", KL)


def test_a_page_takes_the_steps_that_there_were_when_it_was_sent_in(tmp_path: Path) -> None:
    world = bound(tmp_path, steps=ONE_AFTER_THE_OTHER)
    submission = world.send()
    world.vote("hk")
    (news,) = bring(tmp_path, workflow(body=step("all", BOTH_AND_DS, "start = true")))
    assert (submission.definition.version, news.version) == (1, 2)
    assert not fresh(submission.definition).workflow.active
    assert fresh(submission.workflow_state).status == WorkflowState.STATUS_IN_PROGRESS
    assert world.state().task.specific.key == "kl"
    world.vote("kl2")
    assert world.is_new()

    written(world.page, "Endnu nyere.", world.author)
    assert world.send().definition == news
    assert world.state().task.specific.key == "all"


def test_sent_in_again_after_a_return_it_goes_on_where_it_began(tmp_path: Path) -> None:
    world = bound(tmp_path, steps=ONE_AFTER_THE_OTHER)
    submission = world.send()
    world.vote("hk", Vote.RETURN, comment="Skriv det kortere.")
    bring(tmp_path, workflow(body=step("all", BOTH_AND_DS, "start = true")))
    written(world.page, "Kortere.", world.author)
    again = world.send()
    assert (again.pk, again.round, again.definition.version) == (submission.pk, 2, 1)
    world.vote("hk")
    world.vote("kl2")
    assert "Kortere." in live_text(world.page)


def test_the_approvals_are_those_that_the_policy_demanded_then(tmp_path: Path) -> None:
    world = bound(tmp_path)
    world.send()
    more = policy(applies=PAGE_TYPE, approvals='parties = ["hk", "kl", "ds"]')
    bring(tmp_path, workflow(body=step("all", BOTH_AND_DS, "start = true")), more)
    world.vote("hk")
    assert not world.is_new()
    world.vote("kl2")
    assert world.is_new()


def test_what_runs_under_an_older_version_is_counted_and_its_names_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = bound(tmp_path, steps=ONE_AFTER_THE_OTHER)
    submission = world.send()
    one = '{ name = "panel", approvals = 1, parties = ["hk"] }'
    bring(tmp_path, workflow(body=step("one", one, "start = true")), policy(applies=PAGE_TYPE, approvals="people = 1"))
    (row,) = [each for each in definitions_listed() if (each.kind, each.key) == (WORKFLOW_KIND, "trial")]
    assert (row.version, row.running, row.draining) == (2, 1, 1)
    kept = {name: entry for name, entry in registry._entries.items() if name != ("task", "party_approval")}
    monkeypatch.setattr(registry, "_entries", kept)
    assert any(problem.file == "trial 1 (database)" for problem in stored_problems())
    monkeypatch.undo()
    submission_cancel(submission=submission, actor=world.author)
    monkeypatch.setattr(registry, "_entries", kept)
    assert not any(problem.file == "trial 1 (database)" for problem in stored_problems())


class TestARetiredPolicy:
    def test_binds_no_page_and_what_is_under_way_can_be_finished(self, tmp_path: Path) -> None:
        world = bound(tmp_path)
        world.send()
        world.vote("hk")
        definition_retire(actor=None, kind=POLICY_KIND, key="trial")
        assert policy_for(world.page) is None
        world.vote("kl2")
        assert world.is_new()

    def test_or_taken_back_and_published_by_whoever_may(self, tmp_path: Path) -> None:
        world = bound(tmp_path)
        submission = world.send()
        definition_retire(actor=None, kind=POLICY_KIND, key="trial")
        submission_cancel(submission=submission, actor=world.author)
        fresh(world.page).get_latest_revision().publish()
        assert NEW in live_text(world.page)

    def test_binds_again_when_it_is_back(self, tmp_path: Path) -> None:
        world = bound(tmp_path)
        definition_retire(actor=None, kind=POLICY_KIND, key="trial")
        definition_restore(actor=None, kind=POLICY_KIND, key="trial")
        assert policy_for(world.page).key == "trial"
        assert not fresh(world.page).permissions_for_user(world.author).can_publish()
