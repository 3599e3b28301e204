"""What ends a workflow: `WAGTAIL_FINISH_WORKFLOW_ACTION`.

Wagtail imports this module while its own models load, so it imports late.
"""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish exactly the approved content; Wagtail's own action publishes whatever is newest.

    A workflow that no policy named has no submission and ends as Wagtail ends it: the gate refuses where a policy is.

    Raises:
        NotApprovedError: an approval that the policy demands is missing for what the page says now. An empty workflow, one
            whose last step was deactivated, and one that only skipped steps end here as well.
    """
    from django.db import transaction
    from wagtail.workflows import publish_workflow_state

    from portal.core.publication import gate
    from portal.editorial.content import digest_of
    from portal.editorial.errors import NotApprovedError
    from portal.editorial.locking import submission_locked
    from portal.editorial.models import Submission
    from portal.editorial.required import missing

    with transaction.atomic():
        found = Submission.objects.filter(workflow_state=workflow_state).first()
        if found is None:
            if gate().is_bound(workflow_state.content_object):
                raise NotApprovedError
            publish_workflow_state(workflow_state, user=user)
            return
        submission, page = submission_locked(found)
        revision = page.get_latest_revision()
        draft = revision.as_object()
        if lacking := missing(submission, draft, digest_of(draft)):
            raise NotApprovedError(str(lacking))
        revision.publish(user=user, skip_permission_checks=True)
