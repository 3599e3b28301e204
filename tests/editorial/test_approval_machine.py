"""Approvals against a small pure model: edit, overwrite, save unchanged, send in, vote, return, take back, switch a step
off, bring a new version, publish by force, publish in an emergency.

The invariant knows nothing of the engine: whatever is live was approved, in exactly these words, by an editor of each party
who neither wrote nor sent it in — or carries an emergency entry. The model adds what must happen: the same step forward, and
going live as soon as everything is there.
"""

import tempfile
from dataclasses import dataclass, field
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
from tests.editorial.definitions import bring, step, workflow
from tests.editorial.world import Bound, bound, fresh, live_text, written
from tests.factories.accounts import administrator

pytestmark = pytest.mark.django_db

PARTIES = ("hk", "kl")
WORDS = ("Ordene er A.", "Ordene er B.", "Ordene er C.")
PEOPLE = ("kl", "kl2", "hk", "hk2")
# Version → its steps, each with the parties that it asks.
VERSIONS = (
    (frozenset(PARTIES),),
    (frozenset({"kl"}), frozenset({"hk"})),
    (frozenset({"hk"}), frozenset(PARTIES)),
)


def steps_text(version: int) -> str:
    """Return a version's steps as a file has them."""
    parts = []
    for number, parties in enumerate(VERSIONS[version]):
        names = ", ".join(f'"{party}"' for party in sorted(parties))
        last = number + 1 == len(VERSIONS[version])
        more = ("start = true\n" if number == 0 else "") + ("" if last else f'next = "s{number + 1}"')
        parts.append(step(f"s{number}", f'{{ name = "party_approval", parties = [{names}] }}', more))
    return "".join(parts)


def party(person: str) -> str:
    """Return the party that a person writes for."""
    return person.rstrip("2")


@dataclass
class State:
    """One taking of one step: what was answered in it, and whether it is open, done, or void."""

    step: int
    votes: dict[str, str] = field(default_factory=dict)  # person → the words she approved or returned
    approved: dict[str, tuple[str, str]] = field(default_factory=dict)  # (words, party) is taken, by whom
    words: str = ""
    open: bool = True
    done: bool = False


@dataclass
class Sent:
    """A submission as the model sees it."""

    version: int
    submitter: str
    author: str
    states: list[State] = field(default_factory=list)
    returned: bool = False

    @property
    def current(self) -> State:
        return self.states[-1]


