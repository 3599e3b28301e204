"""What a course says about itself to search."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from learning.models import CoursePage, CourseRun
from search.api import FacetTerm, Kind, SearchDocument, register_source


def documents(page: CoursePage) -> Iterable[SearchDocument]:
    """Describe a course with what it lifts and where it is held."""
    runs: Any = CourseRun.objects.filter(course_id=page.runs_of_id)
    words = [
        page.audience,
        *page.body.stream_block.get_searchable_content(page.body),
        *(outcome.text for outcome in page.outcomes.all()),
        page.prerequisites,
        *(link.competence.name for link in page.competence_links.select_related("competence")),
        page.provider.name,
        *(run.where for run in runs.for_list()),
    ]
    yield SearchDocument(
        key=str(page.pk),
        kind="course",
        title=page.title,
        summary=page.lead,
        body="\n".join(word for word in words if word),
        url=page.get_url() or "",
        note=page.provider.name,
        facets=(FacetTerm("provider", page.provider.key, page.provider.name),),
    )


def register() -> None:
    """Make courses findable."""
    register_source(
        "learning.course",
        model=CoursePage,
        documents=documents,
        all=CoursePage.objects.live,
        kinds={"course": Kind(_("Course"), _("Courses"))},
    )
