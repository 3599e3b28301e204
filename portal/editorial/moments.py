"""What a step is asked about: the draft in memory, its hash, and the votes that count for it."""

import datetime as dt
from typing import Any

from django.utils import timezone

from portal.editorial.content import digest_of, draft_of
from portal.editorial.models import Step, StepState, Submission, Vote
from portal.editorial.registry import Moment, Registered, registry


def moment_of(
    submission: Submission,
    state: StepState | None = None,
    *,
    page: Any = None,
    at: dt.datetime | None = None,
) -> Moment:
    """Return the moment of a submission, or of one of its steps. `page` saves reading it when it is at hand."""
    draft = draft_of(page if page is not None else submission.page.specific)
    return moment_in(draft, digest_of(draft), submission, state, at=at)


def moment_in(
    draft: Any, digest: str, submission: Submission, state: StepState | None, *, at: dt.datetime | None = None
) -> Moment:
    """Return the moment of a step where draft and hash are known."""
    return Moment(
        page=draft,
        digest=digest,
        at=at or timezone.now(),
        submission=submission,
        state=state,
        votes=votes_for(state, digest) if state is not None else (),
    )


def votes_for(state: StepState, digest: str) -> tuple[Vote, ...]:
    """Return the votes of a step that count for this content."""
    return tuple(state.votes.filter(digest=digest).order_by("at", "pk"))


def step_of(state: StepState) -> Step:
    """Return the step that a state is of."""
    step: Step = Step.objects.get(pk=state.task_id)
    return step


def type_of(step: Step) -> tuple[Registered, Any]:
    """Return a step's task type and its checked parameters.

    Raises:
        UnknownNameError: the extension that brought the type was taken away.
    """
    entry = registry.find("task", step.type_name)
    return entry, entry.given(step.parameters)
