"""A version of a workflow as Wagtail's rows: a Workflow, and a Step for each step."""

from dataclasses import asdict
from typing import Any

from wagtail.models import Workflow, WorkflowTask

from portal.editorial.models import Definition, Step
from portal.editorial.schema import StepSpec, WorkflowSpec


def workflow_row(spec: WorkflowSpec, version: int) -> Workflow:
    """Make Wagtail's row of a version; the steps follow when the version is stored."""
    return Workflow.objects.create(name=f"{spec.title.da} ({spec.key} {version})"[:255], active=True)


def steps_create(definition: Definition, spec: WorkflowSpec) -> None:
    """Make the steps. Those inside another get no place in Wagtail's list, so they never become the current task."""
    for number, step in enumerate(spec.steps):
        row = _step(definition, step, number, None)
        WorkflowTask.objects.create(workflow=definition.workflow, task=row, sort_order=number)
        for inner_number, inner in enumerate(step.steps):
            _step(definition, inner, inner_number, row)


def only_active(definition: Definition) -> None:
    """Let Wagtail offer this version and no earlier one.

    Set by hand: Wagtail's own way to deactivate a workflow cancels what runs in it, and that is to end as it began.
    """
    versions = Workflow.objects.filter(definition__kind=definition.kind, definition__key=definition.key)
    active = definition.retired_at is None
    versions.exclude(pk=definition.workflow_id).filter(active=True).update(active=False)
    versions.filter(pk=definition.workflow_id).exclude(active=active).update(active=active)


def _step(definition: Definition, step: StepSpec, position: int, parent: Step | None) -> Step:
    return Step.objects.create(
        definition=definition,
        key=step.key,
        name=step.title.da[:255],
        type_name=step.task.name,
        parameters=step.task.given,
        skip=[{"name": use.name, **use.given} for use in step.skip],
        deadline=_deadline(step),
        parent=parent,
        position=position,
    )


def _deadline(step: StepSpec) -> dict[str, Any]:
    return asdict(step.deadline) if step.deadline is not None else {}
