"""Finding meetings: the nearest first by a municipality that the reader chooses, and by theme."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from events.models import Occurrence, Theme
from events.selectors import nearness
from portal.core.figures.tile_map import spots
from portal.organisations.api import Region
from tests.factories.events import EventPageFactory, event_index, local, municipality, occurrence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(local(2027, 3, 1, 12), tick=False)


def page(query: str = "") -> str:
    event_index()
    response = Client().get(f"/moeder/{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def add(title: str, code: str = "", day: int = 10, **values: Any) -> Occurrence:
    place = {"municipality": municipality(code)} if code else {}
    return occurrence(local(2027, 4, day, 15, 30), event=EventPageFactory.make(title=title), **place, **values)


def order(text: str, *titles: str) -> list[str]:
    return sorted(titles, key=lambda title: text.index(f": {title}"))


def test_the_nearest_come_first_and_those_of_one_distance_by_date() -> None:
    add("Odense sent", "0461", 25)
    add("Odense tidligt", "0461", 20)
    add("Nyborg", "0450", 15)
    add("Aalborg", "0851", 2)
    add("Net", online=True, municipality=None, day=3)
    text = page("?naer=0461")
    assert order(text, "Aalborg", "Net", "Nyborg", "Odense sent", "Odense tidligt") == [
        "Odense tidligt",
        "Odense sent",
        "Nyborg",
        "Aalborg",
        "Net",
    ]
    for heading in ("I Odense", "Tæt på Odense", "Længere væk og på nettet"):
        assert f">{heading}</h3>" in text
    assert order(page(), "Aalborg", "Odense tidligt") == ["Aalborg", "Odense tidligt"]


def test_a_regions_meeting_is_lost_in_no_order() -> None:
    occurrence(
        local(2027, 4, 1, 12),
        event=EventPageFactory.make(title="Regionens"),
        region=Region.objects.get(slug="region-syddanmark"),
    )
    assert "Regionens" in page("?naer=0461")


def test_the_nearest_first_narrows_nothing_and_goes_on_over_pages() -> None:
    for number in range(25):
        add(f"Møde nr. {number:02}", "0851" if number % 2 else "0461", 1 + number)
    first, second = page("?naer=0461"), page("?naer=0461&side=2")
    assert "25 møder" in first
    assert "naer=0461" in first
    found = [title for title in (f"Møde nr. {n:02}" for n in range(25)) if title in first + second]
    assert len(found) == 25
    assert "Møde nr. 24" in first
    assert "I Odense" not in second


@pytest.mark.parametrize("query", ["?naer=9999", "?naer=x", "?tema=x", "?tema=' or 1=1"])
def test_a_choice_that_makes_no_sense_is_told_and_a_list_is_shown(query: str) -> None:
    add("Mødet", "0461")
    text = page(query)
    assert "Mødet" in text
    assert "Der er problemer" in text


def test_a_theme_narrows_the_list_and_the_feed() -> None:
    here, _there = add("Om samtalen", "0461"), add("Om noget andet", "0461")
    theme = Theme.objects.create(name="Samtalen")
    here.event.themes.add(theme)
    here.event.save()
    text = page(f"?tema={theme.uuid}")
    assert "Om samtalen" in text
    assert "Om noget andet" not in text
    assert f"tema={theme.uuid}" in text
    feed = Client().get("/moeder/kalender.ics", {"tema": str(theme.uuid)})
    assert b"Om samtalen" in feed.content
    assert b"Om noget andet" not in feed.content
    assert Client().get("/moeder/kalender.ics", {"tema": "x"}).status_code == 400


def test_nearness_is_mutual_and_every_municipality_has_neighbours() -> None:
    from portal.organisations.api import Municipality

    codes = [code for code in Municipality.objects.values_list("code", flat=True) if code in spots()]
    assert len(codes) == 98
    for code in codes:
        found = nearness.ranks(code)
        assert found[code] == 0
        assert [other for other, rank in found.items() if rank == 0] == [code]
        assert all(code in nearness.ranks(other) for other in found)


def test_many_meetings_are_read_as_often_as_few(django_assert_max_num_queries: Any) -> None:
    def count() -> int:
        with django_assert_max_num_queries(60) as captured:
            page("?naer=0461")
        return len(captured)

    add("Første", "0461")
    page("?naer=0461")
    few = count()
    for number in range(6):
        add(f"Næste {number}", "0450")
    assert count() == few
