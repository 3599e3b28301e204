"""Editors: page types in their places, meeting times in the menu, messages at the field."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from events.api import EventIndexPage, EventPage, Occurrence
from events.models import EventProfile
from portal.core.models import AuditEntry, OutboxMessage
from portal.pages.api import HomePage
from tests.factories.events import EventPageFactory, event_index, local, municipality, occurrence
from tests.factories.profiles import ProfilePageFactory, home_page

pytestmark = pytest.mark.django_db


def page_form(page: Any = None, **values: Any) -> dict[str, Any]:
    """Return what the browser sends for a meeting's page."""
    relations = ["programme", "speakers", "materials", "related_profiles", "related_competences"]
    given = {
        "title": "Mødet",
        "slug": "moedet",
        "kind": "afterwork",
        "lead": "",
        "organiser": "",
        "contact": "",
        "signup_url": "",
        "signup_email": "",
        "body": streamfield([]),
        "comments": inline_formset([]),
        **{name: inline_formset([]) for name in relations},
    }
    return nested_form_data({**given, **values})


class TestPageTypes(WagtailPageTestCase):
    """Wagtail's own assertions for the two page types."""

    def setUp(self) -> None:
        self.user = get_user_model().objects.create_superuser(email="red@example.test", password="red")
        self.client.force_login(self.user)

    def test_where_they_may_stand(self) -> None:
        self.assertAllowedParentPageTypes(EventIndexPage, {HomePage})
        self.assertAllowedSubpageTypes(EventIndexPage, {EventPage})
        self.assertAllowedParentPageTypes(EventPage, {EventIndexPage})
        self.assertAllowedSubpageTypes(EventPage, set())

    def test_they_are_shown_edited_and_previewed(self) -> None:
        index, event = event_index(), EventPageFactory.make()
        occurrence(event=event)
        for page in (index, event):
            self.assertPageIsRoutable(page)
            self.assertPageIsRenderable(page)
        self.assertPageIsEditable(event, post_data={**page_form(), "action-publish": "1"})
        self.assertPageIsPreviewable(event, post_data=page_form())
        listed = nested_form_data({"title": "Møder", "slug": "moeder", "lead": "", "comments": inline_formset([])})
        self.assertPageIsEditable(index, post_data=listed)
        self.assertPageIsPreviewable(index, post_data=listed)

    def test_an_editor_makes_one(self) -> None:
        self.assertCanCreate(event_index(), EventPage, page_form())

    def test_there_is_one_list(self) -> None:
        event_index()
        assert not EventIndexPage.can_create_at(home_page())


