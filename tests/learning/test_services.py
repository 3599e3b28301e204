"""A course run changes through its service, and the rules of links and runs hold in the database."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from learning.api import (
    CompetenceLink,
    CoursePage,
    CourseRun,
    CourseSpec,
    LinkSpec,
    Provider,
    ProviderSpec,
    RunSpec,
    course_run_cancel,
    course_run_delete,
    course_run_save,
    course_run_spec,
    load_course,
)
from learning.formats import ects, price
from portal.core.models import AuditEntry, OutboxMessage
from portal.seats.api import Offering, OfferingSpec
from search.api import SearchQuery, search
from search.services import deliver_index
from tests.factories.events import local
from tests.factories.learning import CoursePageFactory, course_index, link, run, run_spec
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory

pytestmark = pytest.mark.django_db

FIRST = dt.date(2027, 1, 13)


def test_a_change_is_audited_indexed_and_reaches_the_seats() -> None:
    made = run(FIRST)
    AuditEntry.objects.all().delete()
    OutboxMessage.objects.all().delete()
    spec = replace(course_run_spec(made), place="Biblioteket", seats=OfferingSpec(capacity=7))
    course_run_save(actor=None, run=made, spec=spec)
    entry = AuditEntry.objects.get(action="course_run.changed")
    assert (entry.before["place"], entry.after["place"]) == ("Kursuscentret", "Biblioteket")
    assert Offering.objects.get().capacity == 7
    assert OutboxMessage.objects.get(topic="search.index").payload["pk"] == str(made.course_id)
    course_run_save(actor=None, run=made, spec=spec)
    assert AuditEntry.objects.filter(action="course_run.changed").count() == 1


def test_when_the_index_cannot_be_told_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    made = run(FIRST)

    def fail(obj: Any) -> None:
        raise RuntimeError("no index")

    monkeypatch.setattr("learning.services.reindex_object", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        course_run_save(actor=None, run=made, spec=replace(course_run_spec(made), place="Biblioteket"))
    assert CourseRun.objects.get().place == "Kursuscentret"


def test_cancelling_needs_a_reason_and_deleting_takes_the_seats_along() -> None:
    made = run(FIRST)
    with pytest.raises(ValidationError):
        course_run_cancel(actor=None, run=made, reason="")
    assert course_run_cancel(actor=None, run=made, reason="For få tilmeldte.").cancelled
    course_run_delete(actor=None, run=CourseRun.objects.get())
    assert not CourseRun.objects.exists()
    assert not Offering.objects.exists()


def test_the_deadline_must_come_before_the_course() -> None:
    late = run_spec(FIRST, seats=OfferingSpec(deadline=local(2027, 1, 14)))
    with pytest.raises(ValidationError) as caught:
        course_run_save(actor=None, course=CoursePageFactory.make(), spec=late)
    assert list(caught.value.error_dict) == ["deadline"]


@pytest.mark.parametrize(
    "values",
    [{"ends": FIRST - dt.timedelta(days=1)}, {"municipality": None}, {"cancelled": True}, {"cancel_reason": "Ingen"}],
)
def test_the_database_refuses_a_run_that_makes_no_sense(values: dict[str, Any]) -> None:
    made = run(FIRST)
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseRun.objects.filter(pk=made.pk).update(**values)


@pytest.mark.every_database
@pytest.mark.parametrize("values", [{"from_level": 3}, {"to_level": 1}, {"from_level": 0}])
def test_the_database_refuses_a_link_that_lifts_nothing(values: dict[str, int]) -> None:
    course = CoursePageFactory.make(links=[link(CompetenceFactory.create(), 1, 3)])
    with pytest.raises(IntegrityError), transaction.atomic():
        CompetenceLink.objects.filter(course=course).update(**values)


@pytest.mark.every_database
def test_a_course_lifts_a_competence_once() -> None:
    competence = CompetenceFactory.create()
    course = CoursePageFactory.make(links=[link(competence)])
    with pytest.raises(IntegrityError), transaction.atomic():
        CompetenceLink.objects.create(course=course, competence=competence, from_level=2, to_level=3)


class TestPartition(TestCase):
    """On every day a run is upcoming, running or past."""

    course: CoursePage

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the page once."""
        cls.course = CoursePageFactory.make()

    @settings(max_examples=30, deadline=None)
    @given(offset=st.integers(-3, 3), length=st.integers(0, 3))
    def test_each_is_in_exactly_one(self, offset: int, length: int) -> None:
        first = FIRST + dt.timedelta(days=offset)
        made = run(first, course=self.course, ends=first + dt.timedelta(days=length))
        rows: Any = CourseRun.objects.filter(pk=made.pk)
        found = [rows.upcoming(FIRST).count(), rows.running(FIRST).count(), rows.past(FIRST).count()]
        assert sum(found) == 1
        assert bool(found[1]) == (made.starts <= FIRST <= made.ends)


