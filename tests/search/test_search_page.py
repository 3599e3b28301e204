"""The search page, through HTTP: states, filters, pages, languages, and whatever somebody puts into its address."""

import datetime as dt
import re
from html import unescape
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from portal.core.principal import Principal
from search import kept
from search.api import FacetTerm, SearchQuery, search
from search.models import IndexedLabel, Promotion
from search.services import index_now
from search.sources import source_of
from tests.search.conftest import Index
from tests.search.hostile import HOSTILE

pytestmark = [pytest.mark.django_db]

ADDRESS = "/soeg/"
MANY_FACETS = tuple(FacetTerm("municipality", str(400 + number), f"Kommune {number}") for number in range(98))


def in_english(client: Client, **parameters: Any) -> str:
    return unescape(client.get("/en" + ADDRESS, parameters).content.decode())


def page(client: Client, **parameters: Any) -> str:
    response = client.get(ADDRESS, parameters)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_nothing_asked_shows_the_box_and_ways_on(client: Client) -> None:
    text = page(client)
    assert 'name="q"' in text
    assert "empty-state" in text
    assert "results" not in text.lower()


def test_a_result_shows_what_it_is_and_marks_what_was_found(client: Client, index: Index) -> None:
    index(
        "1",
        title="Specialist i borgerkontakt",
        kind="course",
        kind_label="Kursus",
        note="Odense",
        summary="For jer i <b>borgerkontakten</b> & dem.",
    )
    response = client.get(ADDRESS, {"q": "borgerkontakt"})
    html = response.content.decode()
    assert '<a href="/1/">Specialist i borgerkontakt</a>' in html
    assert "&lt;b&gt;<mark>borgerkontakten</mark>&lt;/b&gt; &amp; dem." in html
    assert "Kursus · Odense" in html
    assert 'value="borgerkontakt"' in html
    assert "Courses (1)" in html
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in html


def test_nothing_found_says_for_what_and_gives_ways_on(client: Client, index: Index) -> None:
    index("1", title="Noget andet")
    text = page(client, q="borgerkontagt")
    assert '"borgerkontagt"' in text
    assert "empty-state" in text
    assert "Noget andet" not in text


def test_the_address_keeps_the_state(client: Client, index: Index) -> None:
    for number in range(25):
        index(f"{number}", title="Jura", kind="course")
    index("p", title="Jura", kind="profile")
    html = page(client, q="jura", type="course", side="2")
    assert re.search(r'value="course"[^>]* checked|checked[^>]* value="course"', html)
    assert "Profiles (1)" in html
    assert "?q=jura&type=course&side=1" in html
    assert html.count('class="hit"') == 5
    assert page(client, q="jura", type="page").count('class="hit"') == 0


def test_english_interface_links_to_english_addresses_and_marks_danish_content(client: Client, index: Index) -> None:
    index("1", title="Jura", url="/kurser/jura/")
    index("2", title="Jura", url="/dokumenter/7/jura.pdf")
    html = client.get("/en" + ADDRESS, {"q": "jura"}).content.decode()
    assert 'href="/en/kurser/jura/"' in html
    assert 'href="/dokumenter/7/jura.pdf"' in html
    assert 'lang="da"' in html
    assert "2 results" in html


@pytest.mark.every_database
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_gives_a_normal_page(client: Client, index: Index, text: str) -> None:
    index("1", title="Borgerservice")
    sent = text.encode("utf-8", "replace").decode()
    for parameter in ("q", "type", "side", "ukendt"):
        html = page(client, **{"q": "borger", parameter: sent})
        assert "</html>" in html
        assert "<script>alert" not in client.get(ADDRESS, {parameter: sent}).content.decode()


@pytest.mark.every_database
@pytest.mark.parametrize(
    "query",
    [
        "q=%ED%A0%80borger",
        "q=%FF%FE",
        "q=%00",
        "q=borger&q=service",
        "q[]=borger",
        "%00=1",
        "q=%",
        "q=%u0041",
        "type=unknown&q=borger",
        "type=course&type=course&q=borger",
        "&".join(["type=x"] * 500),
        "q=borger&side=-1",
        "q=borger&side=99999999999",
        "q=borger&side=abc",
        "q=borger&side=",
        "q=borger&side=1e9",
        "q=borger&side=%D9%A1",
        "q=borger&side=" + "9" * 5000,
        "q=" + quote("å" * 2000),
    ],
)
def test_a_hostile_address_gives_a_normal_page(client: Client, index: Index, query: str) -> None:
    index("1", title="Borgerservice")
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    if "q=borger&side" in query or "unknown" in query:
        assert "Borgerservice" in response.content.decode()


def test_only_reading_is_answered(client: Client) -> None:
    assert client.head(ADDRESS).status_code == 200
    assert client.post(ADDRESS, {"q": "x"}).status_code == 405


