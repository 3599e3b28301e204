"""Wagtail's admin app without its own mails about workflows; stands in `INSTALLED_APPS` in its place.

They go out one by one, past the outbox and inside the transaction; `portal.editorial.digest` tells people once a day.
"""

from wagtail.admin.apps import WagtailAdminAppConfig
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

_MAILS = (
    (task_submitted, "TaskState", "group_approval_task_submitted_email_notification"),
    (workflow_submitted, "WorkflowState", "workflow_state_submitted_email_notification"),
    (workflow_rejected, "WorkflowState", "workflow_state_rejected_email_notification"),
    (workflow_approved, "WorkflowState", "workflow_state_approved_email_notification"),
)


class AdminConfig(WagtailAdminAppConfig):
    """Wagtail's admin."""

    def ready(self) -> None:
        """Start as Wagtail does, then take the mails away."""
        from wagtail import models

        super().ready()
        for signal, sender, name in _MAILS:
            if not signal.disconnect(sender=getattr(models, sender), dispatch_uid=name):
                raise LookupError(f"Wagtail no longer sends {name}: look at its signal handlers again.")
