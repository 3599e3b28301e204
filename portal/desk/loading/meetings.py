"""The example meetings: times relative to the day of loading, as clocks in Denmark show them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.html import escape
from wagtail.rich_text import RichText

from events.api import (
    EventIndexPage,
    EventPage,
    EventSpec,
    OccurrenceSpec,
    ProgrammeSpec,
    QuestionSpec,
    Theme,
    TimeSpec,
    load_event,
    series_make,
)
from portal.core.local_time import moment
from portal.desk.loading.context import Loading, Row, read
from portal.organisations.api import Municipality
from portal.seats.api import OfferingSpec, SeatPolicy

# What an occurrence of a series inherits from its event.
MONDAY, FRIDAY = 1, 5
INHERITED = (
    *("in_days", "weekday", "start", "end", "place", "address", "municipality", "online", "cancelled", "seats"),
    *("deadline_days_before", "cancel_reason", "participants_link", "asks_list"),
    *("policy", "offer_hours", "smaller_may_pass", "names_by_days_before"),
)
LAST_MINUTE = time(23, 59)
CANCEL_REASON = "Oplægsholderen er forhindret. Vi arbejder på at finde en ny dato."


def load_meetings(loading: Loading) -> None:
    """Load the meetings that have never been loaded, with their times."""
    parent = loading.find("index:events")
    if not isinstance(parent, EventIndexPage):
        return
    municipalities = {municipality.code: municipality for municipality in Municipality.objects.all()}
    known_themes = set(Theme.objects.values_list("pk", flat=True))
    made = 0
    for row in read("events")["event"]:
        key = f"event:{row['key']}"
        if loading.wants(key) and not EventPage.objects.filter(key=row["key"]).exists():
            # A fresh row: treebeard counts children on the object that it is given.
            parent = EventIndexPage.objects.get(pk=parent.pk)
            page = load_event(actor=None, parent=parent, spec=_spec(loading, row, municipalities))
            loading.remember(key, page)
            _repeat(page, row)
            made += 1
    for theme in Theme.objects.exclude(pk__in=known_themes):
        loading.remember(f"theme:{theme.uuid}", theme)
    loading.say(f"event: {made}")


def _repeat(page: EventPage, row: Row) -> None:
    """Let the meeting's only time come again, where the row says how often."""
    if rule := row.get("series"):
        time = page.occurrences.get()
        last_day = time.day + timedelta(days=rule["days"])
        series_make(actor=None, occurrence=time, frequency=rule["frequency"], every=rule["every"], last_day=last_day)


def _spec(loading: Loading, row: Row, municipalities: dict[str, Municipality]) -> EventSpec:
    times = row.get("occurrences") or [{}]
    return EventSpec(
        key=row["key"],
        title=row["title"],
        kind=row["type"],
        lead=row["lead"],
        body=tuple(("paragraph", RichText(f"<p>{escape(text)}</p>")) for text in row["body"]),
        organiser=row.get("organiser", ""),
        contact=loading.find(f"contact:{row['contact']}") if row.get("contact") else None,
        themes=tuple(row.get("themes", [])),
        profiles=found(loading, "profile", row.get("profiles", [])),
        competences=found(loading, "competence", row.get("competences", [])),
        programme=tuple(ProgrammeSpec(text=p["text"], clock=clock(p["time"])) for p in row.get("programme", [])),
        signup_here=row.get("signup_here", False),
        questions=tuple(_question(number, asked) for number, asked in enumerate(row.get("questions", []), start=1)),
        times=tuple(
            TimeSpec(key=str(number), occurrence=_occurrence(loading.today, {**_inherited(row), **own}, municipalities))
            for number, own in enumerate(times, start=1)
        ),
    )


def _question(number: int, row: Row) -> QuestionSpec:
    return QuestionSpec(**{**row, "position": number, "choices": "\n".join(row.get("choices", []))})


def found(loading: Loading, kind: str, keys: list[str]) -> tuple[Any, ...]:
    """Return what the keys name, without what somebody has deleted."""
    objects = (loading.find(f"{kind}:{key}") for key in keys)
    return tuple(obj for obj in objects if obj is not None)


def _inherited(row: Row) -> Row:
    return {name: row[name] for name in INHERITED if name in row}


def clock(text: str) -> time:
    """Return the time of "15.30"."""
    hours, minutes = text.split(".")
    return time(int(hours), int(minutes))


def day_of(today: date, row: Row) -> date:
    """Return the day: so many days from today, moved forward to the weekday if one is given, and away from weekends."""
    day = today + timedelta(days=row["in_days"])
    weekday = row.get("weekday", day.isoweekday() if day.isoweekday() <= FRIDAY else MONDAY)
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)


def _occurrence(today: date, row: Row, municipalities: dict[str, Municipality]) -> OccurrenceSpec:
    day = day_of(today, row)
    cancelled = row.get("cancelled", False)
    return OccurrenceSpec(
        starts_at=moment(day, clock(row["start"])),
        ends_at=moment(day, clock(row["end"])),
        place=row.get("place", ""),
        address=row.get("address", ""),
        online=row.get("online", False),
        municipality=municipalities.get(row.get("municipality", "")),
        cancelled=cancelled,
        cancel_reason=row.get("cancel_reason", CANCEL_REASON) if cancelled else "",
        participants_link=row.get("participants_link", ""),
        asks_list=row.get("asks_list", False),
        seats=OfferingSpec(
            capacity=row.get("seats"),
            deadline=_days_before(day, row.get("deadline_days_before")),
            policy=row.get("policy", SeatPolicy.FIRST_COME.value),
            offer_hours=row.get("offer_hours"),
            smaller_may_pass=row.get("smaller_may_pass", False),
            names_by=_days_before(day, row.get("names_by_days_before")),
        ),
    )


def _days_before(day: date, days: int | None) -> datetime | None:
    return None if days is None else moment(day - timedelta(days=days), LAST_MINUTE)
