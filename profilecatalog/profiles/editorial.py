"""What a profile is checked for before people are asked to read it; any page's checks are in `portal.editorial`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.editorial.api import EditorialRegistry, Finding, Moment
from profilecatalog.profiles.enums import ProfileKind
from profilecatalog.profiles.models import Competence, ProfilePage
from profilecatalog.profiles.services.errors import Problem
from profilecatalog.profiles.services.releases import release_problems
from profilecatalog.profiles.services.resolve import read_words

# What the editor says about the release, and not what the profile says.
_CHOICE = frozenset({"release_change", "release_reason"})


@dataclass(frozen=True, slots=True)
class Complete:
    """How many tasks and questions a finished profile has; with fewer the editor is asked, and with none it stops."""

    tasks: int = 3
    questions: int = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the form: the beginning of its fields' names, and what it is called."""

    form: str
    name: str


def complete(moment: Moment, given: Complete) -> Iterator[Finding]:
    """Yield what a release would refuse, and what a reader would miss."""
    page = moment.page
    if not isinstance(page, ProfilePage):
        return
    problems = [problem for problem in release_problems(page=page) if problem.field not in _CHOICE]
    yield from _findings(problems, page)
    yield from _texts(page)
    yield from _lists(page, given)
    yield from _groups(page)


def change_declared(moment: Moment, given: Any) -> Iterator[Finding]:
    """Yield what is wrong with the declared kind of change: it is missing, or the content says otherwise."""
    if isinstance(moment.page, ProfilePage):
        problems = [problem for problem in release_problems(page=moment.page) if problem.field in _CHOICE]
        yield from _findings(problems, moment.page)


def level_texts(moment: Moment, given: Any) -> Iterator[Finding]:
    """Yield the competences without a text for one of their levels, with the levels by name."""
    if not isinstance(moment.page, ProfilePage):
        return
    items = [item for group in moment.page.groups.all() for item in group.items.all()]
    rows = _rows(moment.page)
    lacking = dict(_lacking({item.competence_id for item in items}))
    for item in items:
        if message := lacking.get(item.competence_id):
            yield Finding(message, field=f"{rows[item.uuid].form}competence", row=str(item.uuid))


def _lacking(competence_ids: set[int]) -> Iterator[tuple[int, str]]:
    found = Competence.objects.filter(pk__in=competence_ids).select_related("scale")
    for competence in found.prefetch_related("level_texts", "scale__levels").order_by("pk"):
        words = read_words(competence)
        levels = [level.label for level, text in zip(words.scale.levels, words.texts, strict=True) if not text]
        if levels:
            text = _("“%(name)s” has no text for %(levels)s. Write it in the competence, then publish the competence.")
            yield competence.pk, text % {"name": competence.name, "levels": ", ".join(levels)}


def _rows(page: ProfilePage) -> dict[Any, _Row]:
    """Return the form's rows by identity, in the order in which the editor shows them."""
    rows: dict[Any, _Row] = {}
    for number, group in enumerate(_in_order(page.groups)):
        rows[group.uuid] = _Row(f"groups-{number}-", group.title)
        for place, item in enumerate(_in_order(group.items)):
            rows[item.uuid] = _Row(f"groups-{number}-items-{place}-", group.title)
    return rows


def _in_order(rows: Any) -> list[Any]:
    return sorted(rows.all(), key=lambda row: row.sort_order or 0)


def _findings(problems: list[Problem], page: ProfilePage) -> Iterator[Finding]:
    rows = _rows(page)
    for problem in problems:
        row = rows.get(problem.place)
        if row is None:
            yield Finding(str(problem.message), field=problem.field)
        else:
            message = f"“{row.name}”: {problem.message}"
            yield Finding(message, field=f"{row.form}{problem.field}", row=str(problem.place))


def _texts(page: ProfilePage) -> Iterator[Finding]:
    if not page.lead.strip():
        yield Finding(_("The lead is missing. Say in one or two sentences who the profile is for."), field="lead")
    if not strip_tags(page.in_short).strip():
        yield Finding(_("“In short” is empty. Say what is changing in the job, and why."), field="in_short")
    if page.kind == ProfileKind.SPECIALIST and not page.target_job.strip():
        yield Finding(_("The job is missing. Write whom the profile is for."), field="target_job")
    if page.kind == ProfileKind.SPECIALIST and not page.sector.strip():
        yield Finding(_("The sector is missing: readers look for profiles by it."), field="sector", stops=False)


def _lists(page: ProfilePage, given: Complete) -> Iterator[Finding]:
    tasks, questions = page.tasks.count(), page.questions.count()
    if tasks < given.tasks:
        text = _("The profile names %(count)s tasks. Write at least %(least)s, so that people know their job in it.")
        yield Finding(text % {"count": tasks, "least": given.tasks}, field="tasks", stops=tasks == 0)
    if questions < given.questions:
        text = _("The profile has %(count)s questions to talk about. Write at least %(least)s for the talk.")
        yield Finding(text % {"count": questions, "least": given.questions}, field="questions", stops=questions == 0)
    if not page.publishers.count():
        yield Finding(_("Nobody stands behind the profile. Choose who publishes it."), field="publishers")
    if not page.sources.count():
        yield Finding(_("The profile names no source. Say what it rests on."), field="sources", stops=False)


def _groups(page: ProfilePage) -> Iterator[Finding]:
    groups = _in_order(page.groups)
    if not groups:
        yield Finding(_("The profile asks for no competence. Add a group with competences."), field="groups")
    names = Counter(group.title.strip().casefold() for group in groups)
    for number, group in enumerate(groups):
        field, row = f"groups-{number}-title", str(group.uuid)
        if not group.items.count():
            text = _("The group “%(group)s” is empty. Add a competence, or delete the group.")
            yield Finding(text % {"group": group.title}, field=field, row=row)
        if names[group.title.strip().casefold()] > 1:
            text = _("Two groups are called “%(group)s”. Give each a heading of its own.")
            yield Finding(text % {"group": group.title}, field=field, row=row, stops=False)
    if groups and not any(_asks_of_future(item) for group in groups for item in group.items.all()):
        text = _("No competence says what is asked in future. Write the level in future where it rises.")
        yield Finding(text, field="groups", stops=False)


def _asks_of_future(item: Any) -> bool:
    return bool(item.future_level or item.future_team_level)


def register(registry: EditorialRegistry) -> None:
    """Register the checks of a profile."""
    registry.check("profiles.complete", Complete, title=gettext_lazy("Completeness of the profile"))(complete)
    registry.check("profiles.level_texts", title=gettext_lazy("Level texts"))(level_texts)
    registry.check("profiles.change_declared", title=gettext_lazy("Kind of change"))(change_declared)
