"""Which definition a new case begins under: the nearest that claims its place, the one without places last."""

from portal.workflows.models import CaseDefinition
from portal.workflows.schema import Scope


class NoDefinitionError(LookupError):
    """No definition of the kind applies: none is stored, or each claims a place elsewhere."""


def definition_for(kind: str, place: Scope | None = None) -> CaseDefinition:
    """Return the definition in force for a case of a kind in a place.

    `place` says where the case is, as far as is known: all four fields may be filled. Nearest is the longest section path
    that the place lies in, then the municipality, the region, the party; a definition without places comes last.

    Raises:
        NoDefinitionError: none applies.
    """
    here = place or Scope()
    found = [
        (rank, row)
        for row in CaseDefinition.objects.in_force().filter(kind=kind).order_by("key")
        for scope in row.read().scopes or (Scope(),)
        if (rank := _nearness(scope, here)) is not None
    ]
    if not found:
        raise NoDefinitionError(f"No definition of {kind!r} applies to {here}.")
    nearest: CaseDefinition = max(found, key=lambda item: item[0])[1]
    return nearest


def covers(claim: Scope, place: Scope) -> bool:
    """Tell whether a claim holds at every object in a place."""
    return _nearness(claim, place) is not None


def _nearness(scope: Scope, here: Scope) -> tuple[int, int] | None:
    """Return how near a claim is, larger for nearer; None where it does not hold."""
    if scope.section:
        inside = f"{here.section.rstrip('/')}/".startswith(f"{scope.section.rstrip('/')}/")
        return (4, len(scope.section)) if here.section and inside else None
    for rank, (claimed, actual) in enumerate(
        ((scope.party, here.party), (scope.region, here.region), (scope.municipality, here.municipality)), start=1
    ):
        if claimed:
            return (rank, 0) if claimed == actual else None
    return (0, 0)
