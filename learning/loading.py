"""Bring courses in from outside, found again by key: the example content, and later the providers' own lists.

What is already there is left alone, for an editor may have changed it since; only runs that are missing are added.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from learning.enums import CountsFor
from learning.models import (
    CompetenceLink,
    CourseIndexPage,
    CourseOutcome,
    CoursePage,
    CourseProfile,
    CourseRun,
    Provider,
)
from learning.services import CourseRunSpec, course_run_save
from portal.core import audit
from portal.editorial.api import publish_imported
from portal.pages.api import ProjectPage, PublicationPage
from profilecatalog.profiles.api import Competence, ProfilePage

_NAMESPACE = uuid5(NAMESPACE_URL, "kompetenceportalen/learning")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSpec:
    """Who offers courses."""

    key: str
    name: str
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSpec:
    """From which level to which a course lifts a competence."""

    competence: Competence
    from_level: int
    to_level: int
    counts_for: str = CountsFor.NOTHING.value


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """A run of the course; `key` is unique within it and finds the row again."""

    key: str
    run: CourseRunSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSpec:
    """A course; `body` is a list of (block type, value) as a StreamField takes it, `price_dkk` whole kroner without VAT."""

    key: str
    title: str
    provider: ProviderSpec
    slug: str = ""
    lead: str = ""
    audience: str = ""
    body: tuple[tuple[str, Any], ...] = ()
    outcomes: tuple[str, ...] = ()
    prerequisites: str = ""
    duration: str = ""
    ects: Decimal | None = None
    qualifying: bool = False
    price_dkk: int | None = None
    order_of_admission: str = ""
    exam_form: str = ""
    external_url: str = ""
    project: ProjectPage | None = None
    publication: PublicationPage | None = None
    featured: bool = False
    links: tuple[LinkSpec, ...] = ()
    profiles: tuple[ProfilePage, ...] = ()
    runs: tuple[RunSpec, ...] = ()


_PLAIN = (
    "key", "title", "lead", "audience", "prerequisites", "duration", "ects", "qualifying", "price_dkk",
    "order_of_admission", "exam_form", "external_url", "project", "publication", "featured",
)  # fmt: skip


def run_uuid(course_key: str, run_key: str) -> UUID:
    """Return the identity of a run that came from outside: the same each time it is loaded."""
    return uuid5(_NAMESPACE, f"{course_key}/{run_key}")


@transaction.atomic
def load_provider(*, actor: Any, spec: ProviderSpec) -> Provider:
    """Return the provider with this key, made if it is not there."""
    values = {"name": spec.name, "description": spec.description, "url": spec.url}
    provider, made = Provider.objects.get_or_create(key=spec.key, defaults=values)
    if made:
        audit.record(actor=actor, action="provider.loaded", obj=provider, after={"key": spec.key})
    return provider


@transaction.atomic
def load_course(*, actor: Any, parent: CourseIndexPage, spec: CourseSpec) -> CoursePage:
    """Return the course with this key, made and published if it is not there; add the runs that it lacks.

    Raises:
        ValidationError: a rule of the page or of a run is broken; then nothing is written.
    """
    page = CoursePage.objects.filter(key=spec.key).first() or _create(actor, parent, spec)
    for row in spec.runs:
        uuid = run_uuid(spec.key, row.key)
        if not CourseRun.objects.filter(uuid=uuid).exists():
            course_run_save(actor=actor, course=page, spec=row.run, uuid=uuid)
    return page


def _create(actor: Any, parent: CourseIndexPage, spec: CourseSpec) -> CoursePage:
    page: Any = CoursePage(
        **{name: getattr(spec, name) for name in _PLAIN},
        slug=spec.slug or spec.key,
        body=list(spec.body),
        provider=load_provider(actor=actor, spec=spec.provider),
        live=False,
    )
    page.outcomes = [CourseOutcome(text=text, sort_order=n) for n, text in enumerate(spec.outcomes)]
    page.chosen_profiles = [CourseProfile(profile=p, sort_order=n) for n, p in enumerate(spec.profiles)]
    page.competence_links = [
        CompetenceLink(
            competence=link.competence,
            from_level=link.from_level,
            to_level=link.to_level,
            counts_for=link.counts_for,
            sort_order=n,
        )
        for n, link in enumerate(spec.links)
    ]
    # A fresh row: treebeard counts children on the object that it is given.
    CourseIndexPage.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision(user=actor, log_action=True)
    publish_imported(page=page, revision=revision, actor=actor)
    audit.record(actor=actor, action="course.loaded", obj=page, after={"key": spec.key})
    return CoursePage.objects.get(pk=page.pk)
