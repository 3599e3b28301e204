"""What may be shown of a group's answers, as arithmetic without a database.

The attacker in mind took part: she knows her own answer and every published figure. A total is shown only where she
still cannot tell what somebody else answered. Three rules, in this order:

1. A group, and the levels given in it, number at least the round's smallest group.
2. Not all, and not all but one, gave the same answer: the odd one out would know the answer of everybody else.
3. Where two totals are about the same competence and partly the same people (somebody assessed a mix of profiles), their
   difference must pass the first two rules itself; otherwise the smaller total is hidden (complementary suppression).

A hidden total shows no figure, and the reason never tells rules 2 and 3 from "too few levels".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.organisations.api import SMALLEST_GROUP
from profilecatalog.assessment.enums import Suppression


class UnsafeTotalsError(Exception):
    """The engine found a way through its own output; nothing may be published."""


@dataclass(frozen=True)
class Cell:
    """The answers of one profile's group about one competence: by person the level, None for an answer without one.

    `key` is the caller's own name for the cell and goes through to its total; a person is anything that can be a key.
    """

    key: Any
    competence: Any
    group_size: int
    answers: Mapping[Any, int | None]
    levels: int

    @property
    def counts(self) -> tuple[int, ...]:
        """Return the number of answers by level."""
        return _counts(self.answers.values(), self.levels)


@dataclass(frozen=True)
class Total:
    """What is published of a cell; a hidden one holds nothing but why."""

    key: Any
    group_size: int | None
    counts: tuple[int, ...] = ()
    without_level: int | None = None
    suppressed: Suppression | None = None

    @property
    def n(self) -> int | None:
        """Return the number of answers with a level."""
        return None if self.suppressed else sum(self.counts)


def _counts(values: Iterable[int | None], levels: int) -> tuple[int, ...]:
    found = [0] * levels
    for level in values:
        if level is not None:
            found[level - 1] += 1
    return tuple(found)


def tells_on_others(counts: Sequence[int]) -> bool:
    """Tell whether somebody who gave one of these answers can name the answer of everybody else."""
    for own, count in enumerate(counts):
        others = [other - (number == own) for number, other in enumerate(counts)]
        if count and sum(1 for other in others if other) <= 1:
            return True
    return False


def is_safe(counts: Sequence[int], threshold: int) -> bool:
    """Apply rules 1 and 2 to a distribution over the levels."""
    return sum(counts) >= max(threshold, SMALLEST_GROUP) and not tells_on_others(counts)


def disclose(cells: Iterable[Cell], threshold: int) -> list[Total]:
    """Return a total for every cell, shown or hidden, in the cells' order.

    Raises:
        UnsafeTotalsError: the result did not stand the attack that it is put to at the end.
    """
    cells = list(cells)
    shown = [cell for cell in cells if cell.group_size >= threshold and is_safe(cell.counts, threshold)]
    kept = _without_small_differences(shown, threshold)
    totals = [_total(cell, threshold, shown=cell in kept) for cell in cells]
    _attack(totals, [cell for cell in cells if cell in kept], threshold)
    return totals


def _total(cell: Cell, threshold: int, *, shown: bool) -> Total:
    if shown:
        without = sum(1 for level in cell.answers.values() if level is None)
        return Total(cell.key, cell.group_size, cell.counts, without)
    if cell.group_size < threshold:
        return Total(cell.key, None, suppressed=Suppression.TOO_FEW)
    return Total(cell.key, cell.group_size, suppressed=Suppression.PROTECTED)


def _without_small_differences(cells: list[Cell], threshold: int) -> list[Cell]:
    """Keep the larger totals and drop each one that would reveal few people beside one that is kept."""
    kept: list[Cell] = []
    for cell in sorted(cells, key=lambda c: len(c.answers), reverse=True):
        rivals = (other for other in kept if other.competence == cell.competence)
        if all(_differ_safely(cell, other, threshold) for other in rivals):
            kept.append(cell)
    return kept


def _differ_safely(one: Cell, other: Cell, threshold: int) -> bool:
    if not one.answers.keys() & other.answers.keys():
        return True
    for left, right in ((one, other), (other, one)):
        apart = [level for person, level in left.answers.items() if person not in right.answers]
        if apart and not is_safe(_counts(apart, max(one.levels, other.levels)), threshold):
            return False
    return True


def _attack(totals: list[Total], kept: list[Cell], threshold: int) -> None:
    """Try the published figures as somebody who took part would, without looking at how they came about."""
    for total in totals:
        figures = (total.counts, total.without_level)
        if total.suppressed and figures != ((), None):
            raise UnsafeTotalsError("A hidden total shows figures.")
        if total.suppressed == Suppression.TOO_FEW and total.group_size is not None:
            raise UnsafeTotalsError("The size of a small group is shown.")
        if not total.suppressed and (sum(total.counts) < threshold or tells_on_others(total.counts)):
            raise UnsafeTotalsError("A total tells a participant what the others answered.")
    pairs = ((a, b) for a in kept for b in kept if a is not b and a.competence == b.competence)
    if not all(_differ_safely(a, b, threshold) for a, b in pairs):
        raise UnsafeTotalsError("The difference of two totals is about too few people.")


def share_to_five(part: int, whole: int) -> int:
    """Return a percentage rounded to a whole five, half up; finer figures would let one count single persons."""
    return 5 * ((200 * part + 5 * whole) // (10 * whole))
