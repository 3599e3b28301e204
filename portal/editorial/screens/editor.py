"""In the page editor: which approvals the page needs, where it stands, and what the last answer asked for."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from portal.core.sections import Section
from portal.core.visibility import asker
from portal.editorial.checks.anchors import fragment
from portal.editorial.dashboard import SHOUTED_FOR, EmergencyRow, recent_emergencies
from portal.editorial.models import StepState, Submission, Vote
from portal.editorial.permissions import may_publish_in_emergency
from portal.editorial.policies import policy_for, workflow_in_force
from portal.editorial.screens import lists, standing
from portal.editorial.screens.submission import FindingLine


@dataclass(frozen=True, slots=True)
class EditorStatus:
    """What stands above the form of a page that a policy is for."""

    demand: str
    workflow: str
    where: str
    url: str
    returned: str
    returned_by: str
    findings: tuple[FindingLine, ...]
    emergency_url: str
    emergencies: tuple[EmergencyRow, ...]


def editor_status(request: HttpRequest, page: Any) -> Section | None:
    """Return what the page needs, or nothing where no policy is for it."""
    if page is None or page.pk is None:
        return None
    policy = policy_for(page)
    if policy is None:
        return None
    running = Submission.objects.running().of_page(page).select_related("workflow_state").first()
    workflow = workflow_in_force(policy.content["workflow"])
    returned = _returned(running) if running is not None else None
    screen = EditorStatus(
        demand=standing.demand(policy, page),
        workflow=str(standing.workflow_spec(workflow).title) if workflow else "",
        where=lists.rows_of(Submission.objects.filter(pk=running.pk))[0].where if running is not None else "",
        url=reverse("editorial:submission", args=[running.uuid]) if running is not None else "",
        returned=returned.comment if returned else "",
        returned_by=_who(returned),
        findings=_findings(returned, page),
        emergency_url=_emergency_url(request, page),
        emergencies=_emergencies(page),
    )
    return Section(_("Approval"), "godkendelse", "editorial/admin/section_editor.html", {"screen": screen})


def _returned(submission: Submission) -> StepState | None:
    """Return the step that sent the page back, while it is back."""
    if submission.workflow_state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return None
    rejected = StepState.steps.filter(
        workflow_state=submission.workflow_state_id, status=TaskState.STATUS_REJECTED, inner_states__isnull=True
    )
    found: StepState | None = rejected.order_by("-finished_at", "-pk").first()
    return found


def _who(state: StepState | None) -> str:
    if state is None:
        return ""
    vote = Vote.objects.filter(state=state, answer=Vote.RETURN).order_by("-at", "-pk").first()
    return vote.who if vote else _("the portal")


def _findings(state: StepState | None, page: Any) -> tuple[FindingLine, ...]:
    if state is None:
        return ()
    # The form is on this very page.
    return tuple(
        FindingLine(
            row["message"],
            bool(row.get("stops", True)),
            fragment(page.specific_class, row.get("field", ""), row.get("row", "")),
        )
        for row in state.findings
    )


def _emergency_url(request: HttpRequest, page: Any) -> str:
    allowed = may_publish_in_emergency(request.user, asker(request))
    return reverse("editorial:emergency", args=[page.pk]) if allowed else ""


def _emergencies(page: Any) -> tuple[EmergencyRow, ...]:
    found = recent_emergencies(timezone.now() - SHOUTED_FOR).filter(page=page.pk)
    return tuple(EmergencyRow("", "", row.who, standing.local(row.used_at), row.reason) for row in found)
