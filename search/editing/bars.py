"""The small chart of the weeks: where its bars stand; no colours (CSS) and no words (template)."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 120
_FLOOR = 98
_TOP = 14
_PITCH = 44
# Narrower where a year is shown, so that it fits without scrolling on a wide screen.
_PITCH_OF_MANY = 18
_MANY = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One week: the whole bar, and the part of it that found nothing, standing on the same floor."""

    x: int
    width: int
    y: int
    height: int
    missed_y: int
    missed_height: int
    middle: int
    # Empty where there is no room for it; the table has them all.
    label: str
    figure: str


@dataclass(frozen=True, slots=True)
class Bars:
    """The drawing, in its own units."""

    width: int
    height: int
    floor: int
    bars: tuple[Bar, ...]


def bars(values: Sequence[tuple[int, int]], labels: Sequence[str]) -> Bars:
    """Return the drawing of pairs of a whole and a part of it, the highest as high as there is room.

    Raises:
        ValueError: a part is negative or larger than its whole.
    """
    if any(not 0 <= part <= whole for whole, part in values):
        raise ValueError("A part lies within its whole.")
    is_narrow = len(values) > _MANY
    pitch = _PITCH_OF_MANY if is_narrow else _PITCH
    highest = max((whole for whole, _part in values), default=0) or 1
    drawn = []
    for place, ((whole, part), label) in enumerate(zip(values, labels, strict=True)):
        height, missed = (_height(value, highest) for value in (whole, part))
        drawn.append(
            Bar(
                x=place * pitch + 3,
                width=pitch - 6,
                y=_FLOOR - height,
                height=height,
                missed_y=_FLOOR - missed,
                missed_height=missed,
                middle=place * pitch + pitch // 2,
                label=label if not is_narrow or place % 4 == 0 else "",
                figure=str(whole) if whole and not is_narrow else "",
            )
        )
    return Bars(len(values) * pitch, HEIGHT, _FLOOR, tuple(drawn))


def _height(value: int, highest: int) -> int:
    """Return the height of a bar; what is there at all is seen."""
    return max(2, round((_FLOOR - _TOP) * value / highest)) if value else 0
