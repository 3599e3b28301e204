"""Take a page through its workflow: Wagtail's states are the record, and this module is the only one that moves them.

Wagtail asks a task to start and asks for the next one; everything between stands here. A step that ended with other words
than the draft has now is *stale*: it is taken again before anything later happens. So an edit costs exactly the approvals
of what was edited, and a save without a change costs none.
"""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from portal.core.errors import RefusedError
from portal.editorial import deadlines
from portal.editorial.content import author_of, digest_of, draft_of
from portal.editorial.errors import NoPolicyError, NotApprovedError
from portal.editorial.locking import page_locked
from portal.editorial.models import Step, StepState, Submission, Submitter
from portal.editorial.moments import moment_in, step_of, type_of
from portal.editorial.policies import policy_for, workflow_in_force
from portal.editorial.registry import Moment, Outcome, Verdict, registry
from portal.editorial.required import missing

DONE = (TaskState.STATUS_APPROVED, TaskState.STATUS_SKIPPED)


# --- Beginning a step -------------------------------------------------------------------------------------------------


@transaction.atomic
def step_start(*, step: Step, workflow_state: WorkflowState, user: Any) -> StepState:
    """Start a step, or the first one before it whose content has changed since.

    Called by Wagtail, which makes what is returned the current task.

    Raises:
        NoPolicyError: no policy names this workflow for the page as it is now.
    """
    page = page_locked(int(workflow_state.object_id))
    draft = draft_of(page)
    digest = digest_of(draft)
    submission = _submission(workflow_state, draft, digest, user)
    retire_stale(workflow_state, digest)
    first = workflow_state.get_next_task()
    if first is not None and first.pk != step.pk:
        step = Step.objects.get(pk=first.pk)
    return _begin(step, moment_in(draft, digest, submission, None), workflow_state, None)


def _submission(workflow_state: WorkflowState, draft: Any, digest: str, user: Any) -> Submission:
    """Return the sidecar: made at the first step, counted on when the page is sent in again after a return."""
    found = Submission.objects.filter(workflow_state=workflow_state).select_related("policy", "definition").first()
    if found is None:
        return _submission_create(workflow_state, draft, digest, user)
    last = StepState.steps.filter(workflow_state=workflow_state, parent=None).order_by("-started_at", "-pk").first()
    if last is not None and last.status == TaskState.STATUS_REJECTED:
        if route_changed(found, draft):
            raise NoPolicyError(
                _("The change belongs to another workflow now. Cancel this one, then send it in again.")
            )
        found.round += 1
        found.digest = digest
        found.save(update_fields=["round", "digest"])
        _submitter(found, user)
    return found


def _submission_create(workflow_state: WorkflowState, draft: Any, digest: str, user: Any) -> Submission:
    policy = policy_for(draft, fresh=True)
    definition = workflow_in_force(policy.content["workflow"]) if policy is not None else None
    if policy is None or definition is None or definition.workflow_id != workflow_state.workflow_id:
        raise NoPolicyError(_("No policy sends this page through this workflow."))
    submission: Submission = Submission.objects.create(
        workflow_state=workflow_state,
        page_id=draft.pk,
        definition=definition,
        policy=policy,
        digest=digest,
        author=author_of(draft) or user,
    )
    _submitter(submission, user)
    return submission


def _submitter(submission: Submission, user: Any) -> None:
    Submitter.objects.create(submission=submission, round=submission.round, user=user, who=str(user)[:120])


def route_changed(submission: Submission, draft: Any) -> bool:
    """Tell whether the draft would go another way today than the one it was sent: other policy, or none."""
    policy = policy_for(draft, fresh=True)
    return policy is None or policy.key != submission.policy.key


