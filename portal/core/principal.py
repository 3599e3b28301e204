"""Who asks, in the form that every visibility rule takes.

Built once per request by `portal.accounts`, so that no package below needs to know users, memberships or groups.
"""

from dataclasses import dataclass
from uuid import UUID

from portal.core.roles import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held in one place. The place is named by what the role needs; the rest stays empty.

    Roles and places belong together: a manager here who is an employee there must not become a manager there, so rules
    ask for the places of a role and never for "her roles" and "her places" apart.
    """

    role: str
    municipality: str = ""
    # Database ids of the units that the role covers today: for a manager those below hers as well.
    units: frozenset[int] = frozenset()
    region: int | None = None
    party: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """The asker: nobody (`ANONYMOUS`) or a person with the roles that her session may use now."""

    user_uuid: UUID | None = None
    grants: tuple[Grant, ...] = ()
    # Names of Wagtail's groups: page restrictions are set on them.
    groups: frozenset[str] = frozenset()
    # Roles she holds and may not use before she has shown a second factor.
    withheld: frozenset[str] = frozenset()

    @property
    def is_anonymous(self) -> bool:
        """Tell whether nobody is signed in."""
        return self.user_uuid is None

    @property
    def is_administrator(self) -> bool:
        """Tell whether she looks after the portal as a whole."""
        return Role.ADMINISTRATOR in self.roles

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles without their places; only a rule that needs no place may ask."""
        return frozenset(grant.role for grant in self.grants)

    def municipalities(self, *roles: str) -> frozenset[str]:
        """Return the codes of the municipalities in which she holds one of the roles (any, if none is named)."""
        return frozenset(grant.municipality for grant in self._held(roles) if grant.municipality)

    def units(self, *roles: str) -> frozenset[int]:
        """Return the ids of the units that she covers in one of the roles."""
        return frozenset(unit for grant in self._held(roles) for unit in grant.units)

    def parties(self, *roles: str) -> frozenset[str]:
        """Return the keys of the parties that she acts for."""
        return frozenset(grant.party for grant in self._held(roles) if grant.party)

    def regions(self, *roles: str) -> frozenset[int]:
        """Return the ids of the regions in which she holds one of the roles."""
        return frozenset(grant.region for grant in self._held(roles) if grant.region is not None)

    def providers(self, *roles: str) -> frozenset[str]:
        """Return the keys of the course providers that she acts for."""
        return frozenset(grant.provider for grant in self._held(roles) if grant.provider)

    def _held(self, roles: tuple[str, ...]) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if not roles or grant.role in roles)

    @property
    def audiences(self) -> frozenset[str]:
        """Return the names that a search document's `audiences` are matched against."""
        if self.is_anonymous:
            return frozenset({"public"})
        return frozenset(
            {
                "public",
                "signed-in",
                f"person:{self.user_uuid}",
                *(f"role:{role}" for role in self.roles),
                *(f"group:{group}" for group in self.groups),
                *(f"municipality:{code}" for code in self.municipalities()),
                *(f"unit:{unit}" for unit in self.units()),
            }
        )


ANONYMOUS = Principal()
