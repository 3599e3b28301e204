"""The file that a person takes along: everything for machines (JSON), for people (PDF) and for spreadsheets (CSV)."""

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.core.formats import at_clock, long_date
from portal.core.personal_data import PersonalData, Sheet, Value, export
from portal.core.spreadsheets import csv_file
from portal.desk.my_page.inventory import Kind, inventory

_LAYOUT = Path(__file__).with_name("my_data.typ")
# A table with more columns is no longer read but deciphered: then each row stands as a list of its own.
_WIDEST_TABLE = 5
# The readable document shows so many rows of a table and says how many more the others hold.
_LONGEST_TABLE = 200


def archive(person: Any) -> bytes:
    """Return the ZIP file. The kinds are read once for the machines' files and once for the readable one."""
    made_at = timezone.now()
    known = export(person)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("mine-data.json", as_json(person, known, made_at))
        folder.writestr("mine-data.pdf", as_pdf(person, inventory(person), made_at))
        for entry, sheets in known:
            for sheet in sheets:
                if sheet.rows:
                    content = csv_file((column.heading for column in sheet.columns), sheet.rows)
                    folder.writestr(f"tabeller/{sheet.key}.csv", content)
            for name, content in entry.files(person):
                folder.writestr(f"filer/{name}", content)
    return file.getvalue()


def as_json(person: Any, known: list[tuple[PersonalData, list[Sheet]]], made_at: datetime) -> str:
    """Return everything with keys that never change; a table without rows is there, so that nothing seems forgotten."""
    tables = {sheet.key: _rows(sheet) for _entry, sheets in known for sheet in sheets}
    document = {"format": 1, "made_at": _machine(made_at), "person": str(person.uuid), "tables": tables}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _rows(sheet: Sheet) -> list[dict[str, Any]]:
    keys = [column.key for column in sheet.columns]
    return [dict(zip(keys, map(_machine, row), strict=True)) for row in sheet.rows]


def _machine(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def as_pdf(person: Any, kinds: list[Kind], made_at: datetime) -> bytes:
    """Return the readable document as PDF/UA-1. The data travel as JSON: no text of a person is read as layout."""
    document = {
        "lang": get_language() or "da",
        "title": _("My data in Kompetenceportalen"),
        "intro": _("Made %(date)s %(clock)s for %(name)s.")
        % {"date": long_date(made_at), "clock": at_clock(made_at), "name": person},
        "labels": {"why": _("Why"), "how_long": _("How long"), "erasing": _("If you delete your data")},
        "page": _("Page"),
        "kinds": [_shown(kind) for kind in kinds],
    }
    result = typst.compile(
        _LAYOUT,
        root=_LAYOUT.parent,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(document, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(result, bytes):
        raise TypeError("Typst made no single file.")
    return result


def _shown(kind: Kind) -> dict[str, Any]:
    return {
        "title": kind.title,
        "why": kind.why,
        "how_long": kind.how_long,
        "erasing": kind.erasing,
        "sheets": [_table(sheet) for sheet in kind.sheets if sheet.rows],
    }


def _table(sheet: Sheet) -> dict[str, Any]:
    more = len(sheet.rows) - _LONGEST_TABLE
    note = _("%(count)s more in the file %(file)s.") % {"count": more, "file": f"{sheet.key}.csv"} if more > 0 else ""
    return {
        "title": sheet.title,
        "wide": len(sheet.columns) > _WIDEST_TABLE,
        "headings": [column.heading for column in sheet.columns],
        "rows": [[_readable(value) for value in row] for row in sheet.rows[:_LONGEST_TABLE]],
        "more": note,
    }


def _readable(value: Value) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{long_date(value)} {at_clock(value)}"
    return long_date(value) if isinstance(value, date) else str(value)