class ApprovalMachine(RuleBasedStateMachine):
    """The page, its people, and the model beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.world: Bound = bound(self.path, steps=steps_text(0))
        self.chief = administrator("chef@portal.example")
        self.version = 0
        self.off: set[tuple[int, int]] = set()
        self.sent: Sent | None = None
        self.live = live_text(self.world.page)
        self.emergencies: set[str] = set()
        self.words, self.writer = "", ""
        self._write("kl", WORDS[0])
        self.send("kl")

    def teardown(self) -> None:
        self.folder.cleanup()
        transaction.savepoint_rollback(self.savepoint)

    # --- Writing ------------------------------------------------------------------------------------------------------

    def _write(self, who: str, words: str) -> None:
        written(fresh(self.world.page), words, self.world.people[who])
        self._wrote(who, words)

    def _wrote(self, who: str, words: str) -> None:
        if words != self.words:
            self.words, self.writer = words, who
            if self.sent is not None:
                self.sent.author = who

    @rule(who=st.sampled_from(PEOPLE), words=st.sampled_from(WORDS))
    def edit(self, who: str, words: str) -> None:
        """Save another revision; with the same words it changes nothing."""
        self._write(who, words)

    @rule(words=st.sampled_from(WORDS))
    def overwrite(self, words: str) -> None:
        """Write over the newest revision, as autosave does for whoever made it."""
        page = fresh(self.world.page)
        revision = page.get_latest_revision()
        who = next(name for name, user in self.world.people.items() if user.pk == revision.user_id)
        draft = draft_of(page)
        draft.body = written_body(words)
        draft.save_revision(user=revision.user, overwrite_revision=revision)
        self._wrote(who, words)

    # --- Sending in ---------------------------------------------------------------------------------------------------

    @rule(who=st.sampled_from(PEOPLE))
    def send(self, who: str) -> None:
        """Send in, or again after a return."""
        try:
            self.world.send(self.world.people[who])
            accepted = True
        except RefusedError:
            accepted = False
        if self.sent is None:
            active = self._active(self.version)
            assert accepted == bool(active)
            if accepted:
                self.sent = Sent(self.version, who, self.writer, [State(active[0])])
        elif self.sent.returned:
            assert accepted
            self.sent.returned, self.sent.submitter = False, who
            self._void_stale()
            self._begin(self._first_missing())
        else:
            assert not accepted

    def _active(self, version: int) -> list[int]:
        return [number for number in range(len(VERSIONS[version])) if (version, number) not in self.off]

    def _void_stale(self) -> None:
        assert self.sent is not None
        for state in self.sent.states:
            if state.done and state.words != self.words:
                state.done = False

    def _first_missing(self) -> int | None:
        assert self.sent is not None
        done = {state.step for state in self.sent.states if state.done}
        return next((number for number in self._active(self.sent.version) if number not in done), None)

    def _begin(self, number: int | None) -> None:
        assert self.sent is not None
        self.sent.states.append(State(self.sent.current.step if number is None else number))

    # --- Answering ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.sent is not None and bool(self._voters()))
    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        """Approve as somebody who may: a page gets somewhere only when enough do."""
        self.vote(data.draw(st.sampled_from(self._voters())), Vote.APPROVE)

    @precondition(lambda self: self.sent is not None and bool(self._voters()))
    @rule(data=st.data())
    def approve_as_well(self, data: st.DataObject) -> None:
        """Do the same again: rules are drawn evenly, and answering is the commonest act."""
        self.vote(data.draw(st.sampled_from(self._voters())), Vote.APPROVE)

    def _voters(self) -> list[str]:
        return [who for who in PEOPLE if self._may(who, Vote.APPROVE)]

    @precondition(lambda self: self.sent is not None)
    @rule(who=st.sampled_from(PEOPLE), answer=st.sampled_from([Vote.APPROVE, Vote.RETURN]))
    def vote(self, who: str, answer: str) -> None:
        """Answer the newest step, having read what the draft says."""
        assert self.sent is not None
        state = StepState.steps.filter(workflow_state__status__in=("in_progress", "needs_changes")).latest("pk")
        expected = self._may(who, answer)
        try:
            self.world.vote(who, answer, state=state, comment="Fordi.")
            accepted = True
        except RefusedError:
            accepted = False
        assert accepted == expected, (who, answer, self.sent)
        if accepted:
            self._voted(who, answer)

    def _may(self, who: str, answer: str) -> bool:
        sent = self.sent
        assert sent is not None
        if sent.returned or who in (sent.submitter, sent.author):
            return False
        state = sent.current
        seat_is_hers = party(who) in VERSIONS[sent.version][state.step]
        free = (self.words, party(who)) not in state.approved
        return (
            seat_is_hers and state.votes.get(who) != self.words and free and (who, self.words) not in self._cast(state)
        )

    def _cast(self, state: State) -> set[tuple[str, str]]:
        return {(who, words) for (words, _party), (who, _x) in state.approved.items()}

    def _voted(self, who: str, answer: str) -> None:
        sent = self.sent
        assert sent is not None
        state = sent.current
        state.votes[who] = self.words
        if answer == Vote.RETURN:
            state.open, sent.returned = False, True
            return
        state.approved[self.words, party(who)] = (who, "")
        if all((self.words, wanted) in state.approved for wanted in VERSIONS[sent.version][state.step]):
            self._step_done(state)

    def _step_done(self, state: State) -> None:
        sent = self.sent
        assert sent is not None
        before = [(each, each.done) for each in sent.states]
        state.open, state.done, state.words = False, True, self.words
        self._void_stale()
        following = self._first_missing()
        if following is not None:
            self._begin(following)
        elif self._complete():
            self.live, self.sent = self.words, None
        else:
            # Everything of this act is undone, and the step is returned instead.
            for each, done in before:
                each.done = done
            state.done, sent.returned = False, True

    def _complete(self) -> bool:
        """Ask for the invariant's own words: each party, neither writer nor sender, exactly this text."""
        sent = self.sent
        assert sent is not None
        who = {
            person
            for state in sent.states
            if state.done or state.open
            for (words, _party), (person, _x) in state.approved.items()
            if words == self.words and person not in (sent.submitter, sent.author)
        }
        return {party(person) for person in who} == set(PARTIES)

    # --- What else people try -----------------------------------------------------------------------------------------

    @rule(act=st.sampled_from(["force", "take back", "emergency", "switch off", "redefine"]), data=st.data())
    def disturb(self, act: str, data: st.DataObject) -> None:
        """Do one of the things that are rarer than writing and answering."""
        if act == "force":
            self._publish_by_force()
        elif act == "emergency":
            self._emergency()
        elif act == "take back" and self.sent is not None:
            self._take_back()
        elif act == "redefine":
            self._redefine(data.draw(st.integers(1, len(VERSIONS) - 1)))
        elif act == "switch off" and (self.sent is None or not self.sent.returned):
            self._switch_off(data.draw(st.sampled_from(sorted(self.stored))), data.draw(st.integers(0, 1)))

    def _publish_by_force(self) -> None:
        """Publish by code, asking nobody; what is live already as well: its revision may have been written over."""
        with pytest.raises(RefusedError), transaction.atomic():
            fresh(self.world.page).get_latest_revision().publish()

    def _take_back(self) -> None:
        """Cancel."""
        submission_cancel(submission=Submission.objects.running().get(), actor=self.chief)
        self.sent = None

    def _emergency(self) -> None:
        """Publish past the policy, with a reason."""
        publish_in_emergency(
            page=self.world.page,
            actor=self.chief,
            principal=principal_of(self.chief, strong=True),
            reason="Loven er ændret i nat, og siden er forkert.",
        )
        self.live, self.sent = self.words, None
        self.emergencies.add(self.words)

    def _switch_off(self, version: int, number: int) -> None:
        """Deactivate a step, as a superuser can in Wagtail's own screens."""
        task = Step.objects.filter(definition__version=self._stored(version), key=f"s{number}").first()
        if task is None or (version, number) in self.off:
            return
        hit = self.sent is not None and self.sent.version == version and self.sent.current.step == number
        try:
            with transaction.atomic():
                task.deactivate(user=self.chief)
            accepted = True
        except RefusedError:
            accepted = False
        if not hit:
            assert accepted
            self.off.add((version, number))
            return
        self._switched_off_under_way(version, number, accepted=accepted)

    def _switched_off_under_way(self, version: int, number: int, *, accepted: bool) -> None:
        sent = self.sent
        assert sent is not None
        self.off.add((version, number))
        following = self._first_missing()
        assert accepted == (following is not None)
        if following is None:
            self.off.discard((version, number))
            return
        sent.current.open = False
        self._void_stale()
        self._begin(self._first_missing())

    def _stored(self, version: int) -> int:
        return self.stored.get(version, -1) if version else 1

    @property
    def stored(self) -> dict[int, int]:
        """Return which stored version number each of ours has."""
        return self.__dict__.setdefault("_stored_versions", {0: 1})

    def _redefine(self, version: int) -> None:
        """Bring another version of the workflow; what runs ends under its own."""
        if version in self.stored:
            return
        [row] = bring(self.path, workflow(body=steps_text(version)))
        self.stored[version] = row.version
        self.version = version

    # --- What always holds --------------------------------------------------------------------------------------------

    @invariant()
    def what_is_live_was_approved(self) -> None:
        """Compare with the model, and find the entry that let these words through."""
        text = live_text(self.world.page)
        assert self.live in text
        if not any(words in text for words in WORDS):
            return
        used = Submission.objects.filter(used_at__isnull=False).order_by("-used_at", "-pk").first()
        urgent = ExceptionalPublication.objects.filter(used_at__isnull=False).order_by("-used_at", "-pk").first()
        newest = max((each for each in (used, urgent) if each is not None), key=lambda each: each.used_at)
        if isinstance(newest, ExceptionalPublication):
            assert newest.reason
            assert any(words in text for words in self.emergencies)
            return
        self._was_approved(newest, text)

    def _was_approved(self, submission: Submission, text: str) -> None:
        votes = Vote.objects.filter(state__workflow_state_id=submission.workflow_state_id, answer=Vote.APPROVE)
        sender = submission.submitters.get(round=submission.round).user_id
        good = [
            vote
            for vote in votes
            if vote.user_id not in (sender, submission.author_id) and live_words(vote.read.content) in text
        ]
        assert {vote.seat for vote in good} >= {"party:hk", "party:kl"}

    @invariant()
    def the_engine_is_where_the_model_is(self) -> None:
        """Compare whether it runs, whether it was returned, and at which step it stands."""
        state = WorkflowState.objects.for_instance(self.world.page).active().first()
        assert (state is None) == (self.sent is None)
        if state is not None and self.sent is not None:
            assert (state.status == WorkflowState.STATUS_NEEDS_CHANGES) == self.sent.returned
            current = StepState.steps.get(pk=state.current_task_state_id)
            assert Step.objects.get(pk=current.task_id).key == f"s{self.sent.current.step}"


def written_body(words: str) -> Any:
    """Return a body with these words."""
    from tests.factories.pages import blocks

    return blocks(("paragraph", f"<p>{words}</p>"))


def live_words(content: dict[str, Any]) -> str:
    """Return which of the words a kept content says."""
    return next(words for words in WORDS if words in str(content))


def test_nothing_goes_live_without_its_approvals() -> None:
    run_state_machine_as_test(ApprovalMachine, settings=settings(max_examples=12, stateful_step_count=25))
