"""A course's page, the list of courses, and courses on other pages."""

import datetime as dt
from decimal import Decimal
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client

from learning.api import CoursePage, course_run_cancel
from learning.models import CourseOutcome
from portal.core.sections import collect
from portal.pages.api import ProjectIndexPage, ProjectPage, PublicationPage
from portal.seats.api import OfferingSpec
from tests.factories.events import local
from tests.factories.learning import CoursePageFactory, ProviderFactory, course_index, link, run
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, competence_index, group, home_page, item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), tick=False):
        yield


def get(url: str) -> str:
    """Return the page's markup as text; it always answers."""
    response = Client().get(url)
    assert response.status_code == 200
    return unescape(response.content.decode())


def works() -> tuple[ProjectPage, PublicationPage]:
    """Return a project and a publication, published."""
    index = home_page().add_child(instance=ProjectIndexPage(title="Projekter", slug="projekter"))
    project = index.add_child(
        instance=ProjectPage(title="Fremtidens borgerkontakt", slug="fremtiden", lead="Et projekt.", year=2025)
    )
    publication = index.add_child(
        instance=PublicationPage(title="Nye roller", slug="nye-roller", lead="En rapport.", year=2026)
    )
    return project, publication


def full() -> CoursePage:
    """Return a course with something in every place."""
    competence_index()
    calm = CompetenceFactory.create(name="Ro i svære samtaler", key="ro")
    ProfilePageFactory.make(title="Borgerservice", groups=[group("Mødet", item(calm, now_level=2, future_level=3))])
    project, publication = works()
    course: Any = CoursePageFactory.make(
        title="Specialist i borgerkontakt",
        lead="For jer, der møder borgerne.",
        qualifying=True,
        ects=Decimal("7.5"),
        price_dkk=14400,
        prerequisites="To års erfaring",
        exam_form="Mundtlig prøve",
        order_of_admission="I den rækkefølge, I melder til",
        external_url="https://udbyder.example/kursus",
        body=[("paragraph", "<p>Tre moduler.</p>")],
        project=project,
        publication=publication,
        links=[link(calm, 2, 3, "documented")],
    )
    course.outcomes = [CourseOutcome(text="Du kan føre samtalen.")]
    course.save_revision().publish()
    return CoursePage.objects.get(pk=course.pk)


def test_everything_that_is_written_is_shown() -> None:
    course = full()
    run(dt.date(2027, 1, 13), course=course, seats=OfferingSpec(capacity=24, deadline=local(2026, 12, 1, 12)))
    text = get(course.get_url())
    for words in (
        "Kompetencegivende",
        "7,5 ECTS",
        "14.400 kr. ekskl. moms",
        "Ansatte i borgerservice",
        "To års erfaring",
        "Mundtlig prøve",
        "I den rækkefølge, I melder til",
        "https://udbyder.example/kursus",
        "Tre moduler.",
        "Du kan føre samtalen.",
        "Ro i svære samtaler",
        'href="/kompetencer/ro/"',
        "2 Kan",
        "3 Mestrer",
        "tæller som dokumenteret niveau",
        "Fremtidens borgerkontakt",
        "Nye roller",
        "Profil, udgave 1",
        "Det løfter 1 kompetence.",
        "Kursuscentret, Horsens",
        "13. januar 2027 – 14. januar 2027",
        "1. december 2026 kl. 12.00",
        "24 pladser",
    ):
        assert words in text, words
    assert text.index("Fakta") < text.index("Det løfter kurset")


def test_a_cancelled_run_says_why_and_a_past_one_is_gone() -> None:
    course = full()
    course_run_cancel(actor=None, run=run(dt.date(2027, 1, 13), course=course), reason="For få tilmeldte.")
    run(dt.date(2026, 10, 1), course=course, place="Fortiden")
    text = get(course.get_url())
    assert "Aflyst" in text
    assert "For få tilmeldte." in text
    assert "Fortiden" not in text
    assert "Der er ikke planlagt noget hold lige nu." in get(CoursePageFactory.make().get_url())


