"""What the search page is helped by: suggestions while somebody types, and a feed of what is found."""

import datetime as dt
import json
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search.api import FacetTerm
from search.models import IndexedDocument
from tests.search.conftest import Index
from tests.search.hostile import HOSTILE

pytestmark = [pytest.mark.django_db]

SUGGEST, FEED = "/soeg/forslag/", "/soeg/feed/"
ODENSE = FacetTerm("municipality", "461", "Odense")


def suggested(client: Client, text: str, prefix: str = "") -> list[dict[str, str]]:
    response = client.get(prefix + SUGGEST, {"q": text})
    assert response.status_code == 200
    found: list[dict[str, str]] = json.loads(response.content)["suggestions"]
    return found


def feed(client: Client, **parameters: Any) -> Any:
    response = client.get(FEED, parameters)
    assert response.status_code == 200
    ET.fromstring(response.content)  # noqa: S314 - our own feed
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo
    return parsed


# --- Suggestions ---------------------------------------------------------------------------------------------------


def test_a_beginning_gives_names_with_what_they_are(client: Client, index: Index) -> None:
    index("1", title="Ældrepleje", kind="course", kind_label="Kursus")
    index("2", title="Jura")
    assert (
        suggested(client, "ær") == suggested(client, "æld") == [{"text": "Ældrepleje", "kind": "Kursus", "url": "/1/"}]
    )
    assert suggested(client, "aeld") == suggested(client, "ÆLD") == suggested(client, "æld")
    assert suggested(client, "æ") == suggested(client, "") == []


def test_while_few_names_begin_so_those_follow_that_may_have_been_meant(client: Client, index: Index) -> None:
    index("1", title="Ærø")
    index("2", title="Ældrepleje")
    index("3", title="Vejmand")
    assert [line["text"] for line in suggested(client, "ær")] == ["Ærø", "Ældrepleje"]


def test_what_the_asker_may_not_see_is_not_suggested(client: Client, index: Index) -> None:
    index("1", title="Kanariefugl", audiences=("signed-in",))
    assert suggested(client, "kanari") == []


def test_the_answer_is_kept_by_nobody(client: Client, index: Index) -> None:
    response = client.get(SUGGEST, {"q": "jura"})
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Content-Type"] == "application/json"
    assert not client.cookies
    assert client.post(SUGGEST).status_code == 405


def test_few_are_suggested_with_few_queries(client: Client, index: Index) -> None:
    counts = []
    suggested(client, "jur")
    for size in (3, 60):
        for number in range(size):
            index(str(number), title=f"Jura {number}")
        with CaptureQueriesContext(connection) as queries:
            assert len(suggested(client, "jur")) == min(size, 8)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


@pytest.mark.every_database
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_gets_an_answer(client: Client, index: Index, text: str) -> None:
    index("1", title="Borgerservice")
    sent = text.encode("utf-8", "replace").decode()
    assert len(suggested(client, sent)) <= 8
    assert client.get(FEED, {"q": sent}).status_code == 200


# --- The feed ------------------------------------------------------------------------------------------------------


def test_the_feed_has_what_the_page_has_newest_change_first(client: Client, index: Index) -> None:
    index("1", title="Jura for nye", kind="course", summary="Om jura.", facets=(ODENSE,))
    index("2", title="Jura & ret", kind="course", note="Odense", starts_at=dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC))
    index("3", title="Jura og kaniner", kind="page")
    IndexedDocument.objects.filter(key="tests.items:1").update(updated=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    parsed = feed(client, q="jura", type="course")
    assert [entry.title for entry in parsed.entries] == ["Jura for nye", "Jura & ret"]
    assert parsed.entries[0].updated == parsed.feed.updated == "2030-01-01T00:00:00+00:00"
    assert parsed.entries[1].link == "http://testserver/2/"
    assert "1. december 2026, Odense" in parsed.entries[1].summary
    assert parsed.feed.link == "http://testserver/soeg/?q=jura&type=course"
    assert len({entry.id for entry in parsed.entries}) == 2
    assert [entry.title for entry in feed(client, q="jura", kommune="461").entries] == ["Jura for nye"]


def test_an_entry_keeps_its_name_and_the_feed_its_bytes(client: Client, index: Index) -> None:
    index("1", title="Jura", kind="course")
    first = client.get(FEED, {"q": "jura"})
    again = client.get(FEED, {"q": "jura"}, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert first["X-Robots-Tag"] == "noindex"
    known = feed(client, q="jura").entries[0].id
    index("1", title="Jura på ny", kind="course")
    assert feed(client, q="jura").entries[0].id == known


def test_a_choice_that_nothing_has_is_an_error_and_no_wider_feed(client: Client, index: Index) -> None:
    index("1", title="Jura", kind="course")
    for wrong in ({"type": "ukendt"}, {"kommune": "9999"}, {"dato": "i går"}, {"farve": "grøn"}):
        response = client.get(FEED, {"q": "jura", **wrong})
        assert response.status_code == 400, wrong
        assert b"Jura" not in response.content
    assert feed(client, q="", type="course").entries == []


def test_the_feed_is_what_everybody_may_see(client: Client, index: Index) -> None:
    from tests.factories.accounts import editor

    index("1", title="Kanarie referat", audiences=("signed-in",))
    index("2", title="Åbent referat")
    client.force_login(editor())
    assert "Kanarie" in client.get("/soeg/", {"q": "referat"}).content.decode()
    assert [entry.title for entry in feed(client, q="referat").entries] == ["Åbent referat"]


def test_the_page_leads_to_the_feed_of_a_search_for_events(client: Client, index: Index) -> None:
    index("1", title="Jura", kind="event", facets=(ODENSE,))
    html = client.get("/soeg/", {"q": "jura", "type": "event", "kommune": "461"}).content.decode()
    assert html.count("/soeg/feed/?q=jura&amp;type=event&amp;kommune=461") == 2
    assert 'rel="alternate" type="application/atom+xml"' in html
    assert FEED not in client.get("/soeg/", {"q": "jura"}).content.decode()
