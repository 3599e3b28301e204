"""A person's result beside the requirement: a circle, a line and a diamond on one track.

All coordinates across are percentages, so that the letters keep their size however wide the column is.
"""

from dataclasses import dataclass

from portal.core.figures.level_mark import number

# How far the circle and the diamond move aside when the line stands in the same cell.
_ASIDE = 0.26


@dataclass(frozen=True, slots=True)
class Cell:
    """One level's cell and the place of its name."""

    x: str
    middle: str
    name: str


@dataclass(frozen=True, slots=True)
class Track:
    """Everything the template draws; a sign that is None is not drawn."""

    cells: tuple[Cell, ...]
    cell_width: str
    me: str | None
    now: str | None
    future: str | None


def _percent(value: float) -> str:
    return f"{number(value)}%"


def draw(*, me: int | None, now: int | None, future: int | None, names: tuple[str, ...]) -> Track:
    """Return the places of the three signs; signs that share a cell stand beside each other, never on each other.

    Raises:
        ValueError: a level lies outside the scale, or the scale has no levels.
    """
    if not names or any(level is not None and not 1 <= level <= len(names) for level in (me, now, future)):
        raise ValueError("A track needs a scale and levels within it.")
    wide = 100 / len(names)

    def middle(level: int) -> float:
        return (level - 0.5) * wide

    cells = tuple(
        Cell(_percent((level - 1) * wide + 0.5), _percent(middle(level)), f"{level} {name}")
        for level, name in enumerate(names, start=1)
    )
    me_moves = me is not None and me in (now, future)
    future_moves = future is not None and future in (now, me)
    return Track(
        cells=cells,
        cell_width=_percent(wide - 1),
        me=None if me is None else _percent(middle(me) - (wide * _ASIDE if me_moves else 0)),
        now=None if now is None else _percent(middle(now)),
        future=None if future is None else _percent(middle(future) + (wide * _ASIDE if future_moves else 0)),
    )