@pytest.mark.parametrize(
    ("kroner", "text"),
    [
        (12500, "12.500 kr. ekskl. moms"),
        (950, "950 kr. ekskl. moms"),
        (1_234_567, "1.234.567 kr. ekskl. moms"),
        (0, "Gratis"),
        (None, "Spørg udbyderen"),
    ],
)
def test_prices_are_written_as_danes_write_them(kroner: int | None, text: str) -> None:
    assert price(kroner) == text


@pytest.mark.parametrize(
    ("points", "text"), [("7.5", "7,5 ECTS"), ("10.0", "10 ECTS"), ("100", "100 ECTS"), (None, "")]
)
def test_points_are_written_with_a_decimal_comma(points: str | None, text: str) -> None:
    assert ects(Decimal(points) if points else None) == text


def course(**values: Any) -> CourseSpec:
    """Return a course with something in every place."""
    given: dict[str, Any] = {
        "key": "specialist",
        "title": "Specialist i borgerkontakt",
        "provider": ProviderSpec(key="eksempel", name="Eksempelakademiet"),
        "body": (("paragraph", "<p>Vi øver os på kludetæpper.</p>"),),
        "outcomes": ("Du kan føre samtalen.", "Du kan lytte."),
        "ects": Decimal("7.5"),
        "price_dkk": 14400,
        "links": (LinkSpec(competence=CompetenceFactory.create(), from_level=2, to_level=3, counts_for="documented"),),
        "profiles": (ProfilePageFactory.make(),),
        "runs": (RunSpec(key="1", run=run_spec(FIRST)),),
    }
    return CourseSpec(**{**given, **values})


def test_loading_again_changes_nothing() -> None:
    parent, wanted = course_index(), course()
    page = load_course(actor=None, parent=parent, spec=wanted)
    assert (page.live, page.get_url()) == (True, "/kurser/specialist/")
    assert [outcome.text for outcome in page.outcomes.all()] == ["Du kan føre samtalen.", "Du kan lytte."]
    models: list[Any] = [CoursePage, CourseRun, Provider, CompetenceLink, AuditEntry]
    counts = [model.objects.count() for model in models]
    assert load_course(actor=None, parent=parent, spec=wanted).pk == page.pk
    assert [model.objects.count() for model in models] == counts


def test_a_broken_run_leaves_no_page_behind() -> None:
    wrong = RunSpec(key="1", run=replace(run_spec(FIRST), municipality=None))
    with pytest.raises(ValidationError):
        load_course(actor=None, parent=course_index(), spec=course(runs=(wrong,)))
    assert not CoursePage.objects.exists()
    assert not Provider.objects.exists()


def test_search_finds_the_course_by_its_text_and_its_competence() -> None:
    wanted = course()
    page = load_course(actor=None, parent=course_index(), spec=wanted)
    for message in OutboxMessage.objects.filter(topic="search.index", payload__source="learning.course"):
        deliver_index(message)
    for text in ("kludetæpper", "Eksempelakademiet", "Horsens", wanted.links[0].competence.name):
        hits = search(SearchQuery(text=text, kinds=("course",))).hits
        assert [hit.url for hit in hits] == [page.get_url()], text
