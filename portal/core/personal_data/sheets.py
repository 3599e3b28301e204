"""Tables of an export: stable keys for machines, headings for people."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

# Dates and times are `date`s; whoever writes a file decides how they are spelt there.
Value = str | int | bool | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` never changes, the heading is for the reader."""

    key: str
    heading: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of what is known about a person."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def sheet(key: str, title: Any, rows: Iterable[Any], *columns: tuple[str, Any, str | Callable[[Any], Any]]) -> Sheet:
    """Build a table from rows of the database; a column is its key, its heading, and an attribute's name or a function."""
    getters = [attrgetter(take) if isinstance(take, str) else take for _key, _heading, take in columns]
    return Sheet(
        key,
        str(title),
        tuple(Column(name, str(heading)) for name, heading, _take in columns),
        tuple(tuple(_plain(get(row)) for get in getters) for row in rows),
    )


def _plain(value: Any) -> Value:
    # A method such as `get_state_display` is asked like a template would.
    value = value() if callable(value) else value
    return value if value is None or isinstance(value, int | date) else str(value)
