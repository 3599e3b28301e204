"""Approvals against a small pure model: edit, overwrite, save unchanged, send in, vote, return, take back, switch a step
off, bring a new version, publish by force, publish in an emergency.

The invariant knows nothing of the engine: whatever is live was approved, in exactly these words, by an editor of each party
who neither wrote nor sent it in — or carries an emergency entry. The model adds what must happen: the same step forward, and
going live as soon as everything is there.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from wagtail.models import WorkflowState

from portal.accounts.api import principal_of
from portal.core.errors import RefusedError
from portal.editorial.api import ExceptionalPublication, Submission, Vote, publish_in_emergency, submission_cancel
from portal.editorial.content import draft_of
from portal.editorial.models import Step, StepState
from tests.editorial.approval_model import PEOPLE, VERSIONS, Model
from tests.editorial.definitions import bring, step, workflow
from tests.editorial.world import bound, fresh, live_text, written
from tests.factories.accounts import administrator
from tests.factories.pages import blocks

pytestmark = pytest.mark.django_db

WORDS = ("Ordene er A.", "Ordene er B.", "Ordene er C.")


def steps_text(version: int) -> str:
    """Return a version's steps as a file has them."""
    parts = []
    for number, parties in enumerate(VERSIONS[version]):
        names = ", ".join(f'"{party}"' for party in sorted(parties))
        last = number + 1 == len(VERSIONS[version])
        more = ("start = true\n" if number == 0 else "") + ("" if last else f'next = "s{number + 1}"')
        parts.append(step(f"s{number}", f'{{ name = "party_approval", parties = [{names}] }}', more))
    return "".join(parts)


def refused(act: Any) -> bool:
    """Do something in a transaction of its own, and tell whether a rule refused it."""
    try:
        with transaction.atomic():
            act()
    except RefusedError:
        return True
    return False


