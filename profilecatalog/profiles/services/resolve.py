"""Resolve a profile: from rows that refer to others to the words that a release freezes.

Competences are read from their rows, which hold what is *published*; a competence's draft never gets into a release.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from profilecatalog.profiles.documents import (
    ProfileRef,
    ReleaseDocument,
    ReleaseGroup,
    ReleaseItem,
    ReleaseLevel,
    ReleaseScale,
    Requirement,
    SourceText,
    VoiceText,
    text_hash,
)
from profilecatalog.profiles.models import BuildsOn, Competence, ProfileGroup, ProfileItem, ProfilePage
from profilecatalog.profiles.services.errors import Problem

# Draftail numbers its blocks; the numbers say nothing to a reader and would make an untouched text look changed.
_BLOCK_KEY = re.compile(r'\s*data-block-key="[^"]*"')
_NO_SCALE = ReleaseScale("", "", ())


@dataclass(frozen=True)
class Resolution:
    """The would-be release, and what stands in its way."""

    document: ReleaseDocument
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Words:
    """A competence as it is published."""

    competence: Competence
    scale: ReleaseScale
    texts: tuple[str, ...]


def resolve(page: ProfilePage) -> Resolution:
    """Return what would be released of a page as it stands in memory, draft or not.

    Never raises for incomplete content, so that a preview can show it; the problems say what a release would refuse.
    """
    groups = [(group, list(group.items.all())) for group in page.groups.all()]
    words = _words({item.competence_id for _group, items in groups for item in items if item.competence_id})
    scale = next(
        (words[i.competence_id].scale for _g, items in groups for i in items if i.competence_id in words), _NO_SCALE
    )
    resolver = _Resolver(page, words, scale)
    released = tuple(resolver.group(group, items) for group, items in groups)
    circle = Problem(_("The profile builds on itself by way of others. Take one of them out."), "builds_on")
    problems = (*resolver.problems, *([circle] if _builds_on_itself(page) else ()))
    return Resolution(_document(page, scale, released), problems)


def _builds_on_itself(page: Any) -> bool:
    ahead = {row.profile_id for row in page.builds_on.all()}
    seen: set[int] = set()
    while ahead - seen:
        seen |= ahead
        ahead = set(BuildsOn.objects.filter(page__in=ahead).values_list("profile_id", flat=True))
    return page.pk is not None and page.pk in seen


def _words(competence_ids: Iterable[int]) -> dict[int, _Words]:
    competences = (
        Competence.objects.filter(pk__in=competence_ids)
        .select_related("scale")
        .prefetch_related("level_texts", "scale__levels")
    )
    return {competence.pk: read_words(competence) for competence in competences}


def read_words(competence: Competence) -> _Words:
    """Return a competence's words as its object holds them: the row's, or a draft's when called with one."""
    scale = release_scale(competence.scale)
    by_number = {text.level_number: text.text.strip() for text in competence.level_texts.all()}
    return _Words(competence, scale, tuple(by_number.get(level.number, "") for level in scale.levels))


def release_scale(scale: Any) -> ReleaseScale:
    """Return a scale as a release holds it."""
    levels = sorted(scale.levels.all(), key=lambda level: level.number)
    return ReleaseScale(scale.key, scale.name, tuple(ReleaseLevel(x.number, x.name, x.description) for x in levels))


