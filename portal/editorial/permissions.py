"""Who sees a submission, who may take it back, who may publish in an emergency."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from wagtail.models import Page

from portal.core.principal import Principal
from portal.core.publication import gate
from portal.core.visibility import asker
from portal.editorial.models import Step, StepState, Submission, Vote
from portal.editorial.moments import moment_of
from portal.editorial.registry import Moment, UnknownNameError
from portal.editorial.services import EMERGENCY_RIGHT
from portal.editorial.voting import seats_held


def submission_for(request: HttpRequest, uuid: UUID) -> Submission:
    """Return a submission that she may see: she may edit its page, has a seat in it, or has answered in it.

    Raises:
        Http404: there is none, or it is not hers to see.
    """
    related = ("workflow_state__current_task_state", "definition", "policy", "page", "author")
    found: Submission | None = Submission.objects.filter(uuid=uuid).select_related(*related).first()
    if found is None or not may_see(found, request.user, asker(request)):
        raise Http404
    return found


def may_see(submission: Submission, user: Any, principal: Principal) -> bool:
    """Tell whether a person has to do with a submission."""
    if may_edit(submission.page, user) or has_answered(submission, user):
        return True
    return has_seat(submission, moment_of(submission), user, principal)


def has_answered(submission: Submission, user: Any) -> bool:
    """Tell whether she has answered in a submission: what she answered stays hers to read."""
    return Vote.objects.filter(state__workflow_state=submission.workflow_state_id, user=user).exists()


def has_seat(submission: Submission, moment: Moment, user: Any, principal: Principal) -> bool:
    """Tell whether one of the steps is hers to answer, now or at some time, or was lent to her by a deadline."""
    for step in Step.objects.filter(definition=submission.definition_id).order_by("position", "pk"):
        try:
            if any(seats_held(each, step, user, principal) for each in _moments(submission, moment, step)):
                return True
        except UnknownNameError:
            continue
    return False


def _moments(submission: Submission, moment: Moment, step: Step) -> Iterator[Moment]:
    """Yield the moments at which a step may have been hers: at all, and as it waits or ended after its deadline."""
    yield moment
    if step.deadline_spec is not None and step.deadline_spec.substitutes:
        states = StepState.steps.filter(workflow_state=submission.workflow_state_id, task=step.pk, due_at__isnull=False)
        for state in states.order_by("pk"):
            yield replace(moment, state=state, at=state.finished_at or moment.at)


def may_edit(page: Any, user: Any) -> bool:
    """Tell whether she may edit a page in the admin."""
    return bool(page.permissions_for_user(user).can_edit())


def may_cancel(submission: Submission, user: Any, principal: Principal) -> bool:
    """Tell whether she may take a submission back: she sent it in, or looks after the portal."""
    if principal.is_administrator or user.is_superuser:
        return True
    return bool(submission.submitters.filter(user_id=user.pk).exists())


def may_publish_in_emergency(user: Any, principal: Principal) -> bool:
    """Tell whether she has the right, in a session that has shown what the right asks for."""
    return not principal.withheld and bool(user.has_perm(EMERGENCY_RIGHT))


def emergency_page_for(request: HttpRequest, page_id: int) -> Any:
    """Return a page that she may publish past its policy.

    Raises:
        Http404: she has not the right, or the page is not hers to edit, is missing, or is bound by no policy.
    """
    found = Page.objects.filter(pk=page_id).first() if may_publish_in_emergency(request.user, asker(request)) else None
    page = found.specific if found is not None else None
    if page is None or not may_edit(page, request.user) or not gate().is_bound(page):
        raise Http404
    return page