def _begin(step: Step, before: Moment, workflow_state: WorkflowState, parent: StepState | None) -> StepState:
    state = StepState(
        workflow_state=workflow_state,
        task=step,
        revision=before.page.latest_revision,
        parent=parent,
        status=TaskState.STATUS_IN_PROGRESS,
    )
    state.save()
    moment = moment_in(before.page, before.digest, before.submission, state, at=before.at)  # type: ignore[arg-type]
    if any(_holds(use, moment) for use in step.skip_uses):
        return _end(state, Verdict(Outcome.SKIP), moment.digest, None)
    entry, given = type_of(step)
    if entry.what.holds_steps:
        for inner in step.inner_steps.order_by("position", "pk"):
            _begin(inner, moment, workflow_state, state)
        verdict = _of_inner(state)
    else:
        verdict = entry.what.begin(moment, given)
    if verdict.outcome != Outcome.WAIT:
        return _end(state, verdict, moment.digest, None)
    state.findings = [asdict(finding) for finding in verdict.findings]
    state.next_tick_at = moment.at
    state.save(update_fields=["findings", "next_tick_at"])
    if step.deadline_spec is not None:
        deadlines.begin(state, step.deadline_spec, moment.at)
    return state


def _holds(use: Any, moment: Moment) -> bool:
    entry = registry.find("condition", use.name)
    return bool(entry.what(moment, entry.given(use.given)))


# --- Ending a step ----------------------------------------------------------------------------------------------------

_STATUS = {
    Outcome.PASS: TaskState.STATUS_APPROVED,
    Outcome.SKIP: TaskState.STATUS_SKIPPED,
    Outcome.RETURN: TaskState.STATUS_REJECTED,
}


def _end(state: StepState, verdict: Verdict, digest: str, user: Any) -> StepState:
    """Write down how a step ended. What follows from it is `settle`'s matter, or Wagtail's at the start."""
    state.status = _STATUS[verdict.outcome]
    state.digest = digest
    state.findings = [asdict(finding) for finding in verdict.findings]
    state.comment = verdict.comment
    state.finished_at = timezone.now()
    state.finished_by = user
    state.next_tick_at = None
    state.save()
    if verdict.outcome == Outcome.RETURN:
        _cancel(state.inner_states.filter(status=TaskState.STATUS_IN_PROGRESS))
    elif verdict.outcome == Outcome.PASS:
        state.log_state_change_action(user, "approve")
    return state


def settle(state: StepState, verdict: Verdict, moment: Moment, user: Any) -> None:
    """Act on a verdict about a step that waited: end it, and take the page on as far as it goes by itself.

    What cannot go on because a rule refuses it — a release that cannot be frozen, a policy that wants more than the steps
    brought — is returned to its author with the reason, instead of being stuck.
    """
    if verdict.outcome == Outcome.WAIT:
        _keep_findings(state, verdict)
        return
    try:
        with transaction.atomic():
            _end(state, verdict, moment.digest, user)
            _go_on(state, moment, user)
    except RefusedError as error:
        state.refresh_from_db()
        _end(_outermost(state), Verdict(Outcome.RETURN, comment=str(error)), moment.digest, None)
        _update(_workflow_state(state), user)


def _keep_findings(state: StepState, verdict: Verdict) -> None:
    found = [asdict(finding) for finding in verdict.findings]
    if found != state.findings:
        state.findings = found
        state.save(update_fields=["findings"])


def _go_on(state: StepState, moment: Moment, user: Any) -> None:
    if state.parent is not None:
        _after_inner(state.parent, moment, user)
        return
    workflow_state = _workflow_state(state)
    retire_stale(workflow_state, moment.digest)
    _refuse_unfinished(workflow_state, moment)
    _update(workflow_state, user)


def _refuse_unfinished(workflow_state: WorkflowState, moment: Moment) -> None:
    """Say what is missing while there is a step to return from; the finish asks again."""
    if moment.submission is None or workflow_state.current_task_state.status == TaskState.STATUS_REJECTED:
        return
    if workflow_state.get_next_task() is None and (lacking := missing(moment.submission, moment.page, moment.digest)):
        raise NotApprovedError(str(lacking))


def _after_inner(parent: StepState, moment: Moment, user: Any) -> None:
    """Look at a parallel step after one inside it ended: begin again what went stale, and end when all are through."""
    again = _cancel(parent.inner_states.filter(status__in=DONE).exclude(digest=moment.digest))
    for inner in Step.objects.filter(pk__in=again).order_by("position", "pk"):
        _begin(inner, moment, parent.workflow_state, parent)
    verdict = _of_inner(parent)
    if verdict.outcome != Outcome.WAIT:
        _end(parent, verdict, moment.digest, user)
        _go_on(parent, moment, user)


