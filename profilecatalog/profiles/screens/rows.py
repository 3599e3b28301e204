"""One requirement as the pages draw it: values and words, no decisions left for the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from portal.core.templatetags.components import team_requirement
from profilecatalog.profiles.documents import ReleaseItem
from profilecatalog.profiles.enums import CompetenceKind, Importance, Mark


@dataclass(frozen=True)
class RequirementRow:
    """A row of the component `requirement_row`."""

    name: str
    url: str
    importance: str
    essential: bool
    kind: str
    now: int | None
    future: int | None
    year: int | None
    level_texts: tuple[str, ...]
    change: str
    team_notes: tuple[str, ...]


def requirement_row(item: ReleaseItem, urls: Mapping[UUID, str], release_number: int | None) -> RequirementRow:
    """Return an item as a row; `release_number` names the release that a change mark is about."""
    return RequirementRow(
        name=item.name,
        url=urls.get(item.competence_uuid, ""),
        importance=str(Importance(item.importance).label),
        essential=item.importance == Importance.ESSENTIAL,
        kind=str(CompetenceKind(item.kind).label),
        now=item.now,
        future=item.future,
        year=item.future_year,
        level_texts=item.level_texts,
        change=change_badge(item.mark, release_number),
        team_notes=team_notes(item),
    )


def team_notes(item: ReleaseItem) -> tuple[str, ...]:
    """Return the requirements to the team in words."""
    return tuple(team_requirement(r.kind, r.amount, r.level, r.year) for r in item.team_requirements)


def change_badge(mark: str, release_number: int | None) -> str:
    """Return "Ny i udgave 3"; nothing for the first release, where everything would be new, or for what stands still."""
    if not release_number or release_number == 1:
        return ""
    texts = {
        Mark.NEW: _("New in release %(number)s"),
        Mark.CHANGED: _("Changed in release %(number)s"),
        Mark.CLARIFIED: _("Clarified in release %(number)s"),
        Mark.REPLACED: _("Replaced in release %(number)s"),
    }
    text = texts.get(Mark(mark), "")
    return text % {"number": release_number} if text else ""
