"""Calendar files, read back by the library and line by line."""

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar

from events.api import Occurrence, occurrence_cancel, occurrence_save, occurrence_spec
from tests.factories.events import EventPageFactory, event_index, local, municipality, occurrence

pytestmark = pytest.mark.django_db

START = local(2027, 5, 12, 15, 30)
FEED = "/moeder/kalender.ics"


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), tick=False):
        yield


def fetch(path: str, **headers: str) -> HttpResponse:
    """Return the answer to a calendar program."""
    response: Any = Client().get(path, headers=headers)
    return response


def read(response: HttpResponse) -> Calendar:
    """Read the calendar back and check what every line must hold."""
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    for line in lines:
        assert b"\n" not in line
        assert b"\r" not in line
        assert len(line) <= 75
        assert all(byte >= 32 or byte == 9 for byte in line)
    calendar = Calendar.from_ical(response.content)
    assert calendar["VERSION"] == "2.0"
    assert "METHOD" not in calendar
    return calendar


def events_of(calendar: Calendar) -> list[Any]:
    """Return the meetings of a calendar."""
    return list(calendar.walk("VEVENT"))


def test_a_meeting_with_all_its_lines() -> None:
    event = EventPageFactory.make(
        title="Når samtalen bliver svær", slug="samtalen", lead="Tre greb; flere, end du tror."
    )
    made = occurrence(START, event=event, place="Rådhuset", address="Eksempelvej 15, 5000 Odense C")
    calendar = read(fetch(f"/moeder/tid/{made.uuid}.ics"))
    [item] = events_of(calendar)
    assert item["UID"] == f"{made.uuid}@moeder.kompetenceportalen"
    assert item["SEQUENCE"] == 0
    assert item["SUMMARY"] == "Når samtalen bliver svær"
    assert item["STATUS"] == "CONFIRMED"
    assert item["LOCATION"] == "Rådhuset, Odense, Eksempelvej 15, 5000 Odense C"
    assert item["DTSTART"].dt == dt.datetime(2027, 5, 12, 15, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
    assert item["DTEND"].dt - item["DTSTART"].dt == dt.timedelta(hours=2)
    assert item["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert item["DTSTAMP"].to_ical() == b"20261121T120000Z"
    assert item["URL"].endswith("/moeder/samtalen/")
    assert item["CATEGORIES"].cats == ["Fyraftensmøde"]
    assert "Tre greb; flere, end du tror." in item["DESCRIPTION"]


def test_the_zone_describes_both_changes_of_the_clock() -> None:
    made = occurrence(START)
    calendar = read(fetch(f"/moeder/tid/{made.uuid}.ics"))
    zone: Any
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Copenhagen"
    offsets = {(part.name, part["TZOFFSETTO"].td) for part in zone.subcomponents}
    assert offsets == {("DAYLIGHT", dt.timedelta(hours=2)), ("STANDARD", dt.timedelta(hours=1))}
    # A program that knows no zones of its own must show every hour as a clock here does.
    described, known = zone.to_tz(lookup_tzid=False), ZoneInfo("Europe/Copenhagen")
    for year in range(2026, 2041):
        for month in (3, 10):
            hour = dt.datetime(year, month, 24, tzinfo=dt.UTC)
            while hour.month == month:
                assert hour.astimezone(described).utcoffset() == hour.astimezone(known).utcoffset(), hour
                hour += dt.timedelta(hours=1)


@pytest.mark.parametrize("night", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)])
def test_a_meeting_over_the_change_of_the_clock_keeps_its_moments(night: dt.date) -> None:
    start = local(night.year, night.month, night.day, 1)
    made = occurrence(start, ends_at=local(night.year, night.month, night.day, 4))
    [item] = events_of(read(fetch(f"/moeder/tid/{made.uuid}.ics")))
    assert item["DTSTART"].dt.astimezone(dt.UTC) == made.starts_at
    assert item["DTEND"].dt.astimezone(dt.UTC) == made.ends_at


def test_a_change_keeps_the_identity_and_raises_the_number() -> None:
    made = occurrence(START)
    later = replace(
        occurrence_spec(made), starts_at=START + dt.timedelta(hours=1), ends_at=START + dt.timedelta(hours=4)
    )
    with time_machine.travel(dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC), tick=False):
        occurrence_save(actor=None, occurrence=made, spec=later)
    [item] = events_of(read(fetch(f"/moeder/tid/{made.uuid}.ics")))
    assert item["UID"].startswith(str(made.uuid))
    assert item["SEQUENCE"] == 1
    assert item["DTSTAMP"].dt == dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
    assert item["LAST-MODIFIED"].dt == item["DTSTAMP"].dt


