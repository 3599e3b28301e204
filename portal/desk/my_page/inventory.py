"""What is stored about a person, kind by kind, as my page and the file say it."""

from dataclasses import dataclass
from typing import Any

from portal.core.personal_data import Fate, PersonalData, Sheet, export


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: what, why, how long, what erasing does, and how much there is."""

    title: str
    why: str
    how_long: str
    erasing: str
    fate: str
    stays: bool
    rows: int
    sheets: tuple[Sheet, ...]


def inventory(person: Any) -> list[Kind]:
    """Return every kind of which there is something, and those that are a statement only; the account first."""
    kinds = [_kind(entry, sheets) for entry, sheets in reversed(export(person))]
    return [kind for kind in kinds if kind.rows or not kind.sheets]


def _kind(entry: PersonalData, sheets: list[Sheet]) -> Kind:
    return Kind(
        title=str(entry.title),
        why=str(entry.why),
        how_long=str(entry.how_long),
        erasing=str(entry.erasing),
        fate=str(entry.fate.label),
        stays=entry.fate is not Fate.DELETED,
        rows=sum(len(sheet.rows) for sheet in sheets),
        sheets=tuple(sheets),
    )
