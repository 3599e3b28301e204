"""One competence for the reader: its levels, and which profiles ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.breadcrumbs import Crumb, trail
from portal.core.principal import Principal
from portal.core.sections import Section, collect
from portal.core.visibility import asker
from profilecatalog.profiles.documents import ReleaseItem
from profilecatalog.profiles.enums import CompetenceKind, Importance
from profilecatalog.profiles.models import Competence, CompetenceIndexPage, ProfileRelease, ReleasedItem
from profilecatalog.profiles.screens.rows import team_notes
from profilecatalog.profiles.services.resolve import read_words

PLACE = "profiles.competence"


@dataclass(frozen=True)
class LevelRow:
    """One level with its text."""

    number: int
    label: str
    text: str


@dataclass(frozen=True)
class AskingRow:
    """A profile that asks for the competence."""

    title: str
    url: str
    note: str
    now: int | None
    future: int | None
    year: int | None
    team_notes: tuple[str, ...]
    level_names: tuple[str, ...]


@dataclass(frozen=True)
class CompetenceScreen:
    """Everything that the template draws."""

    competence: Competence
    kind: str
    area: str
    levels: tuple[LevelRow, ...]
    asked_by: tuple[AskingRow, ...]
    changed_at: datetime | None
    sections: tuple[Section, ...] = ()
    breadcrumbs: tuple[Crumb, ...] = ()

    @property
    def profile_count(self) -> int:
        """Return how many profiles ask for the competence, each counted once."""
        return len({row.url for row in self.asked_by})

    @property
    def level_count(self) -> int:
        """Return how many steps the scale has."""
        return len(self.levels)


def competence_screen(index: CompetenceIndexPage, request: HttpRequest, slug: str) -> CompetenceScreen | None:
    """Return the screen of a published competence, or None."""
    rows = Competence.objects.select_related("area", "scale").prefetch_related("level_texts", "scale__levels")
    competence = rows.filter(slug=slug, live=True).first()
    if competence is None:
        return None
    return _screen(
        competence,
        asked_by=asking_rows(competence, request),
        sections=tuple(collect(PLACE, request, competence)),
        breadcrumbs=tuple(trail(index, request, Crumb(competence.name))),
    )


def competence_preview(competence: Competence) -> dict[str, Any]:
    """Return a draft for the preview's template, drawn as the page would be."""
    asked_by = asking_rows(competence, None) if competence.pk else ()
    return {"screen": _screen(competence, asked_by=asked_by)}


def _screen(competence: Competence, **more: Any) -> CompetenceScreen:
    words = read_words(competence)
    return CompetenceScreen(
        competence=competence,
        kind=str(CompetenceKind(competence.kind).label),
        area=competence.area.name,
        levels=tuple(
            LevelRow(level.number, level.label, text)
            for level, text in zip(words.scale.levels, words.texts, strict=True)
        ),
        changed_at=competence.last_published_at,
        **more,
    )


def asking_rows(competence: Competence, request: HttpRequest | None) -> tuple[AskingRow, ...]:
    """Return the live profiles whose newest release asks for the competence, by title; one query."""
    releases = ProfileRelease.objects.latest_of_each().visible_to(asker(request)).asking_for(competence.pk)
    rows = []
    for release in releases.select_related("profile").order_by("profile__title", "profile_id"):
        names = tuple(level.name for level in release.document.scale.levels)
        url = release.profile.get_url(request) or ""
        found = (item for item in release.document.items if item.competence_uuid == competence.uuid)
        rows += [_asking_row(release.document.title, url, names, item) for item in found]
    return tuple(rows)


def _asking_row(title: str, url: str, names: tuple[str, ...], item: ReleaseItem) -> AskingRow:
    importance = str(Importance(item.importance).label)
    whom = [_("Everyone")] if item.now or item.future else []
    whom += [_("The team")] if item.team_requirements else []
    return AskingRow(
        title=title,
        url=url,
        note=" · ".join([*whom, importance]),
        now=item.now,
        future=item.future,
        year=item.future_year,
        team_notes=team_notes(item),
        level_names=names,
    )


def counts_of_use(principal: Principal) -> Mapping[int, int]:
    """Return how many of the profiles that she may read ask for each competence, by its id; one query."""
    latest = ProfileRelease.objects.latest_of_each().visible_to(principal)
    rows = ReleasedItem.objects.filter(release__in=latest).order_by().values_list("competence_id")
    return dict(rows.annotate(Count("release__profile_id", distinct=True)))
