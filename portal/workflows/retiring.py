"""Take a definition out of use, and into use again: nothing begins under a retired one, what is under way ends as it began.

Where something could begin before, something can begin after: the last definition that applies to a place stays.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from portal.core import audit
from portal.core.errors import RefusedError
from portal.workflows.models import CaseDefinition
from portal.workflows.policy import covers
from portal.workflows.schema import Definition, Scope


class RetireError(RefusedError):
    """The definition cannot be retired or taken back; the text says why."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One definition as those who run the portal see it: `open_cases` counts all versions, `draining` the older ones."""

    key: str
    version: int
    kind: str
    places: str
    retired: bool
    open_cases: int
    draining: int


@transaction.atomic
def definition_retire(*, actor: Any, key: str) -> CaseDefinition:
    """Let no new case begin under any version of a definition.

    Raises:
        RetireError: there is none, it is retired already, or no other one applies where it does.
    """
    row = _locked(key)
    if row.retired_at is not None:
        raise RetireError(f"{key!r} is retired already.")
    others = [each.read() for each in CaseDefinition.objects.in_force().filter(kind=row.kind).exclude(key=key)]
    if bare := uncovered(row.read(), others):
        raise RetireError(
            f"{key!r} is the last definition of {row.kind!r} that applies to {place_name(bare[0])}: no case could begin "
            "there any more. Import another one for this place first."
        )
    row.retired_at = timezone.now()
    row.save(update_fields=["retired_at"])
    audit.record(actor=actor, action="workflow_definition.retire", obj=row, after={"retired": True})
    return row


@transaction.atomic
def definition_restore(*, actor: Any, key: str) -> CaseDefinition:
    """Let cases begin under the latest version of a retired definition again.

    Raises:
        RetireError: there is none, it is in force, or another one has taken its place.
    """
    row = _locked(key)
    if row.retired_at is None:
        raise RetireError(f"{key!r} is in force already.")
    mine = set(row.read().scopes or (Scope(),))
    for other in CaseDefinition.objects.in_force().filter(kind=row.kind).order_by("key"):
        if taken := sorted(mine & set(other.read().scopes or (Scope(),)), key=place_name):
            raise RetireError(f"{other.key!r} applies to {place_name(taken[0])} now. Retire it first.")
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    audit.record(actor=actor, action="workflow_definition.restore", obj=row, after={"retired": False})
    return row


def uncovered(gone: Definition, others: list[Definition]) -> list[Scope]:
    """Return the places of a definition to which none of the others applies."""
    claims = [scope for other in others for scope in other.scopes or (Scope(),)]
    return [place for place in gone.scopes or (Scope(),) if not any(covers(claim, place) for claim in claims)]


def place_name(place: Scope) -> str:
    """Return a place in words."""
    said = ((name, getattr(place, name)) for name in ("section", "municipality", "region", "party"))
    return next((f"{name} {value!r}" for name, value in said if value), "everywhere else")


def definitions_listed() -> list[Listed]:
    """Return every definition with its open cases, by key."""
    open_cases = Count("cases", filter=Q(cases__closed_at__isnull=True))
    rows = CaseDefinition.objects.annotate(open_cases=open_cases).order_by("key", "-version")
    found: dict[str, Listed] = {}
    for row in rows:
        if row.key not in found:
            places = ", ".join(place_name(scope) for scope in row.read().scopes) or "everywhere"
            retired = row.retired_at is not None
            found[row.key] = Listed(row.key, row.version, row.kind, places, retired, row.open_cases, 0)
        else:
            was = found[row.key]
            older = was.draining + row.open_cases
            found[row.key] = Listed(
                was.key, was.version, was.kind, was.places, was.retired, was.open_cases + row.open_cases, older
            )
    return list(found.values())


def _locked(key: str) -> CaseDefinition:
    """Return the latest version, with every version of its kind locked: two may not retire the last two at once."""
    row: CaseDefinition | None = CaseDefinition.objects.newest().filter(key=key).first()
    if row is None:
        raise RetireError(f"There is no definition {key!r}.")
    list(CaseDefinition.objects.select_for_update().filter(kind=row.kind).order_by("pk").values_list("pk"))
    return CaseDefinition.objects.newest().get(key=key)