class ApprovalMachine(RuleBasedStateMachine):
    """The page, its people, and the model beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.world = bound(self.path, steps=steps_text(0))
        self.chief = administrator("chef@portal.example")
        self.model = Model(live_text(self.world.page))
        self.emergencies: set[str] = set()
        # Which number each of our versions was stored under.
        self.stored = {0: 1}
        self.edit("kl", WORDS[0])
        self.send("kl")

    def teardown(self) -> None:
        self.folder.cleanup()
        transaction.savepoint_rollback(self.savepoint)

    # --- Writing and sending in ---------------------------------------------------------------------------------------

    @rule(who=st.sampled_from(PEOPLE), words=st.sampled_from(WORDS))
    def edit(self, who: str, words: str) -> None:
        """Save another revision; with the same words it changes nothing."""
        written(fresh(self.world.page), words, self.world.people[who])
        self.model.write(who, words)

    @rule(words=st.sampled_from(WORDS))
    def overwrite(self, words: str) -> None:
        """Write over the newest revision, as autosave does for whoever made it."""
        page = fresh(self.world.page)
        revision = page.get_latest_revision()
        draft = draft_of(page)
        draft.body = blocks(("paragraph", f"<p>{words}</p>"))
        draft.save_revision(user=revision.user, overwrite_revision=revision)
        who = next(name for name, user in self.world.people.items() if user.pk == revision.user_id)
        self.model.write(who, words)

    @rule(who=st.sampled_from(PEOPLE))
    def send(self, who: str) -> None:
        """Send in, or again after a return."""
        assert refused(lambda: self.world.send(self.world.people[who])) != self.model.send(who)

    # --- Answering ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.voters())
    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        """Approve as somebody who may: a page gets somewhere only when enough do."""
        self._vote(data.draw(st.sampled_from(self.model.voters())), Vote.APPROVE)

    @precondition(lambda self: self.model.voters())
    @rule(data=st.data())
    def approve_as_well(self, data: st.DataObject) -> None:
        """Do the same again: rules are drawn evenly, and answering is the commonest act."""
        self._vote(data.draw(st.sampled_from(self.model.voters())), Vote.APPROVE)

    @precondition(lambda self: self.model.sent is not None)
    @rule(who=st.sampled_from(PEOPLE), answer=st.sampled_from([Vote.APPROVE, Vote.RETURN]))
    def answer(self, who: str, answer: str) -> None:
        """Answer as anybody."""
        self._vote(who, answer)

    def _vote(self, who: str, answer: str) -> None:
        state = StepState.steps.filter(workflow_state__status__in=("in_progress", "needs_changes")).latest("pk")
        expected = self.model.may_vote(who)
        assert refused(lambda: self.world.vote(who, answer, state=state, comment="Fordi.")) != expected
        if expected:
            self.model.vote(who, approve=answer == Vote.APPROVE)

    # --- What is rarer ------------------------------------------------------------------------------------------------

    @rule(act=st.sampled_from(["force", "take back", "emergency", "switch off", "redefine"]), data=st.data())
    def disturb(self, act: str, data: st.DataObject) -> None:
        """Do one of the things that are rarer than writing and answering."""
        if act == "force":
            # Also where the newest revision is live: autosave may have written over it.
            assert refused(lambda: fresh(self.world.page).get_latest_revision().publish())
        elif act == "emergency":
            self._emergency()
        elif act == "take back" and self.model.sent is not None:
            submission_cancel(submission=Submission.objects.running().get(), actor=self.chief)
            self.model.sent = None
        elif act == "redefine":
            self._redefine(data.draw(st.integers(1, len(VERSIONS) - 1)))
        elif act == "switch off" and (self.model.sent is None or not self.model.sent.returned):
            self._switch_off(data.draw(st.sampled_from(sorted(self.stored))), data.draw(st.integers(0, 1)))

    def _emergency(self) -> None:
        """Publish past the policy, with a reason."""
        strong = principal_of(self.chief, strong=True)
        reason = "Loven er ændret i nat, og siden er forkert."
        publish_in_emergency(page=self.world.page, actor=self.chief, principal=strong, reason=reason)
        self.model.live, self.model.sent = self.model.words, None
        self.emergencies.add(self.model.words)

    def _switch_off(self, version: int, number: int) -> None:
        """Deactivate a step, as a superuser can in Wagtail's own screens."""
        task = Step.objects.filter(definition__version=self.stored[version], key=f"s{number}").first()
        if task is not None and (version, number) not in self.model.off:
            assert refused(lambda: task.deactivate(user=self.chief)) != self.model.switch_off(version, number)

    def _redefine(self, version: int) -> None:
        """Bring another version of the workflow; what runs ends under its own."""
        if version not in self.stored:
            [row] = bring(self.path, workflow(body=steps_text(version)))
            self.stored[version], self.model.version = row.version, version

    # --- What always holds --------------------------------------------------------------------------------------------

    @invariant()
    def what_is_live_was_approved(self) -> None:
        """Compare with the model, and find the entry that let these words through."""
        text = live_text(self.world.page)
        assert self.model.live in text
        if not any(words in text for words in WORDS):
            return
        used = Submission.objects.filter(used_at__isnull=False).order_by("-used_at", "-pk").first()
        urgent = ExceptionalPublication.objects.filter(used_at__isnull=False).order_by("-used_at", "-pk").first()
        newest = max((each for each in (used, urgent) if each is not None), key=lambda each: each.used_at)
        if isinstance(newest, ExceptionalPublication):
            assert newest.reason
            assert any(words in text for words in self.emergencies)
        else:
            assert self._parties_behind(newest, text) >= {"party:hk", "party:kl"}

    def _parties_behind(self, submission: Submission, text: str) -> set[str]:
        """Return whose approval there is of exactly this text by somebody who neither wrote nor sent it in."""
        barred = {self.world.people[name].pk for name in self.model.barred}
        votes = Vote.objects.filter(state__workflow_state_id=submission.workflow_state_id, answer=Vote.APPROVE)
        return {
            vote.seat
            for vote in votes.select_related("read")
            if vote.user_id not in barred and any(words in text for words in WORDS if words in str(vote.read.content))
        }

    @invariant()
    def the_engine_is_where_the_model_is(self) -> None:
        """Compare whether it runs, whether it was returned, and at which step it stands."""
        state = WorkflowState.objects.for_instance(self.world.page).active().first()
        sent = self.model.sent
        assert (state is None) == (sent is None)
        if state is not None and sent is not None:
            assert (state.status == WorkflowState.STATUS_NEEDS_CHANGES) == sent.returned
            current = StepState.steps.get(pk=state.current_task_state_id)
            assert Step.objects.get(pk=current.task_id).key == f"s{sent.current.step}"


def test_nothing_goes_live_without_its_approvals() -> None:
    examples = 200 if os.environ.get("NIGHTLY") == "1" else 12
    run_state_machine_as_test(ApprovalMachine, settings=settings(max_examples=examples, stateful_step_count=25))
