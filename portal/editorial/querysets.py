"""Sets of definitions, submissions and votes, as verbs."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from wagtail.models import TaskState, WorkflowState

RUNNING = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


class DefinitionQuerySet(models.QuerySet[Any]):
    """Versions of workflows and policies."""

    def newest(self) -> "DefinitionQuerySet":
        """Return the latest version of each, the retired ones included."""
        latest = self.model._default_manager.filter(kind=OuterRef("kind"), key=OuterRef("key")).order_by("-version")
        return self.filter(pk=Subquery(latest.values("pk")[:1]))

    def in_force(self) -> "DefinitionQuerySet":
        """Return the latest version of each that has not been retired."""
        return self.newest().filter(retired_at__isnull=True)

    def at_work(self) -> "DefinitionQuerySet":
        """Return what pages are sent in under, and older versions under which some still are."""
        from portal.editorial.models import Submission

        busy = Submission.objects.running()
        old = Q(pk__in=busy.values("definition_id")) | Q(pk__in=busy.values("policy_id"))
        return self.filter(Q(pk__in=self.model._default_manager.in_force().values("pk")) | old)


class SubmissionQuerySet(models.QuerySet[Any]):
    """Pages that were sent in."""

    def running(self) -> "SubmissionQuerySet":
        """Return those in which something can still happen."""
        return self.filter(workflow_state__status__in=RUNNING)

    def in_progress(self) -> "SubmissionQuerySet":
        """Return those that are with somebody else than their author."""
        return self.filter(workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)

    def ready(self) -> "SubmissionQuerySet":
        """Return those that passed their workflow and have not been used for a publication."""
        return self.filter(workflow_state__status=WorkflowState.STATUS_APPROVED, used_at__isnull=True)

    def of_page(self, page: Any) -> "SubmissionQuerySet":
        """Return the submissions of a page, the newest first."""
        return self.filter(page_id=page.pk).order_by("-created_at", "-pk")


class StepStateQuerySet(models.QuerySet[Any]):
    """Steps under way."""

    def waiting(self) -> "StepStateQuerySet":
        """Return the steps that wait in a workflow that is in progress, those inside others included."""
        return self.filter(status=TaskState.STATUS_IN_PROGRESS, workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)

    def to_tick(self, now: dt.datetime) -> "StepStateQuerySet":
        """Return the waiting steps that the clock looks at."""
        return self.waiting().filter(next_tick_at__lte=now).order_by("next_tick_at", "pk")
