"""Editors: page types in their places, course runs in the menu, messages at the field."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from learning.api import CourseIndexPage, CoursePage, CourseRun
from portal.core.models import AuditEntry
from portal.organisations.api import Municipality
from portal.pages.api import HomePage
from tests.factories.learning import CoursePageFactory, ProviderFactory, course_index, run
from tests.factories.profiles import CompetenceFactory, home_page

pytestmark = pytest.mark.django_db


def page_form(**values: Any) -> dict[str, Any]:
    """Return what the browser sends for a course's page."""
    texts = ["lead", "audience", "prerequisites", "duration", "ects", "price_dkk", "exam_form"]
    given = {
        "title": "Kurset",
        "slug": "kurset",
        "provider": ProviderFactory.create().pk,
        **dict.fromkeys([*texts, "order_of_admission", "external_url", "project", "publication"], ""),
        "body": streamfield([]),
        "comments": inline_formset([]),
        **{name: inline_formset([]) for name in ("outcomes", "competence_links", "chosen_profiles")},
    }
    return nested_form_data({**given, **values})


class TestPageTypes(WagtailPageTestCase):
    """Wagtail's own assertions for the two page types."""

    def setUp(self) -> None:
        self.client.force_login(get_user_model().objects.create_superuser(email="red@example.test", password="red"))

    def test_where_they_may_stand(self) -> None:
        self.assertAllowedParentPageTypes(CourseIndexPage, {HomePage})
        self.assertAllowedSubpageTypes(CourseIndexPage, {CoursePage})
        self.assertAllowedParentPageTypes(CoursePage, {CourseIndexPage})
        self.assertAllowedSubpageTypes(CoursePage, set())

    def test_they_are_shown_edited_and_previewed(self) -> None:
        index, course = course_index(), CoursePageFactory.make()
        run(course=course)
        for page in (index, course):
            self.assertPageIsRoutable(page)
            self.assertPageIsRenderable(page)
        self.assertPageIsEditable(course, post_data={**page_form(), "action-publish": "1"})
        self.assertPageIsPreviewable(course, post_data=page_form())
        listed = nested_form_data({"title": "Kurser", "slug": "kurser", "lead": "", "comments": inline_formset([])})
        self.assertPageIsEditable(index, post_data=listed)
        self.assertPageIsPreviewable(index, post_data=listed)

    def test_an_editor_makes_one_with_what_it_lifts(self) -> None:
        row = {"competence": CompetenceFactory.create().pk, "from_level": 1, "to_level": 2, "counts_for": "evidence"}
        form = page_form(ects="7.5", price_dkk="12500", competence_links=inline_formset([row]))
        self.assertCanCreate(course_index(), CoursePage, form)
        course = CoursePage.objects.get()
        assert (course.price_dkk, str(course.ects), course.competence_links.count()) == (12500, "7.5", 1)

    def test_there_is_one_list(self) -> None:
        course_index()
        assert not CourseIndexPage.can_create_at(home_page())


@pytest.fixture
def editor() -> Client:
    """Return a signed-in administrator's browser."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser(email="red@example.test", password="red"))
    return client


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ((2, 2), "Vælg et niveau over det, kurset begynder fra."),
        ((3, 1), "Vælg et niveau over det, kurset begynder fra."),
        ((0, 2), "Det laveste niveau er 1."),
        ((2, 5), "Kompetencens skala slutter ved niveau 4."),
    ],
)
def test_a_link_that_makes_no_sense_is_refused_at_the_field(
    editor: Client, levels: tuple[int, int], message: str
) -> None:
    low, high = levels
    row = {"competence": CompetenceFactory.create().pk, "from_level": low, "to_level": high, "counts_for": "nothing"}
    url = reverse("wagtailadmin_pages:add", args=["learning", "coursepage", course_index().pk])
    form = page_form(competence_links=inline_formset([row]))
    response = editor.post(url, {**form, "action-publish": "1"})
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not CoursePage.objects.exists()


def test_a_competence_twice_is_refused_without_an_error(editor: Client) -> None:
    row = {"competence": CompetenceFactory.create().pk, "from_level": 1, "to_level": 2, "counts_for": "nothing"}
    url = reverse("wagtailadmin_pages:add", args=["learning", "coursepage", course_index().pk])
    response = editor.post(url, {**page_form(competence_links=inline_formset([row, row])), "action-publish": "1"})
    assert response.status_code == 200
    assert not CoursePage.objects.exists()


def run_form(page: CoursePage, /, **values: Any) -> dict[str, Any]:
    """Return what the browser sends for a course run."""
    given = {
        "course": page.pk,
        "starts": "2027-01-13",
        "ends": "2027-01-14",
        "place": "Kursuscentret",
        "municipality": Municipality.objects.get(code="0615").pk,
        "capacity": "24",
        "opens_at": "",
        "deadline": "2027-01-01 12:00",
        "cancel_reason": "",
    }
    return {**given, **values}


def test_an_editor_adds_changes_and_deletes_a_run(editor: Client) -> None:
    course = CoursePageFactory.make()
    assert editor.get(reverse("courserun:add"), {"course": course.pk}).status_code == 200
    response = editor.post(reverse("courserun:add"), run_form(course))
    assert response.status_code == 302, response.context["form"].errors
    made = CourseRun.objects.get()
    assert (made.starts, made.offering.capacity) == (dt.date(2027, 1, 13), 24)
    edit = reverse("courserun:edit", args=[made.pk])
    assert editor.get(edit).status_code == 200
    assert editor.post(edit, run_form(course, capacity="12")).status_code == 302
    made.offering.refresh_from_db()
    assert made.offering.capacity == 12
    assert editor.get(reverse("courserun:index"), {"q": 'Horsens "'}).status_code == 200
    text = editor.get(reverse("wagtailadmin_pages:edit", args=[course.pk])).content.decode()
    assert edit in text
    assert editor.post(reverse("courserun:delete", args=[made.pk])).status_code == 302
    assert not CourseRun.objects.exists()
    assert AuditEntry.objects.filter(action="course_run.deleted", actor__email="red@example.test").exists()


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"course": ""}, "course", "Vælg det kursus, holdet hører til."),
        ({"starts": ""}, "starts", "Skriv kursets første dag."),
        ({"ends": "2027-01-12"}, "ends", "Den sidste dag kan ikke ligge før den første."),
        ({"municipality": ""}, "municipality", "Vælg en kommune, eller sæt kryds ved, at holdet er på nettet."),
        ({"deadline": "2027-01-14 12:00"}, "deadline", "Tilmeldingsfristen skal ligge, før kurset begynder."),
        ({"capacity": "-3"}, "capacity", "Skriv mindst 1 plads, eller lad feltet stå tomt."),
        ({"cancelled": "on"}, "cancel_reason", "Skriv med én sætning, hvorfor holdet er aflyst."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(editor: Client, values: dict[str, Any], field: str, message: str) -> None:
    response = editor.post(reverse("courserun:add"), run_form(CoursePageFactory.make(), **values))
    assert response.status_code == 200
    assert message in response.context["form"].errors.get(field, [])
    assert not CourseRun.objects.exists()


def test_a_page_with_runs_is_not_deleted(editor: Client) -> None:
    made = run()
    for page in (made.course, course_index()):
        url = reverse("wagtailadmin_pages:delete", args=[page.pk])
        response = editor.post(url, {"wagtail_site_name": "Kompetenceportalen"}, follow=True)
        assert "har hold" in response.content.decode()
    assert CoursePage.objects.filter(pk=made.course_id).exists()
