"""What has happened with a submission: sent in, answered, checked, returned, published; the newest first."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from portal.core.audit import SYSTEM
from portal.editorial.models import ExceptionalPublication, Step, StepState, Submission, Vote
from portal.editorial.screens.standing import local, seat_names


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One line of the history. `vote` is an answer whose text was kept; `loud` is what went past the policy."""

    at: dt.datetime | None
    title: str
    who: str
    step: str = ""
    comment: str = ""
    findings: tuple[str, ...] = ()
    vote: int | None = None
    loud: bool = False


def history(
    submission: Submission, steps: Sequence[Step], states: Sequence[StepState], votes: Sequence[Vote]
) -> tuple[PastEvent, ...]:
    """Return everything that happened, the newest first."""
    names = {step.pk: step.name for step in steps}
    found = [
        *_sent(submission),
        *_votes(votes, names),
        *_ended(states, votes, names),
        *_exceptions(submission),
        *_end(submission, states),
    ]
    # What happened at the same moment stands in the order in which it was listed, the last of it first.
    numbered = sorted(enumerate(found), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    return tuple(event for _number, event in numbered)


def _sent(submission: Submission) -> Iterator[PastEvent]:
    for row in submission.submitters.order_by("round"):
        again = _("Sent in again, for the %(round)s. time") % {"round": row.round}
        yield PastEvent(local(row.at), again if row.round > 1 else _("Sent in"), row.who)


def _votes(votes: Sequence[Vote], names: dict[int, str]) -> Iterator[PastEvent]:
    seats = seat_names(vote.seat for vote in votes)
    for vote in votes:
        title = _("Approved") if vote.answer == Vote.APPROVE else _("Returned")
        if vote.seat in seats:
            text = _("Approved for %(seat)s") if vote.answer == Vote.APPROVE else _("Returned by %(seat)s")
            title = text % {"seat": seats[vote.seat]}
        who = _("%(who)s, as a substitute after the deadline") % {"who": vote.who} if vote.as_substitute else vote.who
        yield PastEvent(local(vote.at), title, who, names.get(vote.state.task_id, ""), vote.comment, vote=vote.pk)


def _ended(states: Sequence[StepState], votes: Sequence[Vote], names: dict[int, str]) -> Iterator[PastEvent]:
    """Yield what came of steps by themselves; what people answered stands there by itself."""
    titles = {
        TaskState.STATUS_APPROVED: _("Passed"),
        TaskState.STATUS_SKIPPED: _("Passed by"),
        TaskState.STATUS_REJECTED: _("Returned"),
    }
    answered = {vote.state_id for vote in votes}
    held = {state.parent_id for state in states if state.parent_id}
    for state in states:
        if state.status not in titles or state.pk in answered or state.pk in held:
            continue
        messages = tuple(row["message"] for row in state.findings)
        yield PastEvent(
            local(state.finished_at or state.started_at),
            titles[state.status],
            _("the portal") if state.finished_by is None else str(state.finished_by),
            names.get(state.task_id, ""),
            state.comment,
            messages,
        )


def _exceptions(submission: Submission) -> Iterator[PastEvent]:
    rows = ExceptionalPublication.objects.filter(page=submission.page_id, used_at__isnull=False)
    for row in rows.order_by("at", "pk"):
        if row.kind == ExceptionalPublication.EMERGENCY:
            title, loud = _("Published in an emergency, past the policy"), True
        else:
            title, loud = _("Published by an import"), False
        who = _("the portal") if row.who == SYSTEM else row.who
        yield PastEvent(local(row.used_at), title, who, comment=row.reason, loud=loud)


def _end(submission: Submission, states: Sequence[StepState]) -> Iterator[PastEvent]:
    if submission.used_at:
        yield PastEvent(local(submission.used_at), _("Published"), _("the portal"))
    if submission.workflow_state.status == WorkflowState.STATUS_CANCELLED:
        ended = max((state.finished_at for state in states if state.finished_at), default=submission.created_at)
        yield PastEvent(local(ended), _("Taken back"), "")
