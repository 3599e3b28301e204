"""What stands in a cell: texts that a spreadsheet would run as a formula, days as people write them.

A text that begins like a formula is written with an apostrophe in front, and read without it again: nothing is lost, and no
spreadsheet computes it. A bare formula in a file that comes in is a mistake or an attack, and is refused.
"""

import datetime as dt
import re

FORMULA = frozenset("=+-@\t\r＝＋－＠")
_DAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_DAY, LAST_DAY = dt.date(1950, 1, 1), dt.date(2100, 12, 31)


class FormulaError(ValueError):
    """The cell would be run by a spreadsheet."""


def tidy(text: str) -> str:
    """Return the text without white space around it and without signs that would tear a line."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def written(text: str) -> str:
    """Return the cell for a text."""
    text = tidy(text)
    return f"'{text}" if text[:1] in FORMULA or _marked(text) else text


def read(cell: str) -> str:
    """Return the text of a cell.

    Raises:
        FormulaError: it begins like a formula and is not marked as text.
    """
    text = tidy(cell)
    if _marked(text):
        return text[1:]
    if cell[:1] in FORMULA or text[:1] in FORMULA:
        raise FormulaError
    return text


def _marked(text: str) -> bool:
    return len(text) > 1 and text[0] == "'" and (text[1] in FORMULA or text[1] == "'")


def day(text: str) -> dt.date | None:
    """Return the day, or None for an empty cell; 31.12.2026, 31-12-2026, 31/12/2026 and 2026-12-31 are understood.

    Raises:
        ValueError: it is no day, or one that no membership can have.
    """
    if not text:
        return None
    found = _DAY.fullmatch(text)
    if not found and not _ISO.fullmatch(text):
        raise ValueError(text)
    value = dt.date(int(found[3]), int(found[2]), int(found[1])) if found else dt.date.fromisoformat(text)
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(text)
    return value
