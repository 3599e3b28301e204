"""What results can be narrowed to, beside their kind."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.engines.base import DATE, DateBucket

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# In the order in which they are shown.
FACETS: Final[dict[str, "StrOrPromise"]] = {
    "sector": _("Sector"),
    "region": _("Region"),
    "municipality": _("Municipality"),
    "level": _("Level"),
    "provider": _("Provider"),
    DATE: _("Date"),
}

COMING, THIS_WEEK, THIS_MONTH, OVER = "coming", "week", "month", "over"
DATES: Final[dict[str, "StrOrPromise"]] = {
    COMING: _("Coming"),
    THIS_WEEK: _("The rest of this week"),
    THIS_MONTH: _("The rest of this month"),
    OVER: _("Held already"),
}


def date_buckets() -> tuple[DateBucket, ...]:
    """Return the values of the date filter as times of today, in Danish time."""
    now = timezone.localtime()
    midnight = _start_of(now)
    next_week = midnight + timedelta(days=7 - now.weekday())
    next_month = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (
        DateBucket(COMING, start=now),
        DateBucket(THIS_WEEK, start=now, end=_start_of(next_week)),
        DateBucket(THIS_MONTH, start=now, end=_start_of(next_month)),
        DateBucket(OVER, end=now),
    )


def _start_of(moment: datetime) -> datetime:
    # Made anew from the date: a day added to a time may cross the change of the clock.
    return timezone.make_aware(datetime.combine(moment.date(), time()))
