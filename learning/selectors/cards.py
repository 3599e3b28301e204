"""A course as a card in a list, wherever the list stands."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from learning.formats import ects, price
from learning.models import CompetenceLink, CourseIndexPage, CoursePage, CourseRun
from portal.core.formats import long_date
from portal.core.visibility import asker
from profilecatalog.profiles.api import ScaleLevel


@dataclass(frozen=True, slots=True)
class Lift:
    """One competence that a course lifts, with the names of the levels."""

    competence_id: int
    name: str
    from_level: int
    to_level: int
    level_names: tuple[str, ...]
    counts_for: str

    @property
    def text(self) -> str:
        """Return "fra 2 Kan til 3 Mestrer"."""
        words = {"low": self._label(self.from_level), "high": self._label(self.to_level)}
        return _("from %(low)s to %(high)s") % words

    @property
    def levels(self) -> int:
        """Return how many steps the scale has."""
        return len(self.level_names)

    def _label(self, number: int) -> str:
        # A scale may have lost a step since the link was written; the number alone is still true.
        name = self.level_names[number - 1] if number <= len(self.level_names) else ""
        return f"{number} {name}".strip()


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in a list; `lift` is the one that the list is about, if any."""

    title: str
    url: str
    lead: str
    meta: str
    badge: str
    lift: Lift | None
    lift_text: str


def lifts(links: Iterable[CompetenceLink]) -> list[Lift]:
    """Return the links in words; the competences must be loaded. One query for the scales' levels."""
    rows = list(links)
    names: dict[int, list[str]] = defaultdict(list)
    scales = {link.competence.scale_id for link in rows}
    for level in ScaleLevel.objects.filter(scale__in=scales).order_by("scale_id", "number") if scales else ():
        names[level.scale_id].append(level.name)
    return [
        Lift(
            competence_id=link.competence_id,
            name=link.competence.name,
            from_level=link.from_level,
            to_level=link.to_level,
            level_names=tuple(names[link.competence.scale_id]),
            counts_for=str(link.get_counts_for_display()),
        )
        for link in rows
    ]


def next_runs(course_ids: Iterable[int], today: dt.date) -> dict[int, CourseRun]:
    """Return the next run of each course that has one: one query."""
    found: dict[int, CourseRun] = {}
    planned: Any = CourseRun.objects.filter(course__in=list(course_ids), cancelled=False)
    for run in planned.upcoming(today).for_list().in_order():
        found.setdefault(run.course_id, run)
    return found


def cards(
    courses: Sequence[CoursePage], request: HttpRequest, today: dt.date, *, about: frozenset[int] = frozenset()
) -> tuple[CourseCard, ...]:
    """Return the cards in the order given; `about` names the competences whose lift a card shows, if it has one."""
    ids = [course.pk for course in courses]
    runs = next_runs(ids, today)
    by_course = _lifts_of(ids, about)
    return tuple(_card(course, request, runs.get(course.pk), by_course.get(course.pk)) for course in courses)


def _lifts_of(course_ids: Sequence[int], about: frozenset[int]) -> dict[int, Lift]:
    if not about:
        return {}
    links = CompetenceLink.objects.filter(course__in=course_ids, competence__in=about).select_related("competence")
    rows = list(links.order_by("course_id", "sort_order", "id"))
    found: dict[int, Lift] = {}
    for link, lift in zip(rows, lifts(rows), strict=True):
        found.setdefault(link.course_id, lift)
    return found


def _card(course: CoursePage, request: HttpRequest, run: CourseRun | None, lift: Lift | None) -> CourseCard:
    parts = [course.provider.name, ects(course.ects), price(course.price_dkk)]
    if run is not None:
        parts.append(_("next run %(date)s") % {"date": long_date(run.starts)})
    return CourseCard(
        title=course.title,
        url=course.get_url(request) or "",
        lead=course.lead,
        meta=" · ".join(part for part in parts if part),
        badge=_("Formally qualifying") if course.qualifying else "",
        lift=lift,
        lift_text=f"{lift.name}: {lift.text}" if lift else "",
    )


def list_url(request: HttpRequest) -> str:
    """Return the address of the list of courses, or nothing where there is none."""
    page = CourseIndexPage.objects.visible_to(asker(request)).order_by("path").first()
    return (page.get_url(request) or "") if page else ""
