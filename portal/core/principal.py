"""Who asks, in the form that every visibility rule takes.

Built once per request by `portal.accounts`, so that no package below needs to know users, memberships or groups.
"""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Principal:
    """The asker: nobody (`ANONYMOUS`) or a person with roles in units and municipalities."""

    user_uuid: UUID | None = None
    roles: frozenset[str] = frozenset()
    # Materialised paths of organisational units; a prefix covers the units below.
    unit_paths: frozenset[str] = frozenset()
    municipality_codes: frozenset[str] = frozenset()

    @property
    def is_anonymous(self) -> bool:
        """Tell whether nobody is signed in."""
        return self.user_uuid is None

    @property
    def audiences(self) -> frozenset[str]:
        """Return the names that a search document's `audiences` are matched against."""
        if self.is_anonymous:
            return frozenset({"public"})
        return frozenset({"public", "signed-in", *(f"role:{role}" for role in self.roles)})


ANONYMOUS = Principal()
