"""What is stored about a person, kind by kind, as my page and the file say it.

The page says what kinds there are and counts nothing: to count, everything about the person would have to be read, all
sessions and all mails, each time somebody looks at the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.personal_data import Fate, PersonalData, Sheet, registrations


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: what, why, how long, what erasing does, and in the file what there is of it."""

    title: str
    why: str
    how_long: str
    erasing: str
    stays: bool
    sheets: tuple[Sheet, ...] = ()


def kinds() -> list[Kind]:
    """Return every kind that there can be; the account first."""
    return [_kind(entry, ()) for entry in reversed(registrations())]


def inventory(known: Sequence[tuple[PersonalData, list[Sheet]]]) -> list[Kind]:
    """Return every kind of which an export holds something, and those that are a statement only; the account first."""
    found = ((entry, sheets) for entry, sheets in reversed(known) if not sheets or any(sheet.rows for sheet in sheets))
    return [_kind(entry, sheets) for entry, sheets in found]


def _kind(entry: PersonalData, sheets: Sequence[Sheet]) -> Kind:
    return Kind(
        title=str(entry.title),
        why=str(entry.why),
        how_long=str(entry.how_long),
        erasing=str(entry.erasing),
        stays=entry.fate is not Fate.DELETED,
        sheets=tuple(sheets),
    )
