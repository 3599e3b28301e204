"""Load a framework of competences and profiles: check the whole, plan, apply in one transaction.

Used by the example content, and by the outside frameworks that the catalogue is tried on. What is written goes the way of an
editor's save: a revision, publishing, a release. A second run with the same input writes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import ReferenceIndex

from portal.organisations.api import Party
from profilecatalog.profiles.enums import CompetenceKind, Importance, ProfileKind
from profilecatalog.profiles.frameworks import (
    AreaInput,
    CompetenceInput,
    FrameworkInput,
    FrameworkReport,
    ProfileInput,
    ScaleInput,
)
from profilecatalog.profiles.models import (
    Competence,
    CompetenceArea,
    CompetenceLevelText,
    ProfileIndexPage,
    ProfilePage,
    Scale,
    ScaleLevel,
)
from profilecatalog.profiles.services.competences import text_problems
from profilecatalog.profiles.services.errors import FrameworkError, Problem
from profilecatalog.profiles.services.framework_profiles import ProfileLoader


@dataclass
class _Report:
    """Gather what was done, by kind and key."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)

    def frozen(self) -> FrameworkReport:
        """Return the report as a value."""
        return FrameworkReport(tuple(self.created), tuple(self.updated), tuple(self.unchanged), tuple(self.drafts))


@transaction.atomic
def load_framework(framework: FrameworkInput, *, parent: ProfileIndexPage, actor: Any) -> FrameworkReport:
    """Bring the catalogue in line with a framework, all of it or nothing; profiles are put below `parent`.

    Raises:
        FrameworkError: a key repeats or points to nothing, a value is unknown, or a scale in use would change.
        ReleaseError: a profile that changes names no kind of change or reason.
    """
    # Late: the module asks for the page model while apps load.
    from wagtail.signal_handlers import disable_reference_index_auto_update

    if problems := tuple(_problems(framework)):
        raise FrameworkError(problems)
    report = _Report()
    # Wagtail would note the references of each row as it is saved; once per object at the end is enough.
    with disable_reference_index_auto_update():
        for scale in framework.scales:
            _note(report, "scale", scale.key, _load_scale(scale))
        for area in framework.areas:
            _note(report, "area", area.key, _load_area(area))
        written: list[Any] = list(_load_competences(framework.competences, actor, report))
        loader = ProfileLoader(framework.profiles, parent, actor)
        for key, outcome in loader.load():
            _note(report, "profile", key, outcome)
    for obj in (*written, *loader.written):
        ReferenceIndex.create_or_update_for_object(obj)
    return report.frozen()


def _note(report: _Report, kind: str, key: str, outcome: str) -> None:
    getattr(report, outcome).append(f"{kind}:{key}")


def _load_scale(wanted: ScaleInput) -> str:
    scale = Scale.objects.filter(key=wanted.key).prefetch_related("levels").first()
    own = {"name": wanted.name, "description": wanted.description, "text_opening": wanted.text_opening}
    levels = [(level.number, level.name, level.description) for level in wanted.levels]
    if scale is not None:
        stored = [(row.number, row.name, row.description) for row in scale.levels.all()]
        if stored == levels and all(getattr(scale, name) == value for name, value in own.items()):
            return "unchanged"
    outcome = "created" if scale is None else "updated"
    scale = scale or Scale(key=wanted.key)
    for name, value in own.items():
        setattr(scale, name, value)
    rows: Any = scale.levels
    rows.set([ScaleLevel(number=n, name=name, description=text) for n, name, text in levels])
    try:
        scale.full_clean()
        scale.save()
    except ValidationError as error:
        raise FrameworkError([Problem(f"{wanted.key}: {' '.join(error.messages)}")]) from error
    return outcome


def _load_area(wanted: AreaInput) -> str:
    values = {"name": wanted.name, "description": wanted.description, "sort_order": wanted.sort_order}
    area = CompetenceArea.objects.filter(key=wanted.key).first()
    if area is not None and all(getattr(area, name) == value for name, value in values.items()):
        return "unchanged"
    CompetenceArea.objects.update_or_create(key=wanted.key, defaults=values)
    return "created" if area is None else "updated"