def test_a_cancelled_meeting_stays_in_the_feed_and_says_so() -> None:
    made = occurrence(START)
    occurrence_cancel(actor=None, occurrence=made, reason="Oplægsholderen er syg.")
    [item] = events_of(read(fetch(FEED)))
    assert item["STATUS"] == "CANCELLED"
    assert item["SEQUENCE"] == 1
    assert item["SUMMARY"].startswith("Aflyst: ")
    assert "Oplægsholderen er syg." in item["DESCRIPTION"]


def test_no_text_breaks_out_of_its_line() -> None:
    evil = "Møde\r\nBEGIN:VEVENT\r\nUID:falsk\nX-EVIL:1\x07\x0b;,\\ \u2028slut"
    event = EventPageFactory.make(lead=evil, slug="ondt")
    type(event).objects.filter(pk=event.pk).update(title=evil)
    made = occurrence(START, event=event)
    Occurrence.objects.filter(pk=made.pk).update(place=evil, address=evil)
    occurrence_cancel(actor=None, occurrence=Occurrence.objects.get(), reason=evil)
    for path in (FEED, f"/moeder/tid/{made.uuid}.ics", f"/moeder/kalender/{event.translation_key}.ics"):
        calendar = read(fetch(path))
        [item] = events_of(calendar)
        assert item["UID"] == f"{made.uuid}@moeder.kompetenceportalen"
        assert "X-EVIL" not in item
        assert "\n" not in item["SUMMARY"]
        assert "BEGIN:VEVENT" in item["SUMMARY"]


def test_the_meetings_file_holds_all_its_times() -> None:
    event = EventPageFactory.make(slug="to-gange")
    first, second = occurrence(START, event=event), occurrence(START + dt.timedelta(days=7), event=event)
    occurrence(START)
    response = fetch(f"/moeder/kalender/{event.translation_key}.ics")
    assert [item["UID"].split("@")[0] for item in events_of(read(response))] == [str(first.uuid), str(second.uuid)]
    assert response["Content-Disposition"] == 'attachment; filename="to-gange.ics"'


def test_the_feed_is_narrowed_as_the_list_is() -> None:
    event_index()
    odense = occurrence(START, event=EventPageFactory.make(kind="theme_day"))
    aalborg = occurrence(START, municipality=municipality("0851"))
    old = occurrence(local(2026, 11, 1, 15), municipality=municipality("0851"))
    occurrence(local(2026, 6, 1, 15), municipality=municipality("0851"))

    def uids(query: str = "") -> list[str]:
        return [item["UID"].split("@")[0] for item in events_of(read(fetch(f"{FEED}{query}")))]

    assert uids() == [str(old.uuid), str(odense.uuid), str(aalborg.uuid)]
    assert uids("?kommune=0851") == [str(old.uuid), str(aalborg.uuid)]
    assert uids("?region=region-nordjylland&type=afterwork") == [str(old.uuid), str(aalborg.uuid)]
    assert uids("?type=theme_day") == [str(odense.uuid)]
    assert uids("?type=conference") == []
    name = read(fetch(f"{FEED}?kommune=0851"))["X-WR-CALNAME"]
    assert name == "Møder – Kommune: Aalborg"


@pytest.mark.parametrize("query", ["?region=x", "?kommune=%00", "?type=fest", "?profil=%27", "?fra=i-morgen"])
def test_a_choice_without_sense_is_an_error_and_never_a_wider_calendar(query: str) -> None:
    occurrence(START)
    response = fetch(f"{FEED}{query}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
    assert b"VEVENT" not in response.content


def test_nothing_of_a_draft_leaves_the_house() -> None:
    event = EventPageFactory.make(published=False)
    made = occurrence(START, event=event)
    assert not events_of(read(fetch(FEED)))
    assert fetch(f"/moeder/tid/{made.uuid}.ics").status_code == 404
    assert fetch(f"/moeder/kalender/{event.translation_key}.ics").status_code == 404


def test_an_unchanged_calendar_is_answered_without_a_body() -> None:
    made = occurrence(START)
    first = fetch(FEED)
    assert "max-age=900" in first["Cache-Control"]
    with time_machine.travel(dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC), tick=False):
        again = fetch(FEED, if_none_match=first["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        occurrence_save(actor=None, occurrence=made, spec=replace(occurrence_spec(made), place="Biblioteket"))
        changed = fetch(FEED, if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_only_reading_is_allowed() -> None:
    event_index()
    assert Client().post(FEED).status_code == 405


def test_the_feed_is_danish_whatever_the_reader_speaks() -> None:
    occurrence(START)
    [item] = events_of(read(fetch(FEED, accept_language="en")))
    assert item["CATEGORIES"].cats == ["Fyraftensmøde"]


def test_as_many_queries_for_many_meetings_as_for_few(django_assert_max_num_queries: Any) -> None:
    def count() -> int:
        with django_assert_max_num_queries(15) as captured:
            fetch(FEED)
        return len(captured)

    occurrence(START)
    fetch(FEED)
    few = count()
    for _ in range(10):
        occurrence(START)
    assert count() == few
