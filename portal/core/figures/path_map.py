"""Ways between profiles: from the left, here in the middle, on to the right; numbers bind picture and list."""

from collections.abc import Sequence
from dataclasses import dataclass

BOX_WIDTH = 200
BOX_HEIGHT = 56
_ROW = 85
_COLUMN = 259
_LETTERS_PER_LINE = 21
_PADDING = 16


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a box's text."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """One profile; `number` stands alone on a phone, where the lines have no room."""

    x: int
    y: int
    number: int
    here: bool
    lines: tuple[Line, ...]
    number_x: int
    number_y: int


@dataclass(frozen=True, slots=True)
class PathMap:
    """The boxes and the path of the lines between them."""

    width: int
    height: int
    lines: str
    boxes: tuple[Box, ...]


def _wrap(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LETTERS_PER_LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    first_two = [line if len(line) <= _LETTERS_PER_LINE else f"{line[: _LETTERS_PER_LINE - 1]}…" for line in lines[:2]]
    if len(lines) > 2:
        first_two[1] = f"{first_two[1][: _LETTERS_PER_LINE - 1].rstrip('…')}…"
    return first_two


def _box(title: str, *, x: int, middle: int, number: int, here: bool = False) -> Box:
    y = middle - BOX_HEIGHT // 2
    wrapped = _wrap(f"{number}. {title}")
    first = middle + 5 if len(wrapped) == 1 else middle - 4
    lines = tuple(Line(x + _PADDING, first + 19 * index, text) for index, text in enumerate(wrapped))
    return Box(x, y, number, here, lines, x + BOX_WIDTH // 2 - 11, middle + 12)


def _middles(count: int, height: int) -> list[int]:
    top = (height - count * _ROW) // 2
    return [top + _ROW * index + _ROW // 2 for index in range(count)]


def draw(sources: Sequence[str], here: str, targets: Sequence[str]) -> PathMap:
    """Return the drawing; the numbers run through sources, here and targets as the list beside it does.

    A side without ways takes no room.
    """
    left = 1
    x_here = left + (_COLUMN if sources else 0)
    x_targets = x_here + _COLUMN
    height = max(len(sources), len(targets), 1) * _ROW
    centre = _middles(1, height)[0]
    boxes: list[Box] = []
    lines: list[str] = []
    for middle, title in zip(_middles(len(sources), height), sources, strict=True):
        boxes.append(_box(title, x=left, middle=middle, number=len(boxes) + 1))
        lines.append(f"M{left + BOX_WIDTH} {middle}h30V{centre}h29")
    boxes.append(_box(here, x=x_here, middle=centre, number=len(boxes) + 1, here=True))
    for middle, title in zip(_middles(len(targets), height), targets, strict=True):
        boxes.append(_box(title, x=x_targets, middle=middle, number=len(boxes) + 1))
        lines.append(f"M{x_here + BOX_WIDTH} {centre}h30V{middle}h29")
    return PathMap((x_targets if targets else x_here) + BOX_WIDTH + 1, height, "".join(lines), tuple(boxes))
