"""The one lock of everything about a page: its row. Taken before anything else is read, by whoever votes, edits or finishes.

Order: the page's row, then what its resolved content reads (`hold_content`), then rows of the workflow.
"""

from typing import Any

from wagtail.models import Page

from portal.editorial.content import draft_of
from portal.editorial.models import StepState, Submission


def page_locked(page_id: int) -> Any:
    """Lock a page's row and return the page as an object of its own class, read after the lock."""
    row = Page.objects.select_for_update(of=("self",)).get(pk=page_id)
    page = row.specific
    # What the draft adds is locked together with what is published: two pages would else lock in opposite order.
    page.hold_content(draft_of(page))
    return page


def submission_locked(submission: Submission) -> tuple[Submission, Any]:
    """Lock the page of a submission, and return both as they are after the lock."""
    page = page_locked(submission.page_id)
    return Submission.objects.select_related("workflow_state", "definition", "policy").get(pk=submission.pk), page


def state_locked(state: StepState) -> tuple[StepState, Submission, Any]:
    """Lock the page that a step is about, and return step, submission and page as they are after the lock."""
    submission, page = submission_locked(Submission.objects.get(workflow_state_id=state.workflow_state_id))
    return StepState.steps.select_related("parent").get(pk=state.pk), submission, page
