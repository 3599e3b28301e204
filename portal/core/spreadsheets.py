"""Files that a spreadsheet opens as they are, CSV and XLSX: æ, ø and å right, no cell a formula, no character lost."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST_COLUMN = 60

# What a spreadsheet takes for the beginning of a formula, in its wide spellings as well.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
# A grade (-3), an amount or a telephone number begins like a formula and is none.
_NUMBER = re.compile(r"[+-]?\d[\d .,]*")


def csv_file(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a file with semicolons, as Danish spreadsheets expect, and the mark that says how letters are written."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(heading) for heading in headings])
    writer.writerows([safe(spelt(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(title: str, headings: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a workbook of one sheet. Every cell is text, so nothing is carried out and 02 stays 02."""
    book = Workbook()
    book.remove(book.worksheets[0])
    # A sheet's name is at most 31 characters long and holds none of these.
    sheet = book.create_sheet(re.sub(r"[][\\/*?:]", " ", title)[:31].strip() or "1")
    lines = [[str(heading) for heading in headings], *([spelt(cell) for cell in row] for row in rows)]
    for number, line in enumerate(lines, start=1):
        for place, text in enumerate(line, start=1):
            _write(sheet.cell(number, place), text, bold=number == 1)
    _fit(sheet, lines)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(cell: Cell, text: str, *, bold: bool) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    # Said last: the library takes "=1" for a formula and "#N/A" for an error.
    cell.data_type = "s"
    # Edited later, it is still a text.
    cell.quotePrefix = True
    cell.font = Font(bold=bold)


def _fit(sheet: Worksheet, lines: list[list[str]]) -> None:
    """Make each column as wide as what is in it, and let the headings stand while one reads down."""
    sheet.freeze_panes = "A2"
    for column, cells in zip(sheet.columns, zip(*lines, strict=True), strict=True):
        width = min(max(len(text) for text in cells) + 2, _WIDEST_COLUMN)
        sheet.column_dimensions[column[0].column_letter].width = width


def spelt(value: object) -> str:
    """Return a value as a cell's text: dates so that they sort, yes and no in words, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(value)


def safe(text: str) -> str:
    """Return a text that no spreadsheet carries out; the apostrophe is what they themselves put before a text."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
