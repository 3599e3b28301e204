"""A month as a table: weeks of seven days with the meetings that touch each day."""

import datetime as dt
from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format

from events.forms import CALENDAR, EventFilterForm
from portal.core.filters import FIRST_DAY, LAST_DAY
from portal.core.formats import clock
from portal.core.local_time import local_day


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting in the box of a day."""

    title: str
    url: str
    clock: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A box; `date` is None outside the month."""

    date: dt.date | None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """The table, and the ways to the months before and after."""

    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Day, ...], ...]
    count: int
    previous_url: str
    previous_title: str
    next_url: str
    next_title: str


def month_title(first: dt.date) -> str:
    """Return "Oktober 2026"."""
    text = date_format(first, "F Y", use_l10n=False)
    return text[:1].upper() + text[1:]


def last_day(first: dt.date) -> dt.date:
    """Return the last day of a month."""
    return _next(first) - dt.timedelta(days=1)


def _next(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)


def _previous(first: dt.date) -> dt.date:
    return (first - dt.timedelta(days=1)).replace(day=1)


def month(first: dt.date, occurrences: Iterable[Any], form: EventFilterForm, request: Any) -> Month:
    """Return the month that begins on `first`; the occurrences all touch it."""
    found = list(occurrences)
    by_day: dict[dt.date, list[Entry]] = defaultdict(list)
    for occurrence in found:
        event = occurrence.event
        entry = Entry(event.title, event.get_url(request) or "", clock(occurrence.starts_at), occurrence.cancelled)
        for day in _days(occurrence):
            by_day[day].append(entry)
    weeks = [
        tuple(Day(day, tuple(by_day[day])) if day.month == first.month else Day(None) for day in week)
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    before, after = _previous(first), _next(first)
    return Month(
        title=month_title(first),
        weekdays=tuple(date_format(day, "D", use_l10n=False) for day in _a_week()),
        weeks=tuple(weeks),
        count=len(found),
        previous_url=_address(form, before),
        previous_title=month_title(before),
        next_url=_address(form, after),
        next_title=month_title(after),
    )


def _days(occurrence: Any) -> Iterable[dt.date]:
    """Yield each day here that the meeting touches; one that ends at midnight does not touch the next day."""
    day, end = local_day(occurrence.starts_at), local_day(occurrence.ends_at - dt.timedelta(microseconds=1))
    while day <= end:
        yield day
        day += dt.timedelta(days=1)


def _a_week() -> Iterable[dt.date]:
    monday = dt.date(2026, 1, 5)
    return (monday + dt.timedelta(days=number) for number in range(7))


def _address(form: EventFilterForm, first: dt.date) -> str:
    if not FIRST_DAY <= first <= LAST_DAY:
        return ""
    return form.address(vis=CALENDAR, maaned=first.strftime("%Y-%m"))
