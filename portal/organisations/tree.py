"""The tree of units as it stands on one day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.organisations.models import Municipality, Unit, UnitPlacement, days_cover


@dataclass(frozen=True, slots=True)
class UnitTree:
    """Who stands under whom, by database id. A unit whose parent is not there that day stands at the top."""

    parents: Mapping[int, int | None]

    def children(self) -> dict[int | None, list[int]]:
        """Return the units directly below each unit; those at the top under None."""
        below: dict[int | None, list[int]] = {}
        for unit, parent in self.parents.items():
            below.setdefault(parent if parent in self.parents else None, []).append(unit)
        return below

    def below(self, units: Iterable[int]) -> frozenset[int]:
        """Return the units and all that stand below them; a unit that is not in the tree covers itself only."""
        children = self.children()
        found: set[int] = set()
        waiting = list(units)
        while waiting:
            unit = waiting.pop()
            if unit not in found:
                found.add(unit)
                waiting.extend(children.get(unit, ()))
        return frozenset(found)

    def path(self, unit: int) -> tuple[int, ...]:
        """Return the units from the top down to this one."""
        path: list[int] = []
        here: int | None = unit
        while here is not None and here in self.parents and here not in path:
            path.append(here)
            here = self.parents[here]
        return tuple(reversed(path))

    def cycle(self) -> tuple[int, ...]:
        """Return units that stand in a circle, or nothing."""
        cleared: set[int] = set()
        for start in self.parents:
            seen: list[int] = []
            here: int | None = start
            while here is not None and here in self.parents and here not in cleared:
                if here in seen:
                    return tuple(seen[seen.index(here) :])
                seen.append(here)
                here = self.parents[here]
            cleared.update(seen)
        return ()


def tree_on(municipalities: Iterable[Municipality | int | None], *, on: date) -> UnitTree:
    """Return the tree of one or more municipalities on that day, in one query."""
    placements = UnitPlacement.objects.filter(
        days_cover(on), days_cover(on, "unit__"), unit__municipality__in=list(municipalities)
    )
    return UnitTree(dict(placements.values_list("unit_id", "parent_id")))


def circle_below(unit: Unit, *, since: date) -> bool:
    """Tell whether the unit stands below itself on that day, or on a later one to which moves are planned.

    Only a circle through the unit that was just placed can be new, so each day is one walk upwards; all in one query.
    """
    placements = list(
        UnitPlacement.objects.filter(unit__municipality=unit.municipality_id)
        .exclude(valid_to__lt=since)
        .exclude(unit__valid_to__lt=since)
        .values_list("unit_id", "parent_id", "valid_from", "valid_to", "unit__valid_from", "unit__valid_to")
    )
    begins = {day for _unit, _parent, first, _last, unit_first, _unit_last in placements for day in (first, unit_first)}
    return any(
        _meets_itself(unit.pk, _parents(placements, day)) for day in sorted({since, *(d for d in begins if d > since)})
    )


def _parents(placements: Iterable[tuple[Any, ...]], day: date) -> dict[int, int | None]:
    return {
        unit: parent
        for unit, parent, first, last, unit_first, unit_last in placements
        if max(first, unit_first) <= day and (last is None or day <= last) and (unit_last is None or day <= unit_last)
    }


def _meets_itself(unit: int, parents: Mapping[int, int | None]) -> bool:
    seen: set[int] = set()
    here = parents.get(unit)
    while here is not None and here not in seen:
        if here == unit:
            return True
        seen.add(here)
        here = parents.get(here)
    return False
