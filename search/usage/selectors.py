"""What people looked for, as frozen values for the editors' page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Sum

from search.models import QueryCount
from search.usage.storing import WEEKS_KEPT, this_week

MOST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """A search and how often it was made in the time that is looked at."""

    text: str
    times: int
    misses: int

    @property
    def missed_percent(self) -> int:
        """Return how many in a hundred found nothing."""
        return round(100 * self.misses / self.times) if self.times else 0


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its Monday, and what was counted."""

    monday: date
    times: int
    misses: int

    @property
    def number(self) -> int:
        """Return the number that calendars here give the week."""
        return self.monday.isocalendar().week


def weeks_of(count: int) -> tuple[Week, ...]:
    """Return the last weeks, this one included, the oldest first; weeks in which nothing was counted too."""
    newest = this_week()
    first = newest - timedelta(weeks=min(count, WEEKS_KEPT) - 1)
    sums = QueryCount.objects.filter(week__gte=first).order_by("week").values("week")
    found = {row["week"]: row for row in sums.annotate(all_times=Sum("times"), all_misses=Sum("misses"))}
    mondays = (first + timedelta(weeks=number) for number in range(min(count, WEEKS_KEPT)))
    return tuple(
        Week(monday, found[monday]["all_times"], found[monday]["all_misses"]) if monday in found else Week(monday, 0, 0)
        for monday in mondays
    )


def most_asked(since: date, until: date, limit: int = MOST_SHOWN) -> tuple[Asked, ...]:
    """Return what was searched for most in the weeks from one Monday to another."""
    return _asked(_summed(since, until).order_by("-all_times", "text")[:limit])


def most_missed(since: date, until: date, limit: int = MOST_SHOWN) -> tuple[Asked, ...]:
    """Return what was searched for most without a hit."""
    missed = _summed(since, until).filter(all_misses__gt=0)
    return _asked(missed.order_by("-all_misses", F("all_times"), "text")[:limit])


def most_frequent(limit: int = 10) -> tuple[str, ...]:
    """Return the words of the most frequent searches of the last twelve weeks."""
    newest = this_week()
    return tuple(asked.text for asked in most_asked(newest - timedelta(weeks=11), newest, limit))


def known_texts(word: str, limit: int) -> tuple[str, ...]:
    """Return searches of the last year that hold the beginning of a word, the most frequent first."""
    newest = this_week()
    found = _summed(newest - timedelta(weeks=WEEKS_KEPT), newest).filter(text__contains=word)
    return tuple(asked.text for asked in _asked(found.order_by("-all_times", "text")[:limit]))


def _summed(since: date, until: date) -> Any:
    counted = QueryCount.objects.filter(week__gte=since, week__lte=until).order_by().values("text")
    return counted.annotate(all_times=Sum("times"), all_misses=Sum("misses"))


def _asked(rows: Any) -> tuple[Asked, ...]:
    return tuple(Asked(row["text"], row["all_times"], row["all_misses"]) for row in rows)