def test_the_page_shows_each_asker_her_own(client: Client, index: Index) -> None:
    index("1", title="Åbent referat")
    index("2", title="Kanarie referat", kind="course", audiences=("signed-in",))
    assert "Kanarie" not in page(client, q="referat")
    assert "Courses" not in page(client, q="referat")
    assert search(SearchQuery(text="referat", principal=Principal(user_uuid=uuid4()))).total == 2


def test_the_number_of_queries_is_bounded(client: Client, index: Index) -> None:
    """More when little is found: then what is similar is asked for as well, and a better spelling of the words."""
    addresses: dict[str, dict[str, Any]] = {
        "much": {"q": "jura"},
        "narrowed": {"q": "jura", "type": "course", "kommune": ["461", "0"], "dato": "coming", "sektor": "ukendt"},
        "nothing": {"q": "borgerkontagt"},
    }
    most = {"much": 11, "narrowed": 15, "nothing": 14}
    page(client, q="jura")
    counts: dict[str, list[int]] = {name: [] for name in addresses}
    for size in (25, 60):
        for number in range(size):
            index(str(number), title="Kursus i jura", body="jura " * 50, facets=MANY_FACETS)
        for name, parameters in addresses.items():
            with CaptureQueriesContext(connection) as queries:
                page(client, **parameters)
            counts[name].append(len(queries))
    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1] or pair[0] > most[name]} == {}


def test_a_visitor_gets_no_cookie(client: Client, index: Index) -> None:
    client.get(ADDRESS, {"q": "jura"})
    assert not client.cookies


# --- Promoted ------------------------------------------------------------------------------------------------------


@pytest.fixture
def promoted(page_source: None) -> str:
    """Let editors put a page first for "zebra", which it alone is about."""
    parent = Page.objects.get(depth=1)
    made = parent.add_child(instance=Page(title="Fraværsregler zebra", slug="fravaersregler"))
    index_page(made)
    Promotion.objects.create(queries="zebra\nnoget ganske andet", page=made)
    kept.forget()
    return made.title


def index_page(page_: Page) -> None:
    source = source_of(Page)
    assert source is not None
    index_now(source, page_.pk)


@pytest.mark.parametrize("text", ["zebra", "noget ganske andet"])
def test_what_is_promoted_alone_is_an_answer(client: Client, promoted: str, text: str) -> None:
    html = in_english(client, q=text)
    assert html.count('class="hit"') == 1
    assert promoted in html
    assert "empty-state" not in html
    assert "0 results" not in html
    assert "No results" not in html


def test_who_listens_hears_once_that_it_is_recommended(client: Client, promoted: str) -> None:
    main = in_english(client, q="zebra").split("<main", 1)[1]
    heard = re.sub(r'<(\w+)[^>]* aria-hidden="true"[^>]*>.*?</\1>', "", main)
    assert heard.count("Recommended") == 1
    assert '<span class="badge strong"' in main


# --- Filters -------------------------------------------------------------------------------------------------------


def test_long_filters_fold_and_what_is_chosen_is_seen(client: Client, index: Index) -> None:
    index("1", title="Jura", facets=MANY_FACETS)
    html = page(client, q="jura", kommune="497")
    filters = html.split('class="filter-panel"', 1)[1].split("</form>")[0]
    before, folded = filters.split('<details class="more">')
    assert before.count('name="kommune"') == 8
    assert folded.count('name="kommune"') == 90
    assert re.search(r'value="497"[^>]* checked', before)
    assert "checked" not in folded


def test_each_chosen_value_can_be_let_go_of_alone(client: Client, index: Index) -> None:
    facets = (FacetTerm("municipality", "461", "Odense"), FacetTerm("region", "syd", "Region Syddanmark"))
    index("1", title="Jura", kind="course", facets=facets)
    html = page(client, q="jura", type="course", kommune="461", region="syd", side="7")
    chosen = html.split('class="plain chosen"', 1)[1].split("</ul>")[0]
    assert re.findall(r'href="([^"]+)"', chosen) == [
        "/soeg/?q=jura&region=syd&kommune=461",
        "/soeg/?q=jura&type=course&kommune=461",
        "/soeg/?q=jura&type=course&region=syd",
    ]
    assert "Odense" in chosen


def test_a_chosen_value_without_hits_is_still_there(client: Client, index: Index) -> None:
    index("1", title="Jura", facets=(FacetTerm("municipality", "461", "Odense"),))
    index("2", title="Regnskab", facets=(FacetTerm("municipality", "101", "København"),))
    html = page(client, q="jura", kommune="101")
    assert html.count("København") == 2
    assert "København (0)" in html
    assert 'class="hit"' not in html
    assert "empty-state" in html


