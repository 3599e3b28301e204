"""The days that the rule of a series names. Pure: no rows and no clock, so that the rule can be read and tried on paper."""

import calendar
import datetime as dt
from collections.abc import Iterator

from events.enums import Frequency

# As many as an organiser can look through before she presses the button.
MOST = 60
LONGEST = dt.timedelta(days=731)


def days_of(frequency: str, every: int, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the days from the first to the last, both included."""
    if frequency == Frequency.WEEKLY:
        step = dt.timedelta(weeks=every)
        while first <= last:
            yield first
            first += step
        return
    for year, month in _months(first, every, last):
        day = _same_weekday(first, year, month)
        if day is not None and day <= last:
            yield day


def months_without(frequency: str, every: int, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Return the first days of the months that have no fifth such weekday, and so no meeting."""
    if frequency == Frequency.WEEKLY:
        return ()
    return tuple(
        dt.date(year, month, 1)
        for year, month in _months(first, every, last)
        if _same_weekday(first, year, month) is None
    )


def _months(first: dt.date, every: int, last: dt.date) -> Iterator[tuple[int, int]]:
    for months in range(0, (last.year - first.year) * 12 + last.month - first.month + 1, every):
        years, month = divmod(first.month - 1 + months, 12)
        yield first.year + years, month + 1


def _same_weekday(first: dt.date, year: int, month: int) -> dt.date | None:
    """Return the day that is the same weekday, counted from the month's beginning; a fifth one is not always there."""
    begins = dt.date(year, month, 1)
    day = 1 + (first.weekday() - begins.weekday()) % 7 + (first.day - 1) // 7 * 7
    return begins.replace(day=day) if day <= calendar.monthrange(year, month)[1] else None
