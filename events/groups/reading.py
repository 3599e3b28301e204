"""People out of a text: pasted from a mail or a sheet, or from a CSV file. Lenient about form, strict about size."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.accounts.imports.cells import FormulaError, read, tidy
from portal.accounts.imports.files import Examiner, FileRefusedError
from portal.seats.api import LARGEST_GROUP

MAX_BYTES = 256 * 1024
_SEPARATORS = "\t;,"
# "Anne Holm <anne@odense.dk>", as mail programs copy people; several may stand on one line.
_ANGLED = re.compile(r"\s*([^<>\n]*?)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>\s*[;,]?")
_HEADINGS = {
    "name": ("navn", "fuldenavn", "fuldtnavn", "name", "fullname", "deltager", "medarbejder"),
    "first": ("fornavn", "firstname"),
    "last": ("efternavn", "lastname", "surname"),
    "email": ("email", "mail", "emailadresse", "mailadresse", "emailaddress", "epost"),
}
# Signs of an address that went wrong; no name has them.
_NO_NAME = frozenset("<>@")
_COLUMNS = {word: column for column, words in _HEADINGS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Line:
    """A person as written; `problem` says why the line cannot be read."""

    name: str = ""
    email: str = ""
    problem: str = ""


def decoded(content: bytes) -> str:
    """Return the text of a file that somebody chose.

    Raises:
        FileRefusedError: it is too large or no text.
    """
    if len(content) > MAX_BYTES:
        raise FileRefusedError(
            _("The file is larger than %(kilobytes)s kB. Choose one with the people of this meeting only.")
            % {"kilobytes": MAX_BYTES // 1024}
        )
    examiner = Examiner()
    examiner.look(content)
    found = examiner.result()
    return content[found.start :].decode(found.encoding)


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the people of a text in its order.

    Raises:
        FileRefusedError: there are more than may be signed up at a time.
    """
    rows = [row for row in text.splitlines() if row.strip()]
    found: list[Line] = []
    for line in _angled(rows) if any(_ANGLED.fullmatch(row) for row in rows) else _separated(rows):
        found.append(line)
        if len(found) > LARGEST_GROUP:
            text = _("There are more than %(limit)s people on the list. Divide it, and sign up one part at a time.")
            raise FileRefusedError(text % {"limit": LARGEST_GROUP})
    return tuple(found)


def _angled(rows: list[str]) -> Iterator[Line]:
    for row in rows:
        if people := _ANGLED.findall(row):
            yield from (_person(name.strip("\"', "), email) for name, email in people)
        else:
            yield from _separated([row])


def _separated(rows: list[str]) -> Iterator[Line]:
    sign, columns = _headings(rows[0]) if rows else ("", [])
    for row in rows[1:] if columns else rows:
        cells = _cells(row, sign if columns else _separator(row))
        if cells is None:
            problem = _("A quotation mark is missing, or stands in the middle of a cell.")
            yield Line(name=tidy(row)[:200], problem=problem)
        elif columns:
            yield _of_columns(columns, cells)
        else:
            yield from _of_cells(cells)


def _cells(row: str, sign: str) -> list[str] | None:
    """Return the cells of a row; None if its quotation marks are wrong."""
    try:
        return next(csv.reader([row], delimiter=sign, strict=True)) if sign else [row]
    except csv.Error:
        return None


def _separator(row: str) -> str:
    """Return the sign between the cells; a comma counts only where an address shows that it is no "Holm, Anne"."""
    signs = _SEPARATORS if "@" in row else _SEPARATORS[:-1]
    return next((sign for sign in signs if sign in row), "")


def _headings(row: str) -> tuple[str, list[str]]:
    """Return the separator and the column of each cell, if the row is one of headings; "" for one that is not used."""
    tries = [(sign, _columns(row.split(sign))) for sign in _SEPARATORS if sign in row] or [("", _columns([row]))]
    sign, columns = max(tries, key=lambda one: sum(map(bool, one[1])))
    return sign, columns if any(columns) else []


def _columns(cells: list[str]) -> list[str]:
    return [_COLUMNS.get(re.sub(r"[^a-zæøå]", "", cell.casefold()), "") for cell in cells]


def _of_columns(columns: list[str], cells: list[str]) -> Line:
    said = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    name = said.get("name") or f"{said.get('first', '')} {said.get('last', '')}"
    return _person(name, said.get("email", ""))


def _of_cells(cells: list[str]) -> Iterator[Line]:
    """Return the people of a row without headings: a cell with an @ is an address, what stands before it the name."""
    words: list[str] = []
    found = False
    for cell in [cell.strip() for cell in cells if cell.strip()]:
        if "@" in cell:
            yield _person(_name(words), cell)
            words, found = [], True
        else:
            words.append(cell)
    if not found:
        yield _person(_name(words), "")


def _name(words: list[str]) -> str:
    """Return the whole name: the first cell if it is one, else first and last name from two cells."""
    return words[0] if words and " " in words[0] else " ".join(words[:2])


def _person(name: str, email: str) -> Line:
    if not _NO_NAME.isdisjoint(name):
        text = _("This cannot be read. Write the person like this: Anne Holm; anne@kommune.dk")
        return Line(tidy(name), tidy(email), text)
    try:
        return Line(" ".join(read(name).split()), read(email))
    except FormulaError:
        text = _("This begins with a sign that a spreadsheet takes for a formula (= + - @). Write the name as it is.")
        return Line(tidy(name), tidy(email), text)
