"""The list of meetings: filters in the address, bad values, regions that merge, calendar, map."""

import datetime as dt
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import PageViewRestriction

from events.models import Occurrence
from portal.organisations.api import Region
from tests.factories.events import EventPageFactory, event_index, local, municipality, occurrence
from tests.factories.profiles import ProfilePageFactory

pytestmark = pytest.mark.django_db

TODAY = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


def page(query: str = "", client: Client | None = None) -> str:
    """Return the list's markup as text; it always answers."""
    event_index()
    response = (client or Client()).get(f"/moeder/{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def add(title: str, start: dt.datetime, **values: Any) -> Occurrence:
    """Add a meeting with one time."""
    own = {name: values.pop(name) for name in ("kind", "profiles", "published") if name in values}
    return occurrence(start, event=EventPageFactory.make(title=title, **own), **values)


def test_upcoming_and_running_are_listed_and_the_past_is_not() -> None:
    add("Længst forbi", local(2026, 11, 20, 9))
    add("I gang nu", local(2026, 11, 21, 12), ends_at=local(2026, 11, 21, 15))
    add("Til foråret", local(2027, 4, 8, 15, 30))
    text = page()
    assert "Længst forbi" not in text
    assert "I gang nu" in text
    assert "Til foråret" in text
    assert "2 møder" in text
    assert "April 2027" in text
    assert "Torsdag 8. april 2027 kl. 15.30–17.30" in text
    assert text.index("I gang nu") < text.index("Til foråret")


def test_drafts_and_restricted_pages_are_not_listed() -> None:
    add("Kladden", local(2027, 4, 8, 15), published=False)
    hidden = add("Kun for nogle", local(2027, 4, 8, 15))
    PageViewRestriction.objects.create(page=hidden.event, restriction_type="login")
    text = page()
    assert "Kladden" not in text
    assert "Kun for nogle" not in text
    assert "0 møder" in text


def test_each_filter_narrows() -> None:
    profile = ProfilePageFactory.make(title="Borgerservice", slug="borgerservice")
    add("Det rigtige", local(2027, 4, 8, 15), kind="theme_day", profiles=[profile], municipality=municipality("0461"))
    add("Det andet", local(2027, 5, 9, 15), municipality=municipality("0851"))
    add("Skærmmødet", local(2027, 6, 9, 15), kind="webinar", online=True, municipality=None, place="")
    for query in (
        "?region=region-syddanmark",
        "?kommune=0461",
        "?profil=borgerservice",
        "?type=theme_day",
        "?fra=1-4-2027&til=30-4-2027",
        "?til=2027-04-08",
        "?online=nej&type=theme_day&type=conference",
    ):
        text = page(query)
        assert "Det rigtige" in text, query
        assert "Det andet" not in text, query
        assert "Skærmmødet" not in text, query
        assert "1 møde" in text, query
    assert "Skærmmødet" in page("?online=ja")
    assert "Det rigtige" not in page("?online=ja")


def test_dates_in_the_past_show_the_past() -> None:
    add("I fjor", local(2025, 5, 1, 15))
    assert "I fjor" not in page()
    assert "I fjor" in page("?fra=1-5-2025&til=1-5-2025")


def test_chosen_filters_can_be_taken_out_one_at_a_time() -> None:
    add("Møde i Odense", local(2027, 4, 8, 15))
    text = page("?kommune=0461&type=afterwork&type=webinar&fra=1-1-2027&utm_source=x")
    assert "Kommune: Odense" in text
    assert "Type: Fyraftensmøde" in text
    assert "Fra dato: 1. januar 2027" in text
    assert 'href="/moeder/?type=afterwork&type=webinar&fra=01-01-2027"' in text
    assert 'href="/moeder/?kommune=0461&type=webinar&fra=01-01-2027"' in text
    assert not [line for line in text.splitlines() if "utm_source" in line and "hreflang" not in line]
    assert 'href="/moeder/kalender.ics?kommune=0461&type=afterwork&type=webinar"' in text


def test_nothing_fits() -> None:
    text = page("?kommune=0492")
    assert "Ingen møder passer til dine filtre" in text
    assert "Ingen møder lige nu" in page()


@pytest.mark.every_database
def test_the_region_follows_the_date_across_the_merger() -> None:
    """Two regions become one on 1 January 2027; the same town hall is in one the day before and in the other after."""
    add("Nytårsmødet", local(2026, 12, 31, 22), municipality=municipality("0101"))
    add("Årets første", local(2027, 1, 1, 0), municipality=municipality("0101"))
    add(
        "Sjællands sidste", local(2026, 12, 31, 23, 30), ends_at=local(2027, 1, 1, 1), municipality=municipality("0259")
    )
    add("Køge i det nye år", local(2027, 2, 1, 15), municipality=municipality("0259"))
    add("Odense efter nytår", local(2027, 2, 1, 15), municipality=municipality("0461"))
    add("Hele regionen", local(2027, 3, 1, 15), region=Region.objects.get(slug="region-oestdanmark"))
    expected = {
        "region-hovedstaden": {"Nytårsmødet"},
        "region-sjaelland": {"Sjællands sidste"},
        "region-oestdanmark": {"Årets første", "Køge i det nye år", "Hele regionen"},
        "region-syddanmark": {"Odense efter nytår"},
    }
    titles = set().union(*expected.values())
    for slug, there in expected.items():
        text = page(f"?region={slug}")
        assert {title for title in titles if title in text} == there, slug
    assert "Region Hovedstaden (til og med 31. december 2026)" in text
    assert "Region Østdanmark (fra 1. januar 2027)" in text


BAD = [
    ("region=findes-ikke", "Vælg en region på listen."),
    ("kommune=9999", "Vælg en kommune på listen."),
    ("profil=<script>", "Vælg en profil på listen."),
    ("type=fest", "Vælg en type på listen."),
    ("online=maaske", "Vælg på listen."),
    ("fra=31-2-2027", "Skriv datoen med dag, måned og år, for eksempel 1-10-2027."),
    ("til=1-1-9999", "Skriv datoen med dag, måned og år, for eksempel 1-10-2027."),
    ("fra=1-1-0001", "Skriv datoen med dag, måned og år, for eksempel 1-10-2027."),
    ("fra=2-1-2027&til=1-1-2027", "Den sidste dato må ikke ligge før den første."),
    ("vis=kalender&maaned=2027-13", "Skriv måneden som år og måned, for eksempel 2027-10."),
    ("vis=kalender&maaned=9999-12", "Skriv måneden som år og måned, for eksempel 2027-10."),
    ("vis=3d", "Møderne kan vises som liste eller kalender."),
]


@pytest.mark.parametrize(("query", "message"), BAD)
def test_a_value_without_sense_gets_a_message_and_a_list(query: str, message: str) -> None:
    add("Mødet", local(2027, 1, 5, 15))
    text = page(f"?{query}")
    assert message in text
    # The month that makes no sense gives way to this one, in which nothing is held.
    assert ("Mødet" in text) == ("kalender" not in query)
    assert "<script>" not in text


class TestHostile(TestCase):
    """Whatever stands in the address, the page answers and shows no markup of the sender's."""

    @settings(max_examples=60, deadline=None)
    @given(
        name=st.sampled_from(
            ["region", "kommune", "profil", "type", "online", "fra", "til", "vis", "maaned", "side", "x"]
        ),
        value=st.text(max_size=40) | st.sampled_from(["\x00", "'; drop table", "9" * 5000, "-1", "<b>", "%", "\ud7ff"]),
    )
    def test_never_an_error(self, name: str, value: str) -> None:
        event_index()
        response = Client().get(f"/moeder/?{name}={quote(value)}")
        assert response.status_code == 200
        assert Client().get(f"/moeder/kalender.ics?{name}={quote(value)}").status_code in {200, 400}


def test_pages_of_the_list_keep_the_filters() -> None:
    event = EventPageFactory.make(title="Mange gange")
    for number in range(25):
        occurrence(local(2027, 4, 1, 15) + dt.timedelta(days=number), event=event)
    text = page("?kommune=0461")
    assert "25 møder" in text
    assert "/moeder/?kommune=0461&side=2" in text or "?kommune=0461&side=2" in text
    assert "side=1" not in text
    last = page("?kommune=0461&side=99")
    assert "Torsdag 25" not in last
    assert "Søndag 25. april 2027" in last


def test_the_calendar_shows_the_month_by_days_here() -> None:
    add("Efter midnat", dt.datetime(2027, 6, 30, 22, 30, tzinfo=dt.UTC))
    add("To dage", local(2027, 7, 5, 9), ends_at=local(2027, 7, 6, 16))
    add("Slutter ved midnat", local(2027, 7, 8, 22), ends_at=local(2027, 7, 9))
    text = page("?vis=kalender&maaned=2027-07&kommune=0461")
    assert "Juli 2027" in text
    assert text.count("Efter midnat") == 1
    assert text.count("To dage") == 2
    assert text.count("Slutter ved midnat") == 1
    assert "?kommune=0461&vis=kalender&maaned=2027-08" in text
    assert "?kommune=0461&vis=kalender&maaned=2027-06" in text
    assert "Efter midnat" not in page("?vis=kalender&maaned=2027-06")


def test_the_calendar_ends_where_the_years_end() -> None:
    assert "maaned=2101-01" not in page("?vis=kalender&maaned=2100-12")
    assert "maaned=1999-12" not in page("?vis=kalender&maaned=2000-01")


def test_the_map_counts_the_municipalities_under_the_other_filters() -> None:
    add("Odense en", local(2027, 4, 8, 15))
    add("Odense to", local(2027, 4, 9, 15), kind="webinar")
    add("Aflyst", local(2027, 4, 9, 15), cancelled=True, cancel_reason="Syg", municipality=municipality("0851"))
    text = page("?kommune=0851")
    assert "Odense: 2 møder" in text
    assert "Aalborg: " not in text
    assert "Odense: 1 møde" in page("?type=webinar&kommune=0851")


def test_cancelled_meetings_are_listed_as_cancelled() -> None:
    add("Robotter", local(2027, 4, 8, 15), cancelled=True, cancel_reason="Oplægsholderen er syg.")
    text = page()
    assert "Robotter" in text
    assert "Aflyst" in text


@pytest.mark.parametrize(
    "query", ["", "?region=region-syddanmark&type=afterwork&fra=1-1-2027", "?vis=kalender&maaned=2027-04"]
)
def test_as_many_queries_for_many_meetings_as_for_few(query: str, django_assert_max_num_queries: Any) -> None:
    def count() -> int:
        with django_assert_max_num_queries(30) as captured:
            page(query)
        return len(captured)

    add("Første", local(2027, 4, 8, 15))
    page(query)
    few = count()
    for number in range(12):
        add(f"Møde {number}", local(2027, 4, 9, 15), municipality=municipality("0851"))
    assert count() == few


def test_english_interface() -> None:
    add("Mødet", local(2027, 4, 8, 15))
    event_index()
    response = Client().get("/en/moeder/")
    assert response.status_code == 200
    text = response.content.decode()
    assert "1 meeting" in text
    assert "/en/moeder/" in text
