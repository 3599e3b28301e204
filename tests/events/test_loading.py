"""Meetings from outside: found again by key, never twice, an editor's change left alone."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from events.api import EventPage, EventSpec, Occurrence, ProgrammeSpec, SpeakerSpec, Theme, TimeSpec, load_event
from portal.core.models import AuditEntry, OutboxMessage
from portal.organisations.api import Party
from search.api import SearchQuery, search
from search.services import deliver_index
from tests.factories.events import event_index, local, spec
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory

pytestmark = pytest.mark.django_db


def meeting(**values: Any) -> EventSpec:
    """Return a meeting with something in every place."""
    given: dict[str, Any] = {
        "key": "samtalen",
        "title": "Når samtalen bliver svær",
        "kind": "theme_day",
        "lead": "Tre greb.",
        "body": (("paragraph", "<p>Vi øver os på kludetæpper.</p>"),),
        "parties": (Party.objects.get(key="hk"),),
        "themes": ("Samtalen", "Arbejdsmiljø"),
        "profiles": (ProfilePageFactory.make(),),
        "competences": (CompetenceFactory.create(),),
        "programme": (ProgrammeSpec(text="Kaffe", clock=dt.time(15, 30)), ProgrammeSpec(text="Øvelser")),
        "speakers": (SpeakerSpec(function="Underviser"),),
        "times": (TimeSpec(key="1", occurrence=spec(local(2027, 5, 12, 15, 30))),),
    }
    return EventSpec(**{**given, **values})


def test_loading_again_changes_nothing() -> None:
    parent, wanted = event_index(), meeting()
    page = load_event(actor=None, parent=parent, spec=wanted)
    assert page.live
    assert page.get_url() == "/moeder/samtalen/"
    assert [item.text for item in page.programme.all()] == ["Kaffe", "Øvelser"]
    assert {theme.name for theme in page.themes.all()} == {"Samtalen", "Arbejdsmiljø"}
    assert [party.key for party in page.parties.all()] == ["hk"]
    counts = [model.objects.count() for model in (EventPage, Occurrence, Theme, AuditEntry)]
    uuid = Occurrence.objects.get().uuid
    assert load_event(actor=None, parent=parent, spec=wanted).pk == page.pk
    assert [model.objects.count() for model in (EventPage, Occurrence, Theme, AuditEntry)] == counts
    assert Occurrence.objects.get().uuid == uuid


def test_an_editors_change_stands_and_a_new_time_is_added() -> None:
    parent, wanted = event_index(), meeting()
    page = load_event(actor=None, parent=parent, spec=wanted)
    page.title = "Et bedre navn"
    page.save_revision().publish()
    more = replace(wanted, times=(*wanted.times, TimeSpec(key="2", occurrence=spec(local(2027, 6, 12, 15, 30)))))
    page = load_event(actor=None, parent=parent, spec=more)
    assert page.title == "Et bedre navn"
    assert page.occurrences.count() == 2


def test_a_broken_time_leaves_no_page_behind() -> None:
    wrong = TimeSpec(key="1", occurrence=replace(spec(local(2027, 5, 12, 15)), municipality=None))
    with pytest.raises(ValidationError):
        load_event(actor=None, parent=event_index(), spec=meeting(times=(wrong,)))
    assert not EventPage.objects.exists()


def test_search_finds_the_meeting_by_its_text_and_its_place() -> None:
    page = load_event(actor=None, parent=event_index(), spec=meeting())
    for message in OutboxMessage.objects.filter(topic="search.index", payload__source="events.event"):
        deliver_index(message)
    for text in ("kludetæpper", "Odense", "Samtalen"):
        hits = search(SearchQuery(text=text, kinds=("event",))).hits
        assert [hit.url for hit in hits] == [page.get_url()], text
    [hit] = search(SearchQuery(text="kludetæpper")).hits
    assert str(hit.kind_label) == "Temadag"
    assert not search(SearchQuery(text="kludetæpper", kinds=("course",))).hits
