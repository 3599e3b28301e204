"""Take a definition out of use, and into use again: nothing begins under a retired one, what runs ends as it began."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.core import audit
from portal.editorial import materialising
from portal.editorial.covering import misfits
from portal.editorial.models import Definition, Submission
from portal.editorial.policies import spec_of
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND, Match, PolicySpec
from portal.editorial.shape import spec_from
from portal.editorial.storing import latest, lock
from portal.workflows.api import RetireError


@dataclass(frozen=True, slots=True)
class Listed:
    """One definition as those who run the portal see it. `running` counts all versions, `draining` the older ones."""

    kind: str
    key: str
    version: int
    is_retired: bool
    about: str
    running: int
    draining: int


@transaction.atomic
def definition_retire(*, actor: Any, kind: str, key: str) -> Definition:
    """Let no page be sent in under any version of a workflow, or take a policy out of force: it binds nothing then.

    Raises:
        RetireError: there is none, it is retired already, or a policy in force needs the workflow.
    """
    row = _locked(kind, key)
    if row.retired_at is not None:
        raise RetireError(f"{key!r} is retired already.")
    if kind == WORKFLOW_KIND:
        users = [each.key for each in _policies_in_force() if spec_of(each).workflow == key]
        if users:
            raise RetireError(
                f"The workflow {key!r} is needed by the policy {', '.join(map(repr, users))}. Retire it first."
            )
    return _set(row, actor, timezone.now(), "editorial_definition.retire")


@transaction.atomic
def definition_restore(*, actor: Any, kind: str, key: str) -> Definition:
    """Bring the latest version of a retired definition in force again.

    Raises:
        RetireError: there is none, it is in force, or it does not fit what is in force now.
    """
    row = _locked(kind, key)
    if row.retired_at is None:
        raise RetireError(f"{key!r} is in force already.")
    present = [spec_from(each.content) for each in Definition.objects.in_force().order_by("kind", "key")]
    own = spec_from(row.content)
    if unfit := [each.reason for each in misfits([*present, own]) if each.spec is own]:
        raise RetireError(" ".join(unfit))
    return _set(row, actor, None, "editorial_definition.restore")


def definitions_listed() -> list[Listed]:
    """Return every definition with what runs under it, policies first."""
    found: dict[tuple[str, str], Listed] = {}
    for row in Definition.objects.order_by("kind", "key", "-version"):
        name = (row.kind, row.key)
        field = "definition" if row.kind == WORKFLOW_KIND else "policy"
        running = Submission.objects.running().filter(**{field: row}).count()
        if name not in found:
            retired = row.retired_at is not None
            found[name] = Listed(row.kind, row.key, row.version, retired, _about(row), running, 0)
        else:
            was = found[name]
            older = was.draining + running
            found[name] = Listed(
                was.kind, was.key, was.version, was.is_retired, was.about, was.running + running, older
            )
    return list(found.values())


def _about(row: Definition) -> str:
    spec = spec_from(row.content)
    if not isinstance(spec, PolicySpec):
        return " → ".join(step.key for step in spec.steps)
    places = "; ".join(_place(match) for match in spec.matches) or "every page"
    return f"{places} → {spec.workflow}"


def _place(match: Match) -> str:
    said = [match.page_type, match.section, match.publisher, match.change, *(use.name for use in match.when)]
    return ", ".join(filter(None, said)) or "every page"


def _set(row: Definition, actor: Any, retired_at: Any, action: str) -> Definition:
    row.retired_at = retired_at
    row.save(update_fields=["retired_at"])
    if row.kind == WORKFLOW_KIND:
        materialising.only_active(row)
    audit.record(actor=actor, action=action, obj=row, after={"retired": retired_at is not None})
    return row


def _policies_in_force() -> list[Definition]:
    return list(Definition.objects.in_force().filter(kind=POLICY_KIND).order_by("key"))


def _locked(kind: str, key: str) -> Definition:
    lock()
    row = latest(kind, key)
    if row is None:
        raise RetireError(f"There is no such definition: {key!r}.")
    return row
