"""Valid, coherent courses; runs are made by the services, as everywhere else."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from learning.api import CourseIndexPage, CoursePage, CourseRun, CourseRunSpec, Provider, course_run_save
from learning.models import CompetenceLink, CourseProfile
from portal.organisations.api import Municipality
from portal.seats.api import OfferingSpec
from tests.factories.profiles import home_page


def course_index() -> CourseIndexPage:
    """Return the list of courses, made when it is not there."""
    found = CourseIndexPage.objects.first()
    if found is None:
        home_page().add_child(instance=CourseIndexPage(title="Kurser", slug="kurser", show_in_menus=True))
    return CourseIndexPage.objects.get()


class ProviderFactory(DjangoModelFactory[Provider]):
    """A provider; made once and found again."""

    class Meta:
        model = Provider
        django_get_or_create = ("key",)

    key = "akademiet"
    name = "Akademiet"


def link(competence: Any, from_level: int = 1, to_level: int = 3, counts_for: str = "evidence") -> CompetenceLink:
    """Return an unsaved link."""
    return CompetenceLink(competence=competence, from_level=from_level, to_level=to_level, counts_for=counts_for)


class CoursePageFactory(DjangoModelFactory[CoursePage]):
    """A course; `make` puts it into the tree and publishes it."""

    class Meta:
        model = CoursePage

    title = factory.Sequence(lambda n: f"Kursus {n}")
    slug = factory.Sequence(lambda n: f"kursus-{n}")
    provider = factory.SubFactory(ProviderFactory)
    lead = factory.LazyAttribute(lambda o: f"Kort om {o.title}.")
    audience = "Ansatte i borgerservice"
    duration = "2 dage"
    price_dkk = 12500

    @classmethod
    def make(cls, *, links: Any = (), profiles: Any = (), published: bool = True, **kwargs: Any) -> CoursePage:
        """Make the page below the list, published or a draft."""
        kwargs.setdefault("provider", ProviderFactory.create())
        page: Any = cls.build(live=False, **kwargs)
        page.competence_links = list(links)
        page.chosen_profiles = [CourseProfile(profile=profile) for profile in profiles]
        page = course_index().add_child(instance=page)
        revision = page.save_revision()
        if published:
            revision.publish()
        return CoursePage.objects.get(pk=page.pk)


def run_spec(starts: dt.date | None = None, **values: Any) -> CourseRunSpec:
    """Return what a run says: two days in Horsens, a month from now, unless the values say otherwise."""
    first = starts or timezone.localdate() + dt.timedelta(days=30)
    if not values.get("online"):
        values.setdefault("municipality", Municipality.objects.get(code="0615"))
    values.setdefault("ends", first + dt.timedelta(days=1))
    values.setdefault("place", "Kursuscentret")
    seats = values.pop("seats", OfferingSpec(capacity=values.pop("capacity", 20)))
    return CourseRunSpec(starts=first, seats=seats, **values)


def run(starts: dt.date | None = None, *, course: CoursePage | None = None, **values: Any) -> CourseRun:
    """Return a run of a course."""
    return course_run_save(actor=None, course=course or CoursePageFactory.make(), spec=run_spec(starts, **values))
