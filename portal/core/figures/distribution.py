"""A group's answers as one bar, light to dark by level, and the bar of what a group has and needs."""

from dataclasses import dataclass

from portal.core.figures.level_mark import number

_TONES = 4
# A narrower part has no room for its figure; the table beside the chart has them all.
_ROOM_FOR_FIGURE = 10


@dataclass(frozen=True, slots=True)
class Part:
    """One level's part of the bar, in percent of its width."""

    tone: int
    x: str
    width: str
    middle: str
    figure: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What a group has and needs.

    The diamond moves aside where both needs are the same, and stays whole at the end of the bar.
    """

    have: str
    now: str | None
    future: str | None


def tone(index: int, levels: int) -> int:
    """Return the tone, 1 (light) to 4 (dark), of the level at an index."""
    return 1 + round(index * (_TONES - 1) / max(levels - 1, 1))


def parts(shares: tuple[int, ...]) -> tuple[Part, ...]:
    """Return the parts that are not empty. Shares are whole percentages by level and may, rounded, sum to over 100.

    Raises:
        ValueError: a share is negative or over 100.
    """
    if any(not 0 <= share <= 100 for share in shares):
        raise ValueError("A share is between 0 and 100 percent.")
    whole = max(sum(shares), 100)
    drawn: list[Part] = []
    start = 0.0
    for index, share in enumerate(shares):
        width = share * 100 / whole
        if share:
            figure = str(share) if share >= _ROOM_FOR_FIGURE else ""
            shown = max(width - 0.6, 0.1)
            drawn.append(
                Part(
                    tone(index, len(shares)),
                    f"{number(start)}%",
                    f"{number(shown)}%",
                    f"{number(start + width / 2)}%",
                    figure,
                )
            )
        start += width
    return tuple(drawn)


def gap(*, have: int, now: int | None, future: int | None) -> Gap:
    """Return the places on the bar; all three are percentages of the group.

    Raises:
        ValueError: a figure is negative or over 100.
    """
    if any(value is not None and not 0 <= value <= 100 for value in (have, now, future)):
        raise ValueError("A share is between 0 and 100 percent.")
    beside = None if future is None else min(future + 3 if future == now else future, 97)
    return Gap(f"{have}%", None if now is None else f"{now}%", None if beside is None else f"{beside}%")