class _Resolver:
    """Walk the groups once, gathering problems with the row they belong to."""

    def __init__(self, page: ProfilePage, words: dict[int, _Words], scale: ReleaseScale) -> None:
        self.page = page
        self.words = words
        self.scale = scale
        self.problems: list[Problem] = []
        self._identities: set[Any] = set()

    def group(self, group: ProfileGroup, items: list[ProfileItem]) -> ReleaseGroup:
        """Resolve a group; items without a known competence are left out and named as a problem."""
        seen: set[int] = set()
        released = []
        self._own_identity(group.uuid, group.uuid)
        for item in items:
            place = item.uuid
            words = self.words.get(item.competence_id)
            if words is None:
                self._refuse(_("Choose a competence."), "competence", place)
                continue
            if item.competence_id in seen:
                self._refuse(_("The competence stands in the group already."), "competence", place)
            seen.add(item.competence_id)
            self._check(item, words, place)
            released.append(self._item(item, words, place))
        return ReleaseGroup(group.uuid, group.title, tuple(released))

    def _refuse(self, message: str, field: str, place: UUID) -> None:
        self.problems.append(Problem(message, field, place))

    def _own_identity(self, identity: Any, place: UUID) -> None:
        if identity in self._identities:
            self._refuse(_("Two rows have the same identity. Delete one of them and add it again."), "", place)
        self._identities.add(identity)

    def _check(self, item: ProfileItem, words: _Words, place: UUID) -> None:
        name = {"name": words.competence.name}
        if not words.competence.live:
            self._refuse(_("“%(name)s” is not published. Publish the competence first.") % name, "competence", place)
        if words.scale != self.scale:
            text = _("“%(name)s” has another scale than the profile's other competences.")
            self._refuse(text % name, "competence", place)
        if not all(words.texts):
            self._refuse(_("“%(name)s” lacks a text for one of its levels.") % name, "competence", place)
        self._own_identity(item.uuid, place)

    def _item(self, item: ProfileItem, words: _Words, place: UUID) -> ReleaseItem:
        competence = words.competence
        requirements = tuple(self._requirements(item, len(words.scale.levels), place))
        if not requirements:
            self._refuse(_("Choose a level now or in future."), "now_level", place)
        return ReleaseItem(
            uuid=item.uuid,
            competence_uuid=competence.uuid,
            competence_key=competence.key,
            name=competence.name,
            kind=competence.kind,
            description=competence.description,
            importance=item.importance,
            requirements=requirements,
            level_texts=words.texts,
            text_hash=text_hash(competence.name, words.texts),
            slug=competence.slug,
        )

    def _requirements(self, item: ProfileItem, levels: int, place: UUID) -> Iterator[Requirement]:
        for horizon in ("now", "future"):
            year = (item.future_year or self.page.future_year) if horizon == "future" else None
            for field, kind, level, amount in _asked(item, horizon):
                if level > levels:
                    self._refuse(_("The competence's scale has no such level."), field, place)
                    continue
                if horizon == "future" and year is None:
                    self._refuse(
                        _("Write the year of the requirement, here or for the whole profile."), "future_year", place
                    )
                yield Requirement(horizon, kind, level, amount, year)


def _asked(item: ProfileItem, horizon: str) -> Iterator[tuple[str, str, int, int | None]]:
    level = getattr(item, f"{horizon}_level")
    if level:
        yield f"{horizon}_level", "everyone", level, None
    kind, amount, team_level = (getattr(item, f"{horizon}_team_{name}") for name in ("kind", "amount", "level"))
    if kind and amount and team_level:
        yield f"{horizon}_team_level", kind, team_level, amount


def _rich_text(source: str) -> str:
    """Return the text without the editor's keys; an emptied field leaves an empty paragraph, which says nothing."""
    return _BLOCK_KEY.sub("", source) if strip_tags(source).strip() else ""


def _document(page: Any, scale: ReleaseScale, groups: tuple[ReleaseGroup, ...]) -> ReleaseDocument:
    return ReleaseDocument(
        title=page.title,
        summary=page.lead,
        kind=page.kind,
        sector=page.sector,
        target_job=page.target_job,
        scale=scale,
        publishers=tuple(row.party.name for row in page.publishers.all()),
        in_short=_rich_text(page.in_short),
        tasks=tuple(row.text for row in page.tasks.all()),
        groups=groups,
        questions=tuple(row.text for row in page.questions.all()),
        voices=tuple(VoiceText(row.quote, row.who) for row in page.voices.all()),
        sources=tuple(SourceText(row.title, row.url, row.note) for row in page.sources.all()),
        builds_on=tuple(ProfileRef(row.profile.uuid, row.profile.title) for row in page.builds_on.all()),
        next_steps=tuple(ProfileRef(row.profile.uuid, row.profile.title, row.note) for row in page.next_steps.all()),
    )
