"""Where a submission stands: its steps, its seats, and the whole of it in one sentence."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import TaskState, WorkflowState

from portal.editorial.models import Definition, Step, StepState, Submission, Vote
from portal.editorial.moments import type_of
from portal.editorial.policies import Needed, needed
from portal.editorial.registry import Moment, UnknownNameError
from portal.editorial.required import PARTY
from portal.editorial.schema import WorkflowSpec
from portal.editorial.screens.picture import AHEAD, DONE, HERE, RETURNED, SKIPPED
from portal.editorial.shape import spec_from
from portal.organisations.api import Party

_STANDING = {
    TaskState.STATUS_IN_PROGRESS: HERE,
    TaskState.STATUS_APPROVED: DONE,
    TaskState.STATUS_SKIPPED: SKIPPED,
    TaskState.STATUS_REJECTED: RETURNED,
}
# What a seat has come to.
APPROVED, EARLIER, SENT_BACK, WAITING = "approved", "earlier", "returned", "waiting"


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat and what has come from it; `vote` is the answer whose text can be read again."""

    label: str
    standing: str
    who: str = ""
    at: dt.datetime | None = None
    vote: int | None = None

    @property
    def words(self) -> str:
        """Return where the seat stands, in words."""
        return {
            APPROVED: _("has approved this text"),
            EARLIER: _("has approved an earlier text, which does not count for this one"),
            SENT_BACK: _("has returned the page"),
            WAITING: _("has not answered yet"),
        }[self.standing]


def workflow_spec(definition: Definition) -> WorkflowSpec:
    """Return the steps of a stored version.

    Raises:
        TypeError: the version is a policy.
    """
    spec = spec_from(definition.content)
    if not isinstance(spec, WorkflowSpec):
        raise TypeError(f"{definition} is no workflow.")
    return spec


def latest_states(states: Iterable[StepState]) -> dict[int, StepState]:
    """Return the newest state of each step, by the step's key; what was given up counts as not begun."""
    alive = (state for state in states if state.status != TaskState.STATUS_CANCELLED)
    return {state.task_id: state for state in sorted(alive, key=lambda state: state.pk)}


def standings(
    submission: Submission, steps: Sequence[Step], states: Mapping[int, StepState], digest: str
) -> dict[str, str]:
    """Return where each step stands, by its key in the file. One that ended with other words is still to come."""
    running = submission.workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    found = {}
    for step in steps:
        state = states.get(step.pk)
        standing = _STANDING.get(state.status, AHEAD) if state is not None else AHEAD
        stale = state is not None and state.status == TaskState.STATUS_APPROVED and state.digest != digest and running
        found[step.key] = AHEAD if stale or (standing == HERE and not running) else standing
    return found


def seats_of_step(moment: Moment, step: Step, votes: Sequence[Vote]) -> tuple[SeatLine, ...]:
    """Return the seats of a step that people answer. Of a panel nobody knows whose seats they are before they answer."""
    try:
        entry, given = type_of(step)
    except UnknownNameError:
        return ()
    seats = tuple(entry.what.seats(moment, given)) if entry.what.human else ()
    keys = {seat.key for seat in seats}
    lines = [_seat_line(seat.label, [vote for vote in votes if vote.seat == seat.key], moment) for seat in seats]
    others = [vote for vote in votes if vote.seat not in keys]
    lines.extend(_seat_line(vote.who, [vote], moment) for vote in others)
    return tuple(lines)


def _seat_line(label: str, votes: Sequence[Vote], moment: Moment) -> SeatLine:
    if not votes:
        return SeatLine(label, WAITING)
    vote = votes[-1]
    if vote.answer == Vote.RETURN:
        standing = SENT_BACK
    elif _counts(vote, moment):
        standing = APPROVED
    else:
        standing = EARLIER
    return SeatLine(label, standing, vote.who, vote.at, vote.pk)


def _counts(vote: Vote, moment: Moment) -> bool:
    """Tell whether an approval is of what the draft says, or of what was published in the end."""
    state, submission = vote.state, moment.submission
    if submission is not None and submission.workflow_state.status == WorkflowState.STATUS_APPROVED:
        return bool(state.status == TaskState.STATUS_APPROVED and vote.digest == state.digest)
    alive = state.status in (TaskState.STATUS_IN_PROGRESS, TaskState.STATUS_APPROVED)
    return alive and bool(vote.digest == moment.digest)


def open_seats(moment: Moment, step: Step) -> tuple[str, ...]:
    """Return the names of the seats whose answer to this content is missing."""
    try:
        entry, given = type_of(step)
    except UnknownNameError:
        return ()
    if not entry.what.human:
        return ()
    taken = {vote.seat for vote in moment.votes if vote.answer == Vote.APPROVE}
    return tuple(seat.label for seat in entry.what.seats(moment, given) if seat.key not in taken)


def where(submission: Submission, waiting: Iterable[tuple[Step, tuple[str, ...]]], returned_to: str = "") -> str:
    """Return where a submission stands in one sentence; `waiting` are its waiting steps with their open seats."""
    status = submission.workflow_state.status
    if status == WorkflowState.STATUS_CANCELLED:
        return _("Taken back")
    if status == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("Returned to %(who)s") % {"who": returned_to} if returned_to else _("Returned")
    if status == WorkflowState.STATUS_APPROVED:
        return _("Approved and published") if submission.used_at else _("Approved")
    found = list(waiting)
    labels = list(dict.fromkeys(label for _step, seats in found for label in seats))
    if labels:
        return _("Waits for %(who)s") % {"who": and_list(labels)}
    titles = [step.name for step, _seats in found]
    return _("Under way: %(steps)s") % {"steps": ", ".join(titles)} if titles else _("Under way")


def and_list(names: Sequence[str]) -> str:
    """Return "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def demand(policy: Definition, page: Any) -> str:
    """Return what a policy demands of a page, in one sentence."""
    asked: Needed = needed(policy, page)
    names = party_names(asked.parties)
    parties = and_list([names.get(key, key) for key in sorted(asked.parties)])
    people = ngettext("%(count)s person", "%(count)s persons", asked.people) % {"count": asked.people}
    # One person is whoever answers for a party.
    if parties and asked.people > 1:
        text = _("The page must be approved by %(parties)s, and by %(people)s in all, before it is published.")
        return text % {"parties": parties, "people": people}
    if parties:
        return _("The page must be approved by %(parties)s before it is published.") % {"parties": parties}
    if asked.people:
        text = _("The page must be approved by %(people)s who neither wrote it nor sent it in.")
        return text % {"people": people}
    return _("The page goes through a workflow before it is published.")


def party_names(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of parties by their keys."""
    return dict(Party.objects.filter(key__in=list(keys)).values_list("key", "short_name"))


def seat_names(seats: Iterable[str]) -> dict[str, str]:
    """Return what the seats of votes are called; the seat of a person has no name beside hers."""
    keys = {seat.removeprefix(PARTY) for seat in seats if seat.startswith(PARTY)}
    return {f"{PARTY}{key}": name for key, name in party_names(keys).items()}


def local(moment: dt.datetime | None) -> dt.datetime | None:
    """Return a stored moment in the time of the place."""
    return timezone.localtime(moment) if moment is not None else None
