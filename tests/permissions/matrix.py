"""The matrix: every address, every asker, every method, each relation; what it finds is told in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.core.cache import caches

from tests.permissions.fills import addresses, gone
from tests.permissions.roles import DOOR, Asker
from tests.permissions.routes import Route
from tests.permissions.table import ROWS, Row
from tests.permissions.walker import UNSAFE, Answer, ask, leaks, plain, usual
from tests.permissions.world import FOREIGN, MISSING, MIXED, OWN, World

# Behind the admin's one door all who are kept out are kept out by the same check; these try every method at it.
_AT_THE_DOOR = frozenset({Asker.ANONYMOUS, Asker.EMPLOYEE, Asker.WEAK_EDITOR})
# These try every method everywhere; the others read, and try to change things by POST.
_WHOLE = frozenset({Asker.ANONYMOUS, Asker.EMPLOYEE, Asker.COORDINATOR})
# Twins of an asker who is walked whole: walked where their rights differ, which is at files and outside the admin.
_TWINS = frozenset({Asker.EDITOR_KL, Asker.SUPERUSER})
# It fails on purpose.
_FAILS = frozenset({"wagtailadmin_error_test"})


@dataclass(frozen=True)
class Cell:
    """One address of one route, in one relation to the asker."""

    route: Route
    row: Row
    relation: str
    address: str


def listed(rows: Iterable[Row] = ROWS) -> dict[str, Row]:
    """Return the rows by the name of the address.

    Raises:
        ValueError: an address is listed twice.
    """
    found: dict[str, Row] = {}
    for row in rows:
        for key in row.keys:
            if key in found:
                raise ValueError(f"{key} is listed twice in tests/permissions/table.py.")
            found[key] = row
    return found


def unlisted(routes: Iterable[Route], rows: Mapping[str, Row]) -> list[str]:
    """Return what to do about each address without a row."""
    return [
        f"{route} stands in no row. Say in tests/permissions/table.py who gets in (and in fills.py what its values are)."
        for route in routes
        if route.key not in rows
    ]


def cells(routes: Iterable[Route], world: World) -> Iterator[Cell]:
    """Return every address to ask at."""
    rows = listed()
    for route in routes:
        if (row := rows.get(route.key)) is not None:
            for relation, address in addresses(route, world):
                yield Cell(route, row, relation, address)


def walk(world: World, asker: Asker, routes: Iterable[Route], *, reading: bool) -> list[str]:
    """Ask at every address, reading or changing, and return what is not as the table says."""
    found: list[str] = []
    for cell in cells(routes, world):
        if _is_worth_asking(cell, asker):
            found += _read(world, asker, cell) if reading else _change(world, asker, cell)
    return found


def _is_worth_asking(cell: Cell, asker: Asker) -> bool:
    in_admin = cell.address.startswith("/admin/")
    if not in_admin:
        return True
    if asker not in DOOR:
        return cell.relation == OWN
    apart = cell.row.foreign is not None
    return apart and cell.relation in (OWN, FOREIGN) if asker in _TWINS else cell.relation == OWN or apart


def _read(world: World, asker: Asker, cell: Cell) -> Iterator[str]:
    answer = _ask(world, asker, "GET", cell)
    yield from _judged(world, asker, "GET", cell, answer)
    may = asker in cell.row.who(cell.relation)
    if may and cell.row.reads and answer.refused:
        yield _told(asker, "GET", cell, answer, "is kept out, and the table lets her in")
    if answer.tables - cell.row.writes:
        yield _told(asker, "GET", cell, answer, f"changed {sorted(answer.tables)} by reading")
    if cell.row.alike and not may and cell.relation in (FOREIGN, MIXED):
        missing = gone(cell.route, world, cell.relation)
        nothing = _ask(world, asker, "GET", Cell(cell.route, cell.row, MISSING, missing))
        if plain(answer, cell.address) != plain(nothing, missing):
            yield _told(asker, "GET", cell, answer, f"tells foreign from missing (there: {nothing.status})")
    if not cell.address.startswith("/admin/") and asker in _WHOLE:
        for method in ("HEAD", "OPTIONS"):
            yield from _judged(world, asker, method, cell, _ask(world, asker, method, cell))


def _change(world: World, asker: Asker, cell: Cell) -> Iterator[str]:
    may = asker in cell.row.who(cell.relation)
    in_admin = cell.address.startswith("/admin/")
    if may and in_admin and asker not in (Asker.EDITOR_HK, Asker.ADMINISTRATOR):
        return
    whole = asker in (_AT_THE_DOOR if in_admin else _WHOLE)
    if cell.relation == MISSING and not whole:
        return
    tries = [("POST", usual()), ("POST", {})] if whole else [("POST", usual())]
    tries += [(method, usual()) for method in UNSAFE if method != "POST"] if whole and not may else []
    for method, data in tries:
        answer = _ask(world, asker, method, cell, data)
        yield from _judged(world, asker, method, cell, answer)
        if not may and answer.tables:
            yield _told(asker, method, cell, answer, f"changed {sorted(answer.tables)}, which is not hers to change")


def _judged(world: World, asker: Asker, method: str, cell: Cell, answer: Answer) -> Iterator[str]:
    """Say what no asker may ever meet: an error, or a word that is not hers; and who must be kept out."""
    if answer.broken and cell.route.key not in _FAILS:
        yield _told(asker, method, cell, answer, "breaks")
    if words := leaks(world, asker, answer, cell.address):
        yield _told(asker, method, cell, answer, f"shows {', '.join(words)}")
    may = asker in cell.row.who(cell.relation)
    if not may and not answer.refused and method != "OPTIONS":
        yield _told(asker, method, cell, answer, "gets in, and the table keeps her out")


def _ask(world: World, asker: Asker, method: str, cell: Cell, data: dict[str, str] | None = None) -> Answer:
    for cache in caches.all(initialized_only=True):
        # How often somebody has tried is counted there; the matrix tries very often.
        cache.clear()
    return ask(world, asker, method, cell.address, data)


def _told(asker: Asker, method: str, cell: Cell, answer: Answer, what: str) -> str:
    where = f" → {answer.location}" if answer.location else ""
    return f"{asker} {method} {cell.route.key} [{cell.relation}] {cell.address} {answer.status}{where}: {what}"
