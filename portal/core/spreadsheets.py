"""CSV files that a spreadsheet opens as they are: æ, ø and å right, no cell a formula, no character lost."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

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
