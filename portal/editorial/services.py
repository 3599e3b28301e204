"""What people and the clock do to a submission. Each is one transaction that begins with the lock on the page."""

import datetime as dt
import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from portal.core import audit
from portal.core.errors import RefusedError
from portal.core.failpoints import failpoint
from portal.core.principal import Principal
from portal.editorial import compare, deadlines
from portal.editorial.content import content_digest, content_of, digest_of, draft_of
from portal.editorial.engine import back_to_stale, settle, submission_return
from portal.editorial.errors import NoPolicyError, NotYoursError, StaleReadingError
from portal.editorial.gate import EditorialGate
from portal.editorial.locking import page_locked, state_locked, submission_locked
from portal.editorial.models import ExceptionalPublication, ReadContent, StepState, Submission, Vote
from portal.editorial.moments import moment_in, moment_of, step_of, type_of
from portal.editorial.registry import Moment, Seat
from portal.editorial.shouting import tell_everybody
from portal.editorial.voting import seats_now, why_not

logger = logging.getLogger(__name__)

EMERGENCY_RIGHT = "editorial.publish_in_emergency"
# Shorter than this says nothing to those who read it later.
SHORTEST_REASON = 20
# A step whose last look failed is looked at again after this long.
RETRY = dt.timedelta(minutes=15)


@transaction.atomic
def submission_send(*, page: Any, actor: Any) -> Submission:
    """Send in the newest draft of a page, or send it in again after a return: what the editor's button does.

    Raises:
        RefusedError: no policy is for the page, or it is with others already.
    """
    locked = page_locked(page.pk)
    EditorialGate().before_sending(draft_of(locked), actor)
    state = WorkflowState.objects.for_instance(locked).active().first()
    if state is None:
        workflow = draft_of(locked).get_workflow()
        if workflow is None:
            raise NoPolicyError(_("No policy sends this page through a workflow."))
        state = workflow.start(locked, actor)
    elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(actor)
    else:
        raise RefusedError(_("The page has been sent in already."))
    submission: Submission = Submission.objects.get(workflow_state_id=state.pk)
    audit.record(actor=actor, action="page.sent_in", obj=locked, after={"round": submission.round})
    return submission


@transaction.atomic
def vote_cast(
    *,
    state: StepState,
    actor: Any,
    principal: Principal,
    answer: str,
    read: str,
    comment: str = "",
    seat: str = "",
) -> Vote:
    """Answer a step. `read` is the hash of what the person had before her; `seat` says for whom, where she has several.

    Raises:
        StaleReadingError: the content has changed since.
        NotYoursError: it is not hers to answer, or not any more.
        RefusedError: a return without a word of why.
    """
    state, submission, page = state_locked(state)
    if not _is_open(state, submission):
        raise NotYoursError(_("The step has ended; there is nothing to answer any more."))
    moment = moment_of(submission, state, page=page)
    chosen = _seat(moment, actor, principal, seat)
    if moment.digest != read:
        raise StaleReadingError
    if answer == Vote.RETURN and not comment.strip():
        raise RefusedError(_("Write what should be changed, so that the author knows what to do."))
    vote = _store(moment, chosen, actor, principal, answer, comment)
    failpoint("editorial.vote.stored")
    _after_vote(state, submission, moment, actor)
    audit.record(
        actor=actor,
        action=_act(submission, answer),
        obj=page,
        after={"step": step_of(state).key, "seat": chosen.key, "content": moment.digest},
    )
    return vote


def _act(submission: Submission, answer: str) -> str:
    """Name what an answer did: one of a panel's members who is against does not return the page yet."""
    if answer == Vote.APPROVE:
        return "page.approved"
    status = WorkflowState.objects.values_list("status", flat=True).get(pk=submission.workflow_state_id)
    return "page.returned" if status == WorkflowState.STATUS_NEEDS_CHANGES else "page.advised_against"


def _is_open(state: StepState, submission: Submission) -> bool:
    return (
        state.status == TaskState.STATUS_IN_PROGRESS
        and submission.workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
        and submission.workflow_state.current_task_state_id in (state.pk, state.parent_id)
    )


def _seat(moment: Moment, actor: Any, principal: Principal, wanted: str) -> Seat:
    assert moment.state is not None  # noqa: S101
    step = step_of(moment.state)
    seats = seats_now(moment, step, actor, principal)
    found = next((seat for seat in seats if not wanted or seat.key == wanted), None)
    if found is None:
        raise NotYoursError(why_not(moment, step, actor, principal) or _("You do not answer this step."))
    return found


def _store(moment: Moment, seat: Seat, actor: Any, principal: Principal, answer: str, comment: str) -> Vote:
    assert moment.state is not None  # noqa: S101
    content = content_of(moment.page)
    read, _made = ReadContent.objects.get_or_create(
        digest=content_digest(content), defaults={"content": content, "parts": compare.parts_of(moment.page)}
    )
    return Vote.objects.create(
        state=moment.state,
        seat=seat.key,
        user=actor,
        who=str(actor)[:120],
        person=actor.uuid,
        answer=answer,
        digest=moment.digest,
        read=read,
        comment=comment.strip(),
        as_substitute=deadlines.is_substitute(moment, seat, actor, principal),
    )


