"""A unit and a person, as far as the asker covers them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from portal.accounts.api import Membership, User
from portal.accounts.permissions import covered_memberships
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.desk.coordination.member_lists import MemberRow, row_of
from portal.desk.coordination.unit_lists import Branch, forest_of
from portal.organisations.api import Unit, tree_on


@dataclass(frozen=True, slots=True)
class UnitScreen:
    """A unit with its way from the top; `branch` is None on a day on which it is not there."""

    unit: Unit
    path: tuple[str, ...]
    branch: Branch | None

    @property
    def units(self) -> list[int]:
        """Return the unit and those below it."""
        return [one.pk for one in self.branch.whole] if self.branch is not None else [self.unit.pk]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A membership of a person, with the municipality that it is held in."""

    row: MemberRow
    municipality: str


def unit_screen(unit: Unit, *, on: date) -> UnitScreen:
    """Gather a unit; who stands in it comes page by page."""
    way = tree_on([unit.municipality], on=on).path(unit.pk)
    names = dict(Unit.objects.filter(pk__in=way).values_list("pk", "name"))
    forest = forest_of(unit.municipality, on=on)
    return UnitScreen(unit, tuple(names[pk] for pk in way[:-1]), forest.find(str(unit.uuid)))


def person_rows(principal: Principal, person: User, *, on: date) -> list[PersonRow]:
    """Return what the asker may know of a person's memberships: those that she covers, never those elsewhere."""
    rows: QuerySet[Membership] = covered_memberships(principal).filter(user=person)
    found = rows.select_related("user", "unit", "municipality").order_by("-valid_from", "-pk")
    return [PersonRow(row_of(one, on=on), one.municipality.name if one.municipality else "") for one in found]


def led_units(principal: Principal) -> QuerySet[Unit]:
    """Return the units that a manager was made the manager of today; those below follow from them."""
    if principal.user_uuid is None:
        return Unit.objects.none()
    own = Membership.objects.in_force().filter(user__uuid=principal.user_uuid, role=Role.MANAGER)
    found: QuerySet[Unit] = Unit.objects.filter(pk__in=own.values("unit")).order_by("name", "pk")
    return found
