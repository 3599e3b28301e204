"""A team's sheet as PDF/UA: who sits there, and room for goals and the first steps of an action plan."""

import json
from collections.abc import Sequence
from pathlib import Path

import typst
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.models import Occurrence
from events.running.teams import TeamBox
from portal.core.formats import period

_LAYOUT = Path(__file__).with_name("team_sheet.typ")
# As many as a table of people can take home and do.
_STEPS = 5


def team_sheets(occurrence: Occurrence, teams: Sequence[TeamBox]) -> bytes:
    """Return one page for each team."""
    document = {
        "lang": get_language() or "da",
        "title": _("Team sheet: %(meeting)s") % {"meeting": occurrence.event.title},
        "event": occurrence.event.title,
        "when": period(occurrence.starts_at, occurrence.ends_at),
        "page": _("Page"),
        "steps": _STEPS,
        "labels": _labels(),
        "teams": [_team(team) for team in teams],
    }
    result = typst.compile(
        _LAYOUT,
        root=_LAYOUT.parent,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(document, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(timezone.now().timestamp()),
    )
    if not isinstance(result, bytes):
        raise TypeError("Typst made no single file.")
    return result


def _labels() -> dict[str, str]:
    return {
        "people": _("The team"),
        "nobody": _("Nobody sits here yet."),
        "goals": _("What we want to be better at"),
        "goals_hint": _("One to three goals that you can see at work in half a year."),
        "steps": _("First steps of our action plan"),
        "what": _("What"),
        "who": _("Who"),
        "when": _("When"),
        "again": _("When we look at it again"),
        "again_hint": _("Write a date, and who calls the team together."),
    }


def _team(team: TeamBox) -> dict[str, object]:
    table = _("Table %(table)s") % {"table": team.table} if team.table else ""
    return {"name": team.name, "table": table, "people": [person.name for person in team.people]}
