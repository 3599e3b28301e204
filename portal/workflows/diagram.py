"""Draw a definition: states as boxes in layers from the start, ways as numbered lines; the list beside it has the words.

A line to the next layer runs straight across the gap; every other one dives below the boxes in a lane of its own, so that
no line runs through a box. Colours come from the style sheet: the content policy allows none here.
"""

from collections import defaultdict
from dataclasses import dataclass

from portal.workflows.schema import Definition

BOX_WIDTH, BOX_HEIGHT = 168, 56
_GAP, _ROW, _LANE, _MARGIN = 72, 84, 26, 12
# Room beside the outer columns, for the lines that go round.
_SIDE = 32
_LETTERS = 17


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a box's text."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """One state."""

    x: int
    y: int
    here: bool
    final: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """All ways from one state to another, with the numbers that the list gives them."""

    path: str
    numbers: str
    # Where the numbers stand: the middle of a badge of this width.
    x: int
    y: int
    badge: int

    @property
    def half(self) -> int:
        """Return half the badge's width."""
        return self.badge // 2


@dataclass(frozen=True, slots=True)
class Diagram:
    """What the template draws."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    # The heads of the arrows, as one path.
    heads: str


def draw(definition: Definition, here: str = "") -> Diagram:
    """Return the drawing, with the state `here` marked."""
    places = _places(definition)
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, way in enumerate(definition.transitions, start=1):
        for source in way.sources:
            numbers[source, way.target].append(number)
    boxes = tuple(
        _box(str(state.title), *_corner(places[state.key]), here=state.key == here, final=state.final)
        for state in definition.states
    )
    floor = _MARGIN + _ROW * (1 + max(row for _layer, row in places.values()))
    edges, heads, lanes = _edges(places, numbers, floor)
    width = max(box.x for box in boxes) + BOX_WIDTH + _SIDE
    return Diagram(width, floor + _LANE * lanes + _MARGIN, boxes, tuple(edges), "".join(heads))


def layers(definition: Definition) -> dict[str, int]:
    """Return how many steps each state is from the start by the shortest way."""
    found = {definition.start.key: 0}
    waiting = [definition.start.key]
    for here in waiting:
        for way in definition.out_of(here):
            if way.target not in found:
                found[way.target] = found[here] + 1
                waiting.append(way.target)
    return found


def _places(definition: Definition) -> dict[str, tuple[int, int]]:
    """Return layer and row of each state; rows follow the order of the file."""
    found = layers(definition)
    used: dict[int, int] = defaultdict(int)
    places = {}
    for state in definition.states:
        layer = found[state.key]
        places[state.key] = (layer, used[layer])
        used[layer] += 1
    return places


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    layer, row = place
    return _SIDE + layer * (BOX_WIDTH + _GAP), _MARGIN + row * _ROW


def _edges(
    places: dict[str, tuple[int, int]], numbers: dict[tuple[str, str], list[int]], floor: int
) -> tuple[list[Edge], list[str], int]:
    edges: list[Edge] = []
    heads: list[str] = []
    lanes = 0
    ports: dict[str, int] = defaultdict(int)
    for (source, target), some in sorted(numbers.items(), key=lambda item: item[1]):
        label = ", ".join(map(str, some))
        if places[target][0] == places[source][0] + 1:
            edge, head = _across(places[source], places[target], label)
        else:
            lanes += 1
            edge, head = _below(
                (places[source], _port(ports, source)),
                (places[target], _port(ports, target)),
                floor + _LANE * lanes,
                label,
            )
        edges.append(edge)
        heads.append(head)
    return edges, heads, lanes


def _port(ports: dict[str, int], state: str) -> int:
    """Return how far from a box's left edge the next line meets its floor or its side."""
    ports[state] += 1
    return min(20 + 22 * ports[state], BOX_WIDTH - 16)


def _across(source: tuple[int, int], target: tuple[int, int], label: str) -> tuple[Edge, str]:
    (left, top), (right, other) = _corner(source), _corner(target)
    x, y = left + BOX_WIDTH, top + BOX_HEIGHT // 2
    end = other + BOX_HEIGHT // 2
    half = (right - x) // 2
    path = f"M{x} {y}C{x + half} {y} {x + half} {end} {right - 7} {end}"
    return Edge(path, label, x + half - 3, (y + end) // 2, _badge(label)), _head_right(right, end)


def _below(
    source: tuple[tuple[int, int], int], target: tuple[tuple[int, int], int], lane: int, label: str
) -> tuple[Edge, str]:
    """Go down in the gap to the right of the source's column, along the lane, and up in the gap left of the target's."""
    (left, top), (right, other) = _corner(source[0]), _corner(target[0])
    out, into = left + BOX_WIDTH + 8 + source[1] // 10, right - 12 - target[1] // 10
    y, end = top + BOX_HEIGHT - 12, other + BOX_HEIGHT - 12
    path = f"M{left + BOX_WIDTH} {y}H{out}V{lane}H{into}V{end}H{right - 7}"
    return Edge(path, label, (out + into) // 2, lane, _badge(label)), _head_right(right, end)


def _badge(label: str) -> int:
    return 14 + 8 * len(label)


def _head_right(x: int, y: int) -> str:
    return f"M{x - 9} {y - 5}L{x - 1} {y}L{x - 9} {y + 5}z"


def _box(title: str, x: int, y: int, *, here: bool, final: bool) -> Box:
    wrapped = _wrap(title)
    first = y + (33 if len(wrapped) == 1 else 24)
    lines = tuple(Line(x + BOX_WIDTH // 2, first + 19 * number, text) for number, text in enumerate(wrapped))
    return Box(x, y, here, final, lines)


def _wrap(title: str) -> list[str]:
    """Return the title in at most two lines."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LETTERS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]}…"]
    return [line if len(line) <= _LETTERS else f"{line[: _LETTERS - 1].rstrip('…')}…" for line in lines]
