"""The attendee list as a file: for the house's door, for name tags, for the caterer."""

from typing import Any

from django.utils.translation import gettext as _

from events.models import Occurrence
from events.running.people import asked, people, walk_ins
from portal.core.spreadsheets import XLSX, csv_file, xlsx_file

FORMATS = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


def attendee_file(occurrence: Occurrence, kind: str) -> bytes:
    """Return everybody who has or had a place, and who came without one, as a file of this kind."""
    headings, rows = attendee_table(occurrence)
    if kind == "csv":
        return csv_file(headings, rows)
    return xlsx_file(str(occurrence.event.title), headings, rows)


def attendee_table(occurrence: Occurrence) -> tuple[list[str], list[list[Any]]]:
    """Return the headings and one row for each person."""
    questions = asked(occurrence)
    headings = [
        *(_("Name"), _("E-mail"), _("Municipality"), _("Unit"), _("State"), _("Turn on the waiting list")),
        *(_("Signed up by"), _("Team"), _("Came")),
        *(question.text for question in questions),
    ]
    rows: list[list[Any]] = [
        [
            *(line.name, line.email, line.municipality, line.unit, line.state.label, line.turn),
            *(line.signed_up_by, line.team, line.attended),
            *line.answers,
        ]
        for line in people(occurrence, questions)
    ]
    blank = [""] * len(questions)
    for row in walk_ins(occurrence):
        home = row.municipality.name if row.municipality else ""
        rows.append([row.name, row.email, home, "", _("Came without a place"), None, "", "", True, *blank])
    return headings, rows