def test_unknown_filters_are_left_aside_with_a_note(client: Client, index: Index) -> None:
    index("1", title="Jura", kind="course")
    html = page(client, q="jura", farve="<b>grøn", kommune="9999", utm_source="x", dato="ukendt")
    assert html.count('class="hit"') == 1
    note = re.search(r'<p class="hint">([^<]*farve[^<]*)</p>', html)
    assert note
    main = html.split("<main", 1)[1]
    assert "utm_source" not in main
    assert "9999" not in main
    assert 'class="hint">' in page(client, q="jura", type="ukendt")
    assert "<b>grøn" not in client.get(ADDRESS, {"q": "jura", "<b>grøn": "1"}).content.decode()


def test_a_value_that_nobody_has_is_not_an_unknown_filter(client: Client, index: Index) -> None:
    index("1", title="Jura", facets=(FacetTerm("municipality", "101", "København"),))
    index("2", title="Jura", audiences=("signed-in",), facets=(FacetTerm("municipality", "777", "Kanarieøerne"),))
    notes: dict[str, str] = {}
    for number in ("999", "777"):
        html = in_english(client, q="jura", kommune=["101", number])
        (notes[number],) = re.findall(r'<p class="hint">([^<]*aside[^<]*)</p>', html)
        assert "København" in html
    assert "Municipality" in notes["999"]
    assert "know this filter" not in notes["999"], "the filter is known, the value is not"
    assert notes["777"] == notes["999"], "one that only a hidden page has is told in the same words"
    both = in_english(client, q="jura", kommune="999", farve="1")
    assert "know this filter and left it aside: farve" in both


def test_the_name_of_a_chosen_value_is_read_from_what_the_asker_may_see(client: Client, index: Index) -> None:
    index("1", title="Byggesag", facets=(FacetTerm("provider", "kl", "KL"),))
    for key in ("0", "2"):
        hidden = FacetTerm("provider", "kl", f"{key * 3}Kanarie")
        index(key, title="Andet", audiences=("signed-in",), facets=(hidden,))
    html = page(client, q="findesikke", udbyder="kl")
    assert "KL (0)" in html
    assert "Kanarie" not in html


def test_filters_are_not_blamed_when_none_is_chosen(client: Client, index: Index) -> None:
    """What was counted may be gone when it is to be shown: the index is being written anew."""
    index("1", title="Jura", kind="course")
    IndexedLabel.objects.all().delete()
    html = in_english(client, q="jura")
    assert 'class="hit"' not in html
    assert "you have chosen" not in html
    assert 'No results for "jura"' in html
    assert "you have chosen" in in_english(client, q="jura", type="course")


def test_date_is_a_filter(client: Client, index: Index) -> None:
    with time_machine.travel("2026-11-18 12:00+01:00", tick=False):
        index("1", title="Jura nu", starts_at=dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC))
        index("2", title="Jura før", starts_at=dt.datetime(2026, 11, 2, 15, tzinfo=dt.UTC))
        index("3", title="Jura altid")
        html = page(client, q="jura", dato="over")
        assert "Jura før" in html
        assert "Jura nu" not in html
        assert 'href="/1/"' in page(client, q="jura", dato="week")


def test_the_last_page_answers_for_those_beyond(client: Client, index: Index) -> None:
    for number in range(45):
        index(f"{number}", title="Jura")
    html = page(client, q="jura", side="10000")
    assert html.count('class="hit"') == 5
    assert "side=2" in html
    assert "side=4" not in html


def test_a_slip_is_met_with_a_better_word_and_what_is_similar(client: Client, index: Index) -> None:
    index("1", title="Borgerservice", kind="profile")
    html = page(client, q="borgerservise")
    assert 'href="/soeg/?q=borgerservice"' in html
    assert 'id="near"' in html
    assert 'href="/1/"' in html.split('id="near"')[1]
    assert 'id="near"' not in page(client, q="xyzzyx")


def test_what_is_private_is_in_no_filter_or_similar_result(client: Client, index: Index) -> None:
    hidden = FacetTerm("municipality", "777", "Kanarieøerne")
    index("1", title="Borgerservice Kanarie", audiences=("signed-in",), facets=(hidden,))
    index("2", title="Borgerservice")
    for parameters in ({"q": "borgerservice"}, {"q": "borgerservise"}, {"q": "borgerservice", "kommune": "777"}):
        main = page(client, **parameters).split("<main", 1)[1]
        assert "Kanarie" not in main
        assert "777" not in main


@pytest.mark.parametrize("text", ['"([*:*', ""])
def test_a_text_without_words_is_narrowed_by_nothing(client: Client, index: Index, text: str) -> None:
    index("1", title="Jura")
    shown = page(client, q=text, type="findesikke", kommune="999").partition("<main")[2].partition("</main>")[0]
    assert "findesikke" not in shown
    assert "999" not in shown
