"""The rising steps: solid is asked for now, hatched grows, slashed falls, empty is not asked for.

Form and hatching carry the meaning, so that the mark survives grey print and colour blindness.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

WIDTH = 46.0
HEIGHT = 24.0
_WIDEST_STEP = 9.0
_LOWEST_STEP = 5.0
_LINE_DISTANCE = 5.0

State = Literal["", "on", "grow", "fade"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the mark in the drawing's own units; `lines` is the path of its hatching or slash."""

    state: State
    x: str
    y: str
    width: str
    height: str
    lines: str


def number(value: float) -> str:
    """Return a coordinate that is the same in every language: never a decimal comma."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _state(level: int, now: int, future: int) -> State:
    if level <= min(now, future):
        return "on"
    if now < level <= future:
        return "grow"
    return "fade" if future < level <= now else ""


def _hatching(x: float, top: float, width: float) -> str:
    starts: list[float] = []
    start = top + 6.5
    while start < HEIGHT - 0.5:
        starts.append(start)
        start += _LINE_DISTANCE
    if starts:
        return "".join(f"M{number(x)} {number(start)}l{number(width)} -5" for start in starts)
    # The lowest step is too low for the pattern; two short strokes still tell it from a falling one.
    half = number(width / 2)
    return f"M{number(x)} {number(top + 4.5)}l{half} -4M{number(x + width / 2)} {number(top + 4.5)}l{half} -4"


@lru_cache(maxsize=1024)
def steps(now: int | None, future: int | None, levels: int) -> tuple[Step, ...]:
    """Return the steps from low to high; without a level for the future it is the same as now.

    Raises:
        ValueError: a scale has one to seven levels, and a level lies within its scale.
    """
    have = now or 0
    want = have if future is None else future
    if not 1 <= levels <= 7 or not 0 <= have <= levels or not 0 <= want <= levels:
        raise ValueError(f"A mark of {levels} levels cannot show {now} and {future}.")
    gap = 3.0 if levels <= 4 else 2.0
    width = min(_WIDEST_STEP, (WIDTH - 1 - gap * (levels - 1)) / levels)
    rise = (HEIGHT - 1 - _LOWEST_STEP) / max(levels - 1, 1)
    drawn: list[Step] = []
    for level in range(1, levels + 1):
        x = 0.5 + (level - 1) * (width + gap)
        height = _LOWEST_STEP + (level - 1) * rise
        top = HEIGHT - 0.5 - height
        state = _state(level, have, want)
        lines = ""
        if state == "grow":
            lines = _hatching(x, top, width)
        elif state == "fade":
            lines = f"M{number(x)} {number(HEIGHT - 0.5)}L{number(x + width)} {number(top)}"
        drawn.append(Step(state, number(x), number(top), number(width), number(height), lines))
    return tuple(drawn)