def _of_inner(parent: StepState) -> Verdict:
    states = list(parent.inner_states.exclude(status=TaskState.STATUS_CANCELLED).order_by("pk"))
    returned = next((inner for inner in states if inner.status == TaskState.STATUS_REJECTED), None)
    if returned is not None:
        return Verdict(Outcome.RETURN, comment=returned.comment)
    through = states and all(inner.status in DONE for inner in states)
    return Verdict(Outcome.PASS if through else Outcome.WAIT)


# --- Keeping to the words ---------------------------------------------------------------------------------------------


def retire_stale(workflow_state: WorkflowState, digest: str) -> None:
    """Cancel the ended steps that ended with other words than these: Wagtail then names them as next again."""
    _cancel(StepState.steps.filter(workflow_state=workflow_state, status__in=DONE, parent=None).exclude(digest=digest))


def _cancel(states: Any) -> list[int]:
    """Cancel states without Wagtail's own `cancel`, which would move the workflow on. Return their steps' keys."""
    found = [(state.pk, state.task_id) for state in states]
    keys = [pk for pk, _task in found]
    TaskState.objects.filter(pk__in=keys).update(status=TaskState.STATUS_CANCELLED, finished_at=timezone.now())
    StepState.steps.filter(pk__in=keys).update(next_tick_at=None)
    if keys:
        _cancel(StepState.steps.filter(parent__in=keys).exclude(status=TaskState.STATUS_CANCELLED))
    return [task for _pk, task in found]


def content_changed(submission: Submission, page: Any, draft: Any, digest: str, user: Any) -> None:
    """Hear of other words: note who wrote them, and go back to the first step that has to be taken again.

    A step that waits for people stays: their votes for the old words simply no longer count.
    """
    submission.digest, submission.changed_at = digest, timezone.now()
    submission.author = user
    submission.save(update_fields=["digest", "changed_at", "author"])
    workflow_state = submission.workflow_state
    if workflow_state.status != WorkflowState.STATUS_IN_PROGRESS:
        return
    if route_changed(submission, draft):
        words = _("The change belongs to another workflow now. Send it in again.")
        submission_return(submission, digest, words)
        return
    current = _current(workflow_state)
    if current is not None and not _waits_for_people(current):
        back_to_stale(submission, digest, user)


def back_to_stale(submission: Submission, digest: str, user: Any) -> bool:
    """Go back to the first step whose words have changed, if one before the present step has; tell whether it did."""
    workflow_state = submission.workflow_state
    retire_stale(workflow_state, digest)
    first, current = workflow_state.get_next_task(), _current(workflow_state)
    if first is None or current is None or first.pk == current.task_id:
        return False
    _cancel(StepState.steps.filter(pk=current.pk))
    _update(_workflow_state(current), user, next_task=first)
    return True


def submission_return(submission: Submission, digest: str, comment: str) -> None:
    """Return a page to its author for a reason that no person gave."""
    current = _current(submission.workflow_state)
    if current is not None:
        _end(current, Verdict(Outcome.RETURN, comment=comment), digest, None)
        _update(_workflow_state(current), None)


def _waits_for_people(state: StepState) -> bool:
    entry, _given = type_of(step_of(state))
    return bool(entry.what.human or entry.what.holds_steps)


def _current(workflow_state: WorkflowState) -> StepState | None:
    found: StepState | None = StepState.steps.filter(pk=workflow_state.current_task_state_id).first()
    return found


def _outermost(state: StepState) -> StepState:
    return state.parent if state.parent is not None else state


def _workflow_state(state: StepState) -> WorkflowState:
    """Read Wagtail's row anew: its copy of the current task's status is what it decides by."""
    return WorkflowState.objects.select_related("current_task_state").get(pk=state.workflow_state_id)


def _update(workflow_state: WorkflowState, user: Any, *, next_task: Any = None) -> None:
    workflow_state.update(user=user, next_task=next_task)
