"""The order of a workflow's steps: one begins, each names the next, and some run side by side inside another.

A workflow is a line, because Wagtail knows one current task. The file says it by names, not by the order of its tables, so
that a step can be put in or taken out without moving others; what does not come to one line is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.editorial.schema import StepSpec, WorkflowSpec
from portal.workflows.api import Fault, ShapeError, Words


@dataclass(frozen=True, slots=True)
class Row:
    """A step as its table says it, with the names of its neighbours."""

    step: StepSpec
    start: bool
    follows: str
    within: str

    @property
    def key(self) -> str:
        """Return the step's key."""
        return self.step.key


def in_order(key: str, title: Words, rows: tuple[Row, ...]) -> WorkflowSpec:
    """Return the workflow with its steps in the order in which they come.

    Raises:
        ShapeError: the rows make no line.
    """
    if found := list(_faults(rows)):
        raise ShapeError(found)
    by_key = {row.key: row for row in rows}
    row: Row | None = next(row for row in rows if row.start)
    steps = []
    while row is not None:
        inner = tuple(each.step for each in rows if each.within == row.key)
        steps.append(replace(row.step, steps=inner))
        row = by_key.get(row.follows)
    return WorkflowSpec(key, title, tuple(steps))


def _faults(rows: tuple[Row, ...]) -> Iterator[Fault]:
    if not rows:
        yield Fault(("steps",), "the workflow is empty: it has no [[steps]]")
        return
    found = [*_doubles(rows), *_starts(rows), *_nexts(rows), *_within(rows)]
    yield from found
    # A next step that is not there would make everything behind it look unreachable.
    if not found:
        yield from _line(rows)


def _doubles(rows: tuple[Row, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.key in seen:
            yield Fault(("steps", number, "key"), f"two steps have the key {row.key!r}: a step comes once")
        seen.add(row.key)


def _starts(rows: tuple[Row, ...]) -> Iterator[Fault]:
    starts = [number for number, row in enumerate(rows) if row.start]
    if not starts:
        yield Fault(("steps",), "no step has start = true")
    for number in starts[1:]:
        keys = ", ".join(repr(rows[each].key) for each in starts)
        yield Fault(("steps", number, "start"), f"a workflow begins with one step, and these are starts: {keys}")


def _nexts(rows: tuple[Row, ...]) -> Iterator[Fault]:
    outer = {row.key for row in rows if not row.within}
    known = {row.key for row in rows}
    for number, row in enumerate(rows):
        place = ("steps", number, "next")
        if row.follows and row.follows not in known:
            yield Fault(place, f"step {row.key!r}: the next step {row.follows!r} does not exist")
        elif row.follows and row.follows not in outer:
            yield Fault(place, f"step {row.key!r}: the next step {row.follows!r} stands inside another")


def _within(rows: tuple[Row, ...]) -> Iterator[Fault]:
    outer = {row.key for row in rows if not row.within}
    known = {row.key for row in rows}
    for number, row in enumerate(rows):
        if not row.within:
            continue
        place = ("steps", number, "within")
        if row.within not in known:
            yield Fault(place, f"step {row.key!r} is to stand within {row.within!r}, which does not exist")
        elif row.within not in outer:
            yield Fault(
                place, f"step {row.key!r} stands within {row.within!r}, which stands within another step itself"
            )
        if row.start or row.follows:
            word = "start" if row.start else "next"
            yield Fault(
                ("steps", number, word),
                f"step {row.key!r} stands within {row.within!r}: it begins with it and has no {word!r} of its own",
            )


def _line(rows: tuple[Row, ...]) -> Iterator[Fault]:
    numbers = {row.key: number for number, row in enumerate(rows)}
    reached: list[str] = []
    here = next(row.key for row in rows if row.start)
    while here and here not in reached:
        reached.append(here)
        before, here = here, rows[numbers[here]].follows
    if here:
        way = " → ".join([*reached[reached.index(here) :], here])
        yield Fault(("steps", numbers[before], "next"), f"the steps run in a circle: {way}")
    for number, row in enumerate(rows):
        if not row.within and row.key not in reached:
            yield Fault(
                ("steps", number), f"no page ever reaches the step {row.key!r}: no step before it names it as next"
            )
