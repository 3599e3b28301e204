"""What a course says about itself to search."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from learning.models import CoursePage, CourseRun
from portal.organisations.api import Region, place_terms, region_of
from profilecatalog.profiles.api import level_terms
from search.api import FacetTerm, Kind, SearchDocument, register_source


def documents(page: CoursePage) -> Iterable[SearchDocument]:
    """Describe a course with what it lifts and where it is held."""
    every: Any = CourseRun.objects.filter(course_id=page.runs_of_id)
    runs = list(every.for_list().in_order())
    links = list(page.competence_links.select_related("competence__scale"))
    to_come = [run for run in runs if not run.cancelled and run.ends >= localdate()]
    words = [
        page.audience,
        *page.body.stream_block.get_searchable_content(page.body),
        *(outcome.text for outcome in page.outcomes.all()),
        page.prerequisites,
        *(link.competence.name for link in links),
        page.provider.name,
        *(run.where for run in runs),
    ]
    yield SearchDocument(
        key=str(page.pk),
        kind="course",
        title=page.title,
        summary=page.lead,
        body="\n".join(word for word in words if word),
        url=page.get_url() or "",
        note=page.provider.name,
        starts_at=next((_beginning(run) for run in to_come if run.starts >= localdate()), None),
        facets=(
            FacetTerm("provider", page.provider.key, page.provider.name),
            *place_terms((run.municipality for run in to_come), map(_region, to_come)),
            *level_terms((link.competence.scale, link.to_level) for link in links),
        ),
    )


def _beginning(run: CourseRun) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(run.starts, dt.time()))


def _region(run: CourseRun) -> Region | None:
    return region_of(run.municipality, on=run.starts) if run.municipality else None


def register() -> None:
    """Make courses findable."""
    register_source(
        "learning.course",
        model=CoursePage,
        documents=documents,
        all=CoursePage.objects.live,
        kinds={"course": Kind(_("Course"), _("Courses"))},
    )