def test_a_profile_and_its_courses_find_each_other_both_ways(rf: Any) -> None:
    """A course belongs to a profile that asks for more than it begins from, or that an editor chose."""
    calm, other = CompetenceFactory.create(), CompetenceFactory.create()
    profile = ProfilePageFactory.make(slug="borger", groups=[group("G", item(calm, now_level=2, future_level=3))])
    helps = CoursePageFactory.make(title="Hjælper", links=[link(calm, 2, 3)])
    too_late = CoursePageFactory.make(title="For sent", links=[link(calm, 3, 4)])
    unrelated = CoursePageFactory.make(title="Andet", links=[link(other, 1, 2)])
    chosen = CoursePageFactory.make(title="Valgt", profiles=[profile])
    CoursePageFactory.make(title="Kladde", links=[link(calm, 2, 3)], published=False)
    [section] = [s for s in collect("profiles.profile", rf.get("/"), profile) if s.anchor == "kurser"]
    assert [card.title for card in section.context["cards"]] == ["Hjælper", "Valgt"]
    assert section.context["list_url"] == "/kurser/?profil=borger"
    assert "2 kurser" in get("/kurser/?profil=borger")
    for course, related in ((helps, True), (chosen, True), (too_late, False), (unrelated, False)):
        assert (profile.title in get(course.get_url())) == related, course.title
    assert "Hjælper" in get(profile.get_url())


def test_a_new_release_moves_the_courses_along(rf: Any) -> None:
    calm = CompetenceFactory.create()
    profile = ProfilePageFactory.make(groups=[group("G", item(calm, now_level=1, future_level=2))])
    CoursePageFactory.make(links=[link(calm, 2, 3)])
    assert not [s for s in collect("profiles.profile", rf.get("/"), profile) if s.anchor == "kurser"]
    draft: Any = profile.latest_revision.as_object()
    for row in draft.groups.all()[0].items.all():
        row.future_level = 4
    draft.release_change, draft.release_reason = "changed", "Kravet stiger."
    draft.save_revision().publish()
    assert [s for s in collect("profiles.profile", rf.get("/"), profile) if s.anchor == "kurser"]


def test_a_competence_names_the_courses_that_lift_it(rf: Any) -> None:
    calm = CompetenceFactory.create(name="Ro", key="ro")
    CoursePageFactory.make(title="Hjælper", links=[link(calm, 2, 3)])
    CoursePageFactory.make(title="Andet")
    competence_index()
    [section] = [s for s in collect("profiles.competence", rf.get("/"), calm) if s.anchor == "kurser"]
    [card] = section.context["cards"]
    assert (card.title, card.lift_text) == ("Hjælper", "Ro: fra 2 Kan til 3 Mestrer")
    assert "Ro: fra 2 Kan til 3 Mestrer" in get("/kompetencer/ro/")


def test_a_project_and_a_publication_name_their_courses() -> None:
    full()
    assert "Specialist i borgerkontakt" in get("/projekter/fremtiden/")
    assert "Specialist i borgerkontakt" in get("/projekter/nye-roller/")


def test_the_home_page_shows_the_course_in_focus_published_last() -> None:
    assert "Kursus i fokus" not in get("/")
    CoursePageFactory.make(title="Det gamle", featured=True)
    with time_machine.travel(dt.datetime(2026, 11, 21, 13, tzinfo=dt.UTC), tick=False):
        CoursePageFactory.make(title="Det nye", featured=True)
    CoursePageFactory.make(title="Uden mærke")
    text = get("/")
    assert "Kursus i fokus" in text
    assert "Det nye" in text
    assert "Det gamle" not in text
    assert "Uden mærke" not in text


