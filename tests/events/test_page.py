"""A meeting's page, and the lists of meetings on other pages."""

import datetime as dt
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from events.api import EventPage, occurrence_cancel
from events.models import EventCompetence, EventMaterial, EventSpeaker, ProgrammeItem, Theme
from portal.contacts.api import ContactCard
from portal.core.sections import collect
from portal.organisations.api import Party
from portal.seats.api import OfferingSpec
from tests.factories.events import EventPageFactory, event_index, local, municipality, occurrence
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, competence_index, home_page

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
START = local(2027, 5, 12, 15, 30)


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def show(event: EventPage) -> str:
    """Return the page's markup as text."""
    response = Client().get(event.get_url())
    assert response.status_code == 200
    return unescape(response.content.decode())


def full() -> EventPage:
    """Return a meeting with something in every place."""
    profile = ProfilePageFactory.make(title="Borgerservice", slug="borgerservice")
    competence_index()
    event: Any = EventPageFactory.make(
        title="Når samtalen bliver svær",
        organiser="",
        signup_url="https://arrangoer.example/tilmeld",
        profiles=[profile],
        body=[("heading", "Sådan foregår det"), ("paragraph", "<p>Vi øver.</p>")],
        contact=ContactCard.objects.create(function="Mødesekretariatet", organisation="KL", email="moeder@kl.example"),
    )
    event.programme = [ProgrammeItem(clock=dt.time(15, 30), text="Kaffe")]
    event.speakers = [EventSpeaker(function="Teamleder, borgerservice", about="hverdagen")]
    event.materials = [EventMaterial(title="Læs dette", url="https://laes.example/")]
    event.related_competences = [EventCompetence(competence=CompetenceFactory.create(name="Ro i svære samtaler"))]
    event.parties = [Party.objects.get(key="hk"), Party.objects.get(key="kl")]
    event.themes = [Theme.objects.create(name="Samtalen")]
    event.save_revision().publish()
    return EventPage.objects.get(pk=event.pk)


def test_everything_that_is_written_is_shown() -> None:
    event = full()
    seats = OfferingSpec(capacity=40, deadline=local(2027, 5, 1, 12))
    made = occurrence(START, event=event, address="Eksempelvej 15", access_notes="Elevator\n\nTeleslynge", seats=seats)
    text = show(event)
    for words in (
        "Fyraftensmøde",
        "Onsdag 12. maj 2027 kl. 15.30–17.30",
        "2 timer",
        "40 pladser",
        "1. maj 2027 kl. 12.00",
        "Eksempelvej 15",
        "<li>Elevator</li>",
        "<li>Teleslynge</li>",
        "Sådan foregår det",
        "kl. 15.30",
        "Kaffe",
        "Teamleder, borgerservice: hverdagen",
        "https://laes.example/",
        "Ro i svære samtaler",
        'href="/profiler/borgerservice/"',
        "Samtalen",
        "HK Kommunal, KL",
        "Mødesekretariatet",
        'href="mailto:moeder@kl.example"',
        'href="https://arrangoer.example/tilmeld"',
        f'href="/moeder/tid/{made.uuid}.ics"',
    ):
        assert words in text, words
    assert "Få pladser" not in text
    assert text.index("Tilmeldingsfrist") < text.index("Program")


def test_a_cancelled_meeting_says_why_and_takes_no_sign_up() -> None:
    event = full()
    occurrence_cancel(actor=None, occurrence=occurrence(START, event=event), reason="Lokalet er lukket.")
    text = show(event)
    assert "Mødet er aflyst" in text
    assert "Lokalet er lukket." in text
    assert "arrangoer.example" not in text


@pytest.mark.parametrize(
    ("now", "signs_up", "says"),
    [
        (local(2027, 3, 1), False, "Tilmeldingen åbner"),
        (local(2027, 4, 2), True, "Tilmeldingsfrist"),
        (local(2027, 5, 1, 12), False, "Tilmeldingsfristen er overskredet"),
        (local(2027, 5, 12, 16), False, "I gang nu"),
        (local(2027, 5, 12, 17, 30), False, "Mødet er afholdt"),
    ],
)
def test_sign_up_is_offered_while_it_is_open(now: dt.datetime, signs_up: bool, says: str) -> None:
    event = full()
    seats = OfferingSpec(opens_at=local(2027, 4, 1), deadline=local(2027, 5, 1, 12))
    occurrence(START, event=event, seats=seats)
    with time_machine.travel(now, tick=False):
        text = show(event)
    assert ("arrangoer.example" in text) == signs_up
    assert says in text