def _load_competences(inputs: Iterable[CompetenceInput], actor: Any, report: _Report) -> Iterator[Competence]:
    stored = {c.key: c for c in Competence.objects.select_related("scale", "area").prefetch_related("level_texts")}
    scales = {scale.key: scale for scale in Scale.objects.prefetch_related("levels")}
    areas = {area.key: area for area in CompetenceArea.objects.all()}
    for wanted in inputs:
        competence = stored.get(wanted.key)
        if competence is not None and _competence_state(competence) == _wanted_state(wanted):
            report.unchanged.append(f"competence:{wanted.key}")
        else:
            _note(report, "competence", wanted.key, "created" if competence is None else "updated")
            competence = competence or Competence(key=wanted.key, live=False)
            competence.area, competence.scale = areas[wanted.area], scales[wanted.scale]
            _save_competence(competence, wanted, actor)
            yield competence
        if not competence.live:
            report.drafts.append(f"competence:{wanted.key}")


def _competence_state(competence: Competence) -> tuple[Any, ...]:
    texts = tuple((row.level_number, row.text) for row in competence.level_texts.all())
    own = (competence.name, competence.kind, competence.description)
    return (*own, competence.area.key, competence.scale.key, texts)


def _wanted_state(wanted: CompetenceInput) -> tuple[Any, ...]:
    return (wanted.name, wanted.kind, wanted.description, wanted.area, wanted.scale, tuple(_texts(wanted)))


def _texts(wanted: CompetenceInput) -> Iterator[tuple[int, str]]:
    return ((number, text) for number, text in enumerate(wanted.level_texts, start=1) if text)


def _save_competence(competence: Competence, wanted: CompetenceInput, actor: Any) -> None:
    competence.name, competence.kind, competence.description = wanted.name, wanted.kind, wanted.description
    competence.slug = competence.slug or wanted.slug
    rows: Any = competence.level_texts
    old = {row.level_number: row.pk for row in rows.all()}
    rows.set([CompetenceLevelText(pk=old.get(n), level_number=n, text=text) for n, text in _texts(wanted)])
    try:
        competence.full_clean()
    except ValidationError as error:
        raise FrameworkError([Problem(f"{wanted.key}: {' '.join(error.messages)}")]) from error
    if competence.pk is None:
        competence.save()
    revision = competence.save_revision(user=actor, clean=False)
    if not text_problems(competence):
        revision.publish(user=actor)
        competence.live = True


# --- The check of the whole, before anything is written -----------------------------------------------------------


def _problems(framework: FrameworkInput) -> Iterator[Problem]:
    for rows in (framework.scales, framework.areas, framework.competences, framework.profiles):
        yield from _repeated(rows)
    yield from _scale_problems(framework.scales)
    yield from _competence_problems(framework)
    yield from _profile_problems(framework)


def _repeated(rows: Iterable[Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for row in rows:
        if row.key in seen:
            yield Problem(_("The key “%(key)s” stands twice.") % {"key": row.key})
        seen.add(row.key)


def _scale_problems(scales: Iterable[ScaleInput]) -> Iterator[Problem]:
    for scale in scales:
        if [level.number for level in scale.levels] != list(range(1, len(scale.levels) + 1)):
            yield Problem(_("The levels of “%(key)s” are not numbered 1, 2, 3 …") % {"key": scale.key})


def _known(rows: Iterable[Any], model: Any) -> set[str]:
    return {row.key for row in rows} | set(model.objects.exclude(key="").values_list("key", flat=True))


def _unknown(owner: str, keys: Iterable[str], known: Callable[[str], bool]) -> Iterator[Problem]:
    for key in keys:
        if not known(key):
            yield Problem(_("“%(owner)s” names “%(key)s”, which is unknown.") % {"owner": owner, "key": key})


def _competence_problems(framework: FrameworkInput) -> Iterator[Problem]:
    scales, areas = _known(framework.scales, Scale), _known(framework.areas, CompetenceArea)
    for row in framework.competences:
        yield from _unknown(row.key, [row.scale], scales.__contains__)
        yield from _unknown(row.key, [row.area], areas.__contains__)
        yield from _unknown(row.key, [row.kind], CompetenceKind.values.__contains__)


def _profile_problems(framework: FrameworkInput) -> Iterator[Problem]:
    competences = _known(framework.competences, Competence)
    profiles = _known(framework.profiles, ProfilePage)
    parties = _known((), Party)
    for row in framework.profiles:
        items = [item for group in row.groups for item in group.items]
        yield from _unknown(row.key, [row.kind], ProfileKind.values.__contains__)
        yield from _unknown(row.key, row.publishers, parties.__contains__)
        yield from _unknown(row.key, (item.competence for item in items), competences.__contains__)
        yield from _unknown(row.key, (item.importance for item in items), Importance.values.__contains__)
        yield from _unknown(row.key, _links(row), profiles.__contains__)


def _links(row: ProfileInput) -> list[str]:
    return [*row.builds_on, *(step.profile for step in row.next_steps)]
