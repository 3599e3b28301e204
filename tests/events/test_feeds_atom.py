"""The meetings as an Atom feed, read back by a reader of its own and by the rules of RFC 4287."""

import datetime as dt
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import feedparser
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from events.api import occurrence_cancel
from tests.factories.events import EventPageFactory, local, municipality, occurrence

pytestmark = pytest.mark.django_db
FEED = "/moeder/moeder.atom"
START = local(2027, 5, 12, 15, 30)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), tick=False):
        yield


def fetch(query: str = "", **headers: str) -> HttpResponse:
    """Return the answer to a reader."""
    response: Any = Client().get(FEED + query, headers=headers)
    return response


def root(response: HttpResponse) -> Element:
    """Return the feed, having looked at what RFC 4287 demands of it."""
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = fromstring(response.content)  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"
    for node in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1, (node.tag, name)
        assert node.find(f"{ATOM}id").text.startswith("urn:uuid:")
        assert dt.datetime.fromisoformat(node.find(f"{ATOM}updated").text).tzinfo is not None
        assert len([link for link in node.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name").text == "Kompetenceportalen"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    return feed


def test_a_reader_finds_the_meeting() -> None:
    event = EventPageFactory.make(
        title="Når samtalen bliver svær", slug="samtalen", lead="Tre greb & flere <end> du tror."
    )
    made = occurrence(START, event=event)
    root(fetch())
    read = feedparser.parse(fetch().content)
    assert not read.bozo
    assert (read.version, read.feed.title, read.feed.language) == ("atom10", "Møder", "da")
    [entry] = read.entries
    assert entry.title == "Når samtalen bliver svær"
    assert entry.id == f"urn:uuid:{made.uuid}"
    assert entry.link.endswith("/moeder/samtalen/")
    assert "onsdag 12. maj 2027 kl. 15.30–17.30. Rådhuset, Odense" in entry.summary
    assert [tag.term for tag in entry.tags] == ["Fyraftensmøde"]


def test_it_is_narrowed_as_the_list_is_and_never_widened() -> None:
    here = occurrence(START)
    occurrence(START, municipality=municipality("0851"))
    ids = [entry.id for entry in feedparser.parse(fetch("?kommune=0461").content).entries]
    assert ids == [f"urn:uuid:{here.uuid}"]
    assert fetch("?kommune=9999").status_code == 400
    assert root(fetch("?kommune=0461")).find(f"{ATOM}id").text != root(fetch()).find(f"{ATOM}id").text


def test_drafts_and_what_is_over_are_not_in_it_and_what_is_called_off_says_so() -> None:
    occurrence(START, event=EventPageFactory.make(published=False))
    occurrence(local(2026, 10, 1, 12))
    off = occurrence(START, event=EventPageFactory.make(title="Mødet"))
    occurrence_cancel(actor=None, occurrence=off, reason="Underviseren er syg.")
    [entry] = feedparser.parse(fetch().content).entries
    assert entry.title == "Aflyst: Mødet"
    assert "Underviseren er syg." in entry.summary


def test_a_change_makes_an_entry_newer_and_keeps_its_identity() -> None:
    made = occurrence(START)
    before = feedparser.parse(fetch().content).entries[0]
    with time_machine.travel(dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC), tick=False):
        occurrence_cancel(actor=None, occurrence=made, reason="Syg.")
        read = feedparser.parse(fetch().content)
    assert read.entries[0].id == before.id
    assert (before.updated, read.entries[0].updated) == ("2026-11-21T12:00:00+00:00", "2026-11-25T12:00:00+00:00")
    assert read.feed.updated == read.entries[0].updated


def test_the_same_meetings_are_the_same_bytes_and_a_second_request_gets_none() -> None:
    occurrence(START)
    first = fetch()
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        assert fetch().content == first.content
        again = fetch(**{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_empty_feed_is_a_feed() -> None:
    assert root(fetch()).findall(f"{ATOM}entry") == []
    assert fetch().content == fetch().content


def test_control_characters_cannot_break_it() -> None:
    occurrence(START, event=EventPageFactory.make(title="Møde\x0b]]> 😀", lead="a\x01b"))
    assert feedparser.parse(fetch().content).entries[0].title == "Møde]]> 😀"
    root(fetch())


def test_the_closed_link_is_not_in_it() -> None:
    occurrence(START, online=True, participants_link="https://moede.example/hemmelig")
    assert b"hemmelig" not in fetch().content
    assert b"hemmelig" not in Client().get("/moeder/kalender.ics").content


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any) -> None:
    occurrence(START)
    fetch()
    for _number in range(12):
        occurrence(START)
    with django_assert_max_num_queries(12):
        fetch()


def test_the_list_shows_the_way() -> None:
    from tests.factories.events import event_index

    event_index()
    page = Client().get("/moeder/?kommune=0461").content.decode()
    assert 'type="application/atom+xml" href="/moeder/moeder.atom?kommune=0461"' in page
    assert 'href="/nyt-om-moeder/?kommune=0461"' in page