def test_a_meeting_held_twice_shows_both_and_the_box_is_about_the_next() -> None:
    event = EventPageFactory.make()
    first = occurrence(START, event=event)
    occurrence(local(2027, 6, 2, 9), event=event)
    with time_machine.travel(first.ends_at, tick=False):
        text = show(event)
    assert "Alle datoer" in text
    assert "Onsdag 12. maj 2027" in text
    assert "Afholdt" in text
    assert f"/moeder/kalender/{event.translation_key}.ics" in text
    head = text[: text.index("Alle datoer")]
    assert "Onsdag 2. juni 2027" in head


def test_a_meeting_without_a_time_says_so() -> None:
    assert "Tidspunktet er ikke fastlagt endnu." in show(EventPageFactory.make())


def test_an_alias_shows_the_times_of_its_original() -> None:
    event = full()
    type(event).objects.filter(pk=event.pk).update(key="samtalen")
    occurrence(START, event=event)
    alias = EventPage.objects.get(pk=event.pk).create_alias(update_slug="igen")
    assert alias.key == ""
    assert "Onsdag 12. maj 2027" in show(alias)


def test_a_copy_does_not_take_over_the_key_or_the_times() -> None:
    event = EventPageFactory.make(key="original")
    occurrence(START, event=event)
    copied = event.copy(update_attrs={"slug": "kopi"})
    assert (copied.key, copied.occurrences.count()) == ("", 0)
    copied.get_latest_revision().publish()
    assert set(EventPage.objects.values_list("key", flat=True)) == {"original", ""}


def test_sections_name_the_next_meetings_of_profile_home_and_municipality(rf: Any) -> None:
    profile = ProfilePageFactory.make(slug="borgerservice")
    index = event_index()
    mine = EventPageFactory.make(title="Mit møde", profiles=[profile])
    occurrence(START, event=mine)
    occurrence(START, event=EventPageFactory.make(title="Et andet"), municipality=municipality("0851"))
    occurrence(START, event=EventPageFactory.make(title="Aflyst møde"), cancelled=True, cancel_reason="Syg")
    occurrence(local(2026, 11, 1, 9), event=EventPageFactory.make(title="Forbi", profiles=[profile]))
    request = rf.get("/")

    def titles(place: str, obj: Any) -> tuple[list[str], str]:
        [section] = [s for s in collect(place, request, obj) if s.anchor == "moeder"]
        return [row.title for row in section.context["rows"]], section.context["list_url"]

    assert titles("profiles.profile", profile) == (["Fyraftensmøde: Mit møde"], f"{index.url}?profil=borgerservice")
    assert titles("pages.home", home_page())[0] == ["Fyraftensmøde: Mit møde", "Fyraftensmøde: Et andet"]
    assert titles("desk.municipality", municipality("0851")) == (
        ["Fyraftensmøde: Et andet"],
        f"{index.url}?kommune=0851",
    )
    assert not [s for s in collect("desk.municipality", request, municipality("0101")) if s.anchor == "moeder"]


def test_the_section_is_drawn_on_the_profile_and_the_home_page() -> None:
    profile = ProfilePageFactory.make(slug="borgerservice")
    occurrence(START, event=EventPageFactory.make(title="Mit møde", profiles=[profile]))
    for url in (profile.get_url(), "/"):
        text = unescape(Client().get(url).content.decode())
        assert "Fyraftensmøde: Mit møde" in text, url
        assert 'id="moeder"' in text, url


def test_as_many_queries_for_a_long_page_as_for_a_short_one(django_assert_max_num_queries: Any) -> None:
    def count(event: EventPage) -> int:
        show(event)
        with django_assert_max_num_queries(30) as captured:
            show(event)
        return len(captured)

    event = full()
    occurrence(START, event=event)
    few = count(event)
    for number in range(8):
        occurrence(START + dt.timedelta(days=number), event=event)
        event.programme.add(ProgrammeItem(text=f"Punkt {number}"))
        event.speakers.add(EventSpeaker(function=f"Funktion {number}"))
        event.related_competences.add(EventCompetence(competence=CompetenceFactory.create()))
        event.materials.add(EventMaterial(title=f"Materiale {number}", url="https://laes.example/"))
    event.save_revision().publish()
    assert count(EventPage.objects.get(pk=event.pk)) == few
