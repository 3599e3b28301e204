"""The 98 municipalities as squares, placed about where they lie (`tiles.csv`), with an outline around each region.

Which municipality belongs to which region comes from the caller: two regions become one on 1 January 2027.
The map has two halves, Jutland and Funen to the left and Zealand to the right, which stand above each other on a
phone; so the abbreviations keep a readable size there.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path

PITCH = 40
_HALF = 7
_LETTER = 8.5

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """One municipality as the caller knows it; without a count it is drawn, but is not a link."""

    code: str
    name: str
    region: str
    count: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A square: its place on its half of the map and what stands in it."""

    x: int
    y: int
    abbreviation: str
    place: Place
    chosen: bool

    @property
    def text_x(self) -> int:
        """The middle of the square."""
        return self.x + 19

    @property
    def text_y(self) -> int:
        """The line on which the abbreviation stands."""
        return self.y + 23


@dataclass(frozen=True, slots=True)
class RegionName:
    """A region's name on free water near its squares."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Half:
    """One half of the map; `outlines` is the path around each region."""

    width: int
    height: int
    tiles: tuple[Tile, ...]
    outlines: str
    names: tuple[RegionName, ...]


@dataclass(frozen=True, slots=True)
class RegionPlaces:
    """A region and its municipalities that have something to show: the map's text."""

    name: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a municipality's square stands, and what is written in it."""

    column: int
    row: int
    abbreviation: str
    name: str


@lru_cache(maxsize=1)
def spots() -> dict[str, Spot]:
    """Return the squares by municipality code."""
    with (Path(__file__).parent / "tiles.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: Spot(int(row["column"]), int(row["row"]), row["abbreviation"], row["name"])
            for row in csv.DictReader(lines)
        }


def _outlines(regions: dict[Position, str]) -> str:
    """Return each edge between a region and what is not that region, joined where they run on."""
    moves: list[str] = []
    for (column, row), region in sorted(regions.items()):
        x, y = column * PITCH, row * PITCH
        edges = {
            (column, row - 1): f"M{x} {y}h{PITCH}",
            (column + 1, row): f"M{x + PITCH} {y}v{PITCH}",
            (column, row + 1): f"M{x} {y + PITCH}h{PITCH}",
            (column - 1, row): f"M{x} {y}v{PITCH}",
        }
        moves.extend(edge for neighbour, edge in edges.items() if regions.get(neighbour) != region)
    return "".join(dict.fromkeys(moves))


def _free_run(text: str, own: list[Position], taken: set[Position], rows: int) -> Position | None:
    """Return the leftmost cell of the free run nearest to a region's squares, on one row."""
    cells = ceil(len(text) * _LETTER / PITCH)
    best: tuple[float, Position] | None = None
    for row in range(rows):
        for column in range(_HALF - cells + 1):
            run = [(column + step, row) for step in range(cells)]
            if any(cell in taken for cell in run):
                continue
            far = min(abs(c - column_own) + abs(row - row_own) for c, _ in run for column_own, row_own in own)
            middle = sum(column_own for column_own, _ in own) / len(own)
            key = far + abs(column + cells / 2 - middle) / 100
            if best is None or key < best[0]:
                best = (key, (column, row))
    return best[1] if best else None


def _names(regions: dict[Position, str], rows: int) -> tuple[RegionName, ...]:
    taken = set(regions)
    names: list[RegionName] = []
    for region in dict.fromkeys(regions.values()):
        own = [position for position, name in regions.items() if name == region]
        text = region.removeprefix("Region ")
        spot = _free_run(text, own, taken, rows)
        # One or two squares across the water are named by the region's own half.
        if spot is None or len(own) < 3:
            continue
        taken |= {(spot[0] + step, spot[1]) for step in range(ceil(len(text) * _LETTER / PITCH))}
        names.append(RegionName(spot[0] * PITCH + 4, spot[1] * PITCH + 25, text))
    return tuple(names)


def halves(places: Iterable[Place], chosen: str = "") -> tuple[Half, Half]:
    """Return the western and the eastern half; a municipality without a square of its own is left to the list."""
    known = spots()
    split: tuple[list[tuple[Position, str, Place]], list[tuple[Position, str, Place]]] = ([], [])
    for place in places:
        if place.code in known:
            spot = known[place.code]
            split[spot.column // _HALF].append(((spot.column % _HALF, spot.row), spot.abbreviation, place))
    rows = 1 + max(spot.row for spot in known.values())
    drawn: list[Half] = []
    for half in split:
        half.sort(key=lambda entry: (entry[0][1], entry[0][0]))
        regions = {position: place.region for position, _, place in half}
        tiles = tuple(
            Tile(column * PITCH + 1, row * PITCH + 1, abbreviation, place, place.code == chosen)
            for (column, row), abbreviation, place in half
        )
        drawn.append(Half(_HALF * PITCH, rows * PITCH, tiles, _outlines(regions), _names(regions, rows)))
    return drawn[0], drawn[1]


def listed(places: Sequence[Place]) -> tuple[RegionPlaces, ...]:
    """Return the municipalities with something to show, by region, in the caller's order of regions."""
    return tuple(
        RegionPlaces(region, shown)
        for region in dict.fromkeys(place.region for place in places)
        if (shown := tuple(place for place in places if place.region == region and place.count))
    )