@pytest.mark.parametrize(
    ("me", "suggested"), [(1, False), (2, True), (3, False), (None, True)], ids=["too low", "fits", "there", "unsure"]
)
def test_a_result_suggests_courses_that_begin_at_the_persons_level(rf: Any, me: int | None, suggested: bool) -> None:
    calm = CompetenceFactory.create()
    CoursePageFactory.make(links=[link(calm, 2, 3)])
    gap = SimpleNamespace(competence_uuid=calm.uuid, from_level=me, to_level=3)
    result = SimpleNamespace(gaps=(gap,) if me != 3 else ())
    sections = [s for s in collect("assessment.result", rf.get("/"), result) if s.anchor == "kurser"]
    assert bool(sections) == suggested


def test_each_filter_narrows() -> None:
    course_index()
    other = ProviderFactory.create(key="center", name="Centret")
    CoursePageFactory.make(title="Det rigtige", provider=other, qualifying=True, price_dkk=0)
    CoursePageFactory.make(title="Det andet", price_dkk=100)
    CoursePageFactory.make(title="Ukendt pris", price_dkk=None)
    for query in ("?udbyder=center", "?kompetencegivende=ja", "?pris=gratis", "?udbyder=center&pris=gratis"):
        text = get(f"/kurser/{query}")
        assert "Det rigtige" in text, query
        assert "Det andet" not in text, query
        assert "1 kursus" in text, query
    paid = get("/kurser/?pris=betaling")
    assert "Det andet" in paid
    assert "Ukendt pris" not in paid
    assert "3 kurser" in get("/kurser/")
    both = get("/kurser/?udbyder=center&pris=gratis")
    assert "Udbyder: Centret" in both
    assert 'href="/kurser/?pris=gratis"' in both
    assert "Ingen kurser passer til dine filtre" in get("/kurser/?udbyder=center&pris=betaling")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("profil=findes-ikke", "Vælg en profil på listen."),
        ("udbyder=%00", "Vælg en udbyder på listen."),
        ("kompetencegivende=<b>", "Vælg på listen."),
        ("pris=999", "Vælg på listen."),
        ("side=" + "9" * 5000, "1 kursus"),
        ("side=-1&x=%F0%9F%98%80", "1 kursus"),
    ],
)
def test_a_value_without_sense_gets_a_message_and_a_list(query: str, message: str) -> None:
    CoursePageFactory.make(title="Kurset")
    text = get(f"/kurser/?{query}")
    assert message in text
    assert "Kurset" in text
    assert "<b>" not in text.replace("<b></b>", "")


def test_drafts_are_not_listed_and_an_empty_list_says_so() -> None:
    CoursePageFactory.make(title="Kladden", published=False)
    assert "Ingen kurser endnu" in get("/kurser/")
    assert "Kladden" not in get("/kurser/")


def test_an_alias_shows_the_runs_of_its_original() -> None:
    course = CoursePageFactory.make(key="original")
    run(dt.date(2027, 1, 13), course=course)
    alias = course.create_alias(update_slug="igen")
    assert alias.key == ""
    assert "13. januar 2027" in get(alias.get_url())


def test_as_many_queries_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    course = full()
    run(dt.date(2027, 1, 13), course=course)

    def counts() -> list[int]:
        found = []
        for url in (course.get_url(), "/kurser/", "/kurser/?profil=findes-ikke"):
            get(url)
            with django_assert_max_num_queries(30) as captured:
                get(url)
            found.append(len(captured))
        return found

    few = counts()
    for number in range(8):
        extra = CoursePageFactory.make(title=f"Kursus {number} mere", links=[link(CompetenceFactory.create())])
        run(dt.date(2027, 2, 1), course=extra)
        run(dt.date(2027, 2, 1), course=course)
        course.outcomes.add(CourseOutcome(text=f"Du kan {number}."))
        course.competence_links.add(link(CompetenceFactory.create()))
    course.save_revision().publish()
    assert counts() == few