@pytest.fixture
def editor() -> Client:
    """Return a signed-in administrator's browser."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser(email="red@example.test", password="red"))
    return client


def time_form(page: EventPage, /, **values: Any) -> dict[str, Any]:
    """Return what the browser sends for a meeting time."""
    given = {
        "event": page.pk,
        "starts_at": "2027-05-12 15:30",
        "ends_at": "2027-05-12 17:30",
        "place": "Rådhuset",
        "address": "",
        "access_notes": "",
        "link": "",
        "municipality": municipality().pk,
        "region": "",
        "capacity": "40",
        "opens_at": "",
        "deadline": "",
        "policy": "first_come",
        "seats_until": "",
        "offer_hours": "",
        "names_by": "",
        "participants_link": "",
        "remind_days": "2",
        "keep_days": "180",
        "cancel_reason": "",
    }
    return {**given, **values}


def test_an_editor_adds_changes_and_deletes_a_time(editor: Client) -> None:
    event = EventPageFactory.make()
    assert editor.get(reverse("occurrence:add"), {"event": event.pk}).status_code == 200
    response = editor.post(reverse("occurrence:add"), time_form(event))
    assert response.status_code == 302, response.context["form"].errors
    made = Occurrence.objects.get()
    assert (made.starts_at, made.offering.capacity, made.sequence) == (local(2027, 5, 12, 15, 30), 40, 0)
    edit = reverse("occurrence:edit", args=[made.pk])
    assert b"2027-05-12 15:30" in editor.get(edit).content
    assert editor.post(edit, time_form(event, capacity="12", starts_at="2027-05-12 15:00")).status_code == 302
    made.refresh_from_db()
    assert (made.offering.capacity, made.sequence) == (12, 1)
    entry = AuditEntry.objects.get(action="occurrence.changed")
    assert entry.actor is not None
    assert entry.actor.email == "red@example.test"
    assert OutboxMessage.objects.filter(topic="search.index", payload__pk=str(event.pk)).exists()
    assert editor.get(reverse("occurrence:history", args=[made.pk])).status_code == 200
    assert editor.post(reverse("occurrence:delete", args=[made.pk])).status_code == 302
    assert not Occurrence.objects.exists()
    assert AuditEntry.objects.filter(action="occurrence.deleted").exists()


def test_a_copied_time_is_a_time_of_its_own(editor: Client) -> None:
    made = occurrence()
    copy = reverse("occurrence:copy", args=[made.pk])
    assert b'value="40"' in editor.get(copy).content
    assert editor.post(copy, time_form(made.event)).status_code == 302
    assert Occurrence.objects.count() == 2
    assert len({(o.uuid, o.offering_id) for o in Occurrence.objects.all()}) == 2


WRONG = [
    ({"event": ""}, "event", "Vælg det møde, tiden hører til."),
    ({"starts_at": ""}, "starts_at", "Skriv, hvornår mødet begynder: dato og klokkeslæt."),
    ({"ends_at": "2027-05-12 15:30"}, "ends_at", "Mødet skal slutte, efter at det er begyndt."),
    ({"starts_at": "2027-03-28 02:30"}, "starts_at", "Uret stilles frem"),
    ({"ends_at": "2027-10-31 02:30"}, "ends_at", "Uret stilles tilbage"),
    ({"deadline": "2027-03-28 02:30"}, "deadline", "Uret stilles frem"),
    (
        {"municipality": ""},
        "municipality",
        "Vælg en kommune eller en region, eller sæt kryds ved, at mødet er på nettet.",
    ),
    ({"capacity": "0"}, "capacity", "Skriv mindst 1 plads, eller lad feltet stå tomt."),
    ({"capacity": "mange"}, "capacity", "Skriv antallet af pladser med tal, for eksempel 40."),
    ({"deadline": "2027-05-12 16:00"}, "deadline", "Tilmeldingsfristen skal ligge, før mødet begynder."),
    (
        {"opens_at": "2027-05-02 12:00", "deadline": "2027-05-01 12:00"},
        "deadline",
        "Tilmeldingsfristen skal ligge efter det tidspunkt, hvor tilmeldingen åbner.",
    ),
    ({"cancelled": "on"}, "cancel_reason", "Skriv med én sætning, hvorfor mødet er aflyst."),
    ({"cancel_reason": "Syg"}, "cancel_reason", "Sæt kryds ved, at mødet er aflyst, eller fjern grunden."),
]


@pytest.mark.parametrize(("values", "field", "message"), WRONG)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    editor: Client, values: dict[str, Any], field: str, message: str
) -> None:
    response = editor.post(reverse("occurrence:add"), time_form(EventPageFactory.make(), **values))
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert field in errors
    assert message in " ".join(errors[field])
    assert "Rådhuset" in response.content.decode()
    assert not Occurrence.objects.exists()


def test_two_ways_to_sign_up_are_refused_at_the_field(editor: Client) -> None:
    event_index()
    url = reverse("wagtailadmin_pages:add", args=["events", "eventpage", event_index().pk])
    both = page_form(signup_url="https://a.example/", signup_email="a@a.example")
    response = editor.post(url, {**both, "action-publish": "1"})
    assert "Skriv en adresse eller en mail til tilmelding, ikke begge." in response.content.decode()
    assert not EventPage.objects.exists()


def test_a_related_profile_twice_is_refused_without_an_error(editor: Client) -> None:
    profile = ProfilePageFactory.make()
    url = reverse("wagtailadmin_pages:add", args=["events", "eventpage", event_index().pk])
    twice = page_form(related_profiles=inline_formset([{"profile": profile.pk}, {"profile": profile.pk}]))
    assert editor.post(url, {**twice, "action-publish": "1"}).status_code == 200
    assert not EventPage.objects.exists()
    assert not EventProfile.objects.exists()


def test_the_page_editor_lists_the_times_and_the_way_to_add_one(editor: Client) -> None:
    made = occurrence(local(2027, 5, 12, 15, 30))
    text = editor.get(reverse("wagtailadmin_pages:edit", args=[made.event_id])).content.decode()
    assert reverse("occurrence:edit", args=[made.pk]) in text
    assert f"{reverse('occurrence:add')}?event={made.event_id}" in text
    new = reverse("wagtailadmin_pages:add", args=["events", "eventpage", event_index().pk])
    assert editor.get(new).status_code == 200


def test_a_page_with_times_is_not_deleted_from_its_own_or_from_the_list_page(editor: Client) -> None:
    made = occurrence()
    for page in (made.event, event_index()):
        url = reverse("wagtailadmin_pages:delete", args=[page.pk])
        response = editor.post(url, {"wagtail_site_name": "Kompetenceportalen"}, follow=True)
        assert "har mødetider" in response.content.decode()
    assert EventPage.objects.filter(pk=made.event_id).exists()


ODD = ["?q=%22%27%00", "?municipality=x", "?region=9999", "?online=maaske", "?ordering=-starts_at"]


@pytest.mark.parametrize("query", ["", *ODD])
def test_the_list_of_times_answers_whatever_is_asked(editor: Client, query: str) -> None:
    made = occurrence(dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC))
    response = editor.get(f"{reverse('occurrence:index')}{query}")
    assert response.status_code == 200
    if not query:
        text = response.content.decode()
        assert made.event.title in text
        assert "1. januar 2027 kl. 13.00" in text
        assert "Hvor" in text


def test_the_list_of_times_reads_as_often_for_many_as_for_few(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    def count() -> int:
        with django_assert_max_num_queries(40) as captured:
            editor.get(reverse("occurrence:index"))
        return len(captured)

    occurrence()
    editor.get(reverse("occurrence:index"))
    few = count()
    for _ in range(6):
        occurrence()
    assert count() == few


def test_an_address_cannot_choose_a_meeting_that_is_no_number(editor: Client) -> None:
    for value in ("x", "9" * 40, "1 or 1", "²"):
        assert editor.get(reverse("occurrence:add"), {"event": value}).status_code == 200