def _after_vote(state: StepState, submission: Submission, moment: Moment, actor: Any) -> None:
    entry, given = type_of(step_of(state))
    after = moment_in(moment.page, moment.digest, submission, state, at=moment.at)
    settle(state, entry.what.answered(after, given), after, actor)


@transaction.atomic
def submission_cancel(*, submission: Submission, actor: Any, comment: str = "") -> None:
    """Take back what was sent in: nothing goes live, the draft stays.

    Raises:
        RefusedError: it has ended.
    """
    submission, page = submission_locked(submission)
    try:
        submission.workflow_state.cancel(user=actor)
    except PermissionDenied as error:
        raise RefusedError(_("It has ended already; there is nothing to take back.")) from error
    audit.record(actor=actor, action="page.taken_back", obj=page, after={"comment": comment.strip()})


@transaction.atomic
def publish_in_emergency(*, page: Any, actor: Any, principal: Principal, reason: str) -> ExceptionalPublication:
    """Publish the newest draft past its policy: a right of its own, with a reason that everybody concerned is told.

    Raises:
        NotYoursError: she does not have the right, or has not shown her second factor.
        RefusedError: the reason is too short to be one, or the page cannot be released.
    """
    if principal.is_anonymous or principal.withheld or not actor.has_perm(EMERGENCY_RIGHT):
        raise NotYoursError(_("You may not publish past the policy."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise RefusedError(_("Write the reason in at least %(count)s characters.") % {"count": SHORTEST_REASON})
    locked = page_locked(page.pk)
    revision = _without_plan(locked, actor)
    exception = _exception(locked, revision, actor, ExceptionalPublication.EMERGENCY, reason)
    revision.publish(user=actor, skip_permission_checks=True)
    exception.refresh_from_db()
    if exception.used_at is None:
        raise RefusedError(_("The page did not go live. Look at its draft, then try again."))
    audit.record(
        actor=actor,
        action="page.published_in_emergency",
        obj=locked,
        after={"reason": exception.reason, "content": exception.digest},
    )
    tell_everybody(exception)
    return exception


def _without_plan(page: Any, actor: Any) -> Any:
    """Return the newest revision without a planned time: Wagtail would only schedule what is to go live at once."""
    revision = page.get_latest_revision()
    draft = revision.as_object()
    if draft.go_live_at is None or draft.go_live_at <= timezone.now():
        return revision
    draft.go_live_at = None
    return draft.save_revision(user=actor)


@transaction.atomic
def publish_imported(*, page: Any, revision: Any, actor: Any, reason: str = "") -> None:
    """Publish what a command brings in — example content, a framework — past a policy if one is for the page."""
    if EditorialGate().is_bound(revision.as_object()):
        words = reason or _("Read in by a command.")
        exception = _exception(page, revision, actor, ExceptionalPublication.IMPORT, words)
        after = {"reason": exception.reason, "content": exception.digest}
        audit.record(actor=actor, action="page.published_by_import", obj=page, after=after)
    revision.publish(user=actor, skip_permission_checks=True)


def _exception(page: Any, revision: Any, actor: Any, kind: str, reason: str) -> ExceptionalPublication:
    return ExceptionalPublication.objects.create(
        page_id=page.pk,
        kind=kind,
        digest=digest_of(revision.as_object()),
        actor=actor,
        who=str(actor)[:120] if actor is not None else audit.SYSTEM,
        reason=reason.strip(),
    )


# --- The clock --------------------------------------------------------------------------------------------------------


def tick(now: dt.datetime | None = None) -> None:
    """Look at every step that waits for the clock, each in a transaction of its own.

    One that fails is written down, put off and shown; the others go on.
    """
    due = list(StepState.steps.to_tick(now or timezone.now()).values_list("pk", flat=True))
    for pk in due:
        try:
            _tick(pk, now)
        except Exception as error:
            logger.exception("The step %s could not be looked at", pk)
            again = (now or timezone.now()) + RETRY
            StepState.steps.filter(pk=pk).update(problem=str(error)[:500], next_tick_at=again)


@transaction.atomic
def _tick(pk: int, now: dt.datetime | None) -> None:
    state, submission, page = state_locked(StepState.steps.get(pk=pk))
    if not _is_open(state, submission):
        return
    moment = moment_of(submission, state, page=page, at=now)
    if moment.digest != submission.digest:
        # A competence was published: nobody edited the page, and its words are others all the same.
        submission.digest, submission.changed_at = moment.digest, moment.at
        submission.save(update_fields=["digest", "changed_at"])
    step = step_of(state)
    entry, given = type_of(step)
    if not (entry.what.human or entry.what.holds_steps) and back_to_stale(submission, moment.digest, None):
        return
    verdict = entry.what.tick(moment, given)
    settle(state, verdict, moment, None)
    state.refresh_from_db()
    if state.status == TaskState.STATUS_IN_PROGRESS:
        StepState.steps.filter(pk=pk).update(next_tick_at=deadlines.look(state, step, moment.at), problem="")


__all__ = [
    "EMERGENCY_RIGHT",
    "SHORTEST_REASON",
    "publish_imported",
    "publish_in_emergency",
    "submission_cancel",
    "submission_return",
    "submission_send",
    "tick",
    "vote_cast",
]
