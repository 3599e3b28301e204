"""The units of a municipality for its screens: the tree of a day with how many people stand where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from portal.accounts.api import Membership
from portal.core.roles import Role
from portal.core.sorting import danish_key
from portal.organisations.api import Municipality, Unit, UnitTree, tree_on


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit with what stands below it; `people` counts those in it, `people_in_all` those below as well."""

    pk: int
    uuid: UUID
    name: str
    code: str
    depth: int
    people: int
    people_in_all: int
    managers: tuple[str, ...]
    # A manager of the unit above covers this one as well.
    is_led: bool
    children: tuple["Branch", ...]

    @property
    def whole(self) -> Iterator["Branch"]:
        """Return the unit and all below it, from the top down."""
        yield self
        for child in self.children:
            yield from child.whole


@dataclass(frozen=True, slots=True)
class Forest:
    """All units of a municipality on one day."""

    tops: tuple[Branch, ...]

    @property
    def all(self) -> list[Branch]:
        """Return every unit in the order of the tree."""
        return [branch for top in self.tops for branch in top.whole]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return the units for a select: the depth is shown by dashes, since a select has no tree."""
        return [(str(branch.uuid), f"{'– ' * branch.depth}{branch.name}") for branch in self.all]

    def find(self, uuid: str) -> Branch | None:
        """Return one of the units."""
        return next((branch for branch in self.all if str(branch.uuid) == uuid), None)


def forest_of(municipality: Municipality, *, on: date) -> Forest:
    """Gather the tree in four queries, however large it is."""
    units = {unit.pk: unit for unit in Unit.objects.in_force(on).filter(municipality=municipality)}
    tree = tree_on([municipality], on=on)
    people = _people(municipality, on)
    managers = _managers(municipality, on)
    return Forest(_branches(tree, units, people, managers))


def _branches(
    tree: UnitTree, units: Mapping[int, Unit], people: Mapping[int, int], managers: Mapping[int, list[str]]
) -> tuple[Branch, ...]:
    below = tree.children()

    def grown(parent: int | None, depth: int, led: bool) -> tuple[Branch, ...]:
        found = [units[pk] for pk in below.get(parent, ()) if pk in units]
        return tuple(
            branch(unit, depth, led) for unit in sorted(found, key=lambda unit: (danish_key(unit.name), unit.pk))
        )

    def branch(unit: Unit, depth: int, led: bool) -> Branch:
        names = tuple(managers.get(unit.pk, ()))
        led = led or bool(names)
        children = grown(unit.pk, depth + 1, led)
        own = people.get(unit.pk, 0)
        whole = own + sum(child.people_in_all for child in children)
        return Branch(unit.pk, unit.uuid, unit.name, unit.code, depth, own, whole, names, led, children)

    return grown(None, 0, False)


def _people(municipality: Municipality, on: date) -> dict[int, int]:
    rows = Membership.objects.not_over(on).filter(municipality=municipality, unit__isnull=False)
    return dict(rows.order_by("unit").values("unit").annotate(count=Count("pk")).values_list("unit", "count"))


def _managers(municipality: Municipality, on: date) -> dict[int, list[str]]:
    rows = Membership.objects.not_over(on).filter(municipality=municipality, role=Role.MANAGER)
    found: dict[int, list[str]] = {}
    for row in rows.select_related("user").order_by("pk"):
        if row.unit_id is not None:
            found.setdefault(row.unit_id, []).append(row.person_label)
    return found
