"""On whose behalf a group is signed up, and whose people may be chosen: a municipality's, or those of units one leads."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.api import Membership, User
from portal.accounts.permissions import covered_memberships, looked_after
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.core.sorting import danish_key
from portal.organisations.api import Municipality, Unit, tree_on
from portal.seats.api import normal_email


@dataclass(frozen=True, slots=True)
class Behalf:
    """A municipality as a whole, or one of its units with those below."""

    municipality: Municipality
    unit: Unit | None = None

    @property
    def key(self) -> str:
        """Return what a form calls it."""
        return f"enhed-{self.unit.uuid}" if self.unit else f"kommune-{self.municipality.slug}"

    @property
    def label(self) -> str:
        """Return its name."""
        return f"{self.unit.name}, {self.municipality.name}" if self.unit else self.municipality.name

    def units(self) -> dict[int, Unit]:
        """Return its units of today by primary key."""
        today = timezone.localdate()
        rows = Unit.objects.in_force(today).filter(municipality=self.municipality)
        if self.unit is not None:
            rows = rows.filter(pk__in=tree_on([self.municipality], on=today).below([self.unit.pk]))
        return {unit.pk: unit for unit in rows.order_by("pk")}


def behalves(principal: Principal) -> list[Behalf]:
    """Return on whose behalf the asker may sign up a group, her municipalities before her units."""
    whole = [Behalf(one) for one in looked_after(principal)]
    return [*sorted(whole, key=_by_name), *sorted(map(_of_unit, _led(principal)), key=_by_name)]


def _by_name(behalf: Behalf) -> Any:
    return danish_key(behalf.label), behalf.key


def _of_unit(unit: Unit) -> Behalf:
    return Behalf(unit.municipality, unit)


def _led(principal: Principal) -> QuerySet[Unit]:
    """Return the units that she was made the manager of today; those below follow from them."""
    if principal.user_uuid is None:
        return Unit.objects.none()
    own = Membership.objects.in_force().filter(user__uuid=principal.user_uuid, role=Role.MANAGER)
    reachable = principal.units(Role.MANAGER)
    found: QuerySet[Unit] = Unit.objects.filter(pk__in=own.values("unit")).filter(pk__in=reachable)
    return found.select_related("municipality")


def chosen_behalf(found: list[Behalf], key: str) -> Behalf | None:
    """Return the one that a form names, or the first; None if the named one is not hers."""
    if not key:
        return found[0]
    return next((behalf for behalf in found if behalf.key == key), None)


def people_of_behalf(principal: Principal, behalf: Behalf) -> QuerySet[Membership]:
    """Return the memberships to choose people by: of this place, and none that the asker could not see anyway."""
    lasting = Membership.objects.not_over().filter(municipality=behalf.municipality)
    rows = covered_memberships(principal).filter(pk__in=lasting.values("pk"))
    if behalf.unit is not None:
        rows = rows.filter(unit__in=list(behalf.units()))
    return rows.select_related("user", "unit")


def accounts_at(principal: Principal, emails: Collection[str]) -> dict[str, User]:
    """Return the accounts behind addresses, of people whom the asker may see; of others nothing is looked up."""
    wanted = {normal_email(email) for email in emails if email}
    if not wanted:
        return {}
    rows = covered_memberships(principal).filter(pk__in=Membership.objects.not_over().values("pk"))
    found = rows.filter(user__email__in=wanted).select_related("user").order_by("pk")
    return {normal_email(row.user.email or ""): row.user for row in found if row.user is not None}


def memberships_named(principal: Principal, behalf: Behalf, uuids: Collection[UUID]) -> dict[UUID, Membership]:
    """Return those of the named memberships that may be chosen; a foreign one is as good as missing."""
    return {row.uuid: row for row in people_of_behalf(principal, behalf).filter(uuid__in=list(uuids))}
