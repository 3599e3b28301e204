"""What the screens of series show."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from events.models import Occurrence, Series
from events.planning.dates import days_of
from events.planning.series import exceptions
from portal.core.formats import at_clock, period, weekday_date
from portal.seats.admin import standing_text
from portal.seats.api import Standing, standings


@dataclass(frozen=True, slots=True)
class SeriesTime:
    """One time of a series: how it stands to the rule, and who has its seats."""

    text: str
    url: str
    state: str
    seats: str


@dataclass(frozen=True, slots=True)
class SeriesScreen:
    """A series with its times; `gone` are days of the rule whose time somebody has deleted."""

    series: Series
    rule: str
    times: tuple[SeriesTime, ...]
    gone: tuple[str, ...]


def rule_text(series: Series) -> str:
    """Return the rule in words."""
    often = series.get_frequency_display()
    if series.every > 1:
        often = _("%(often)s, with an interval of %(number)s") % {"often": often, "number": series.every}
    return _("%(often)s, from %(first)s to %(last)s") % {
        "often": often,
        "first": weekday_date(series.first_day),
        "last": weekday_date(series.last_day),
    }


def series_screen(series: Series) -> SeriesScreen:
    """Return a series with its times, in a fixed number of queries."""
    rows = Occurrence.objects.filter(series=series).select_related("event", "municipality", "region", "offering")
    found: list[Any] = list(rows.in_order())
    apart, seats = exceptions(series, found), standings([row.offering for row in found])
    days = {row.series_day for row in found}
    rule = days_of(series.frequency, series.every, series.first_day, series.last_day)
    return SeriesScreen(
        series=series,
        rule=rule_text(series),
        times=tuple(_time(row, apart, seats[row.offering_id]) for row in found),
        gone=tuple(weekday_date(day) for day in rule if day not in days),
    )


def _time(row: Any, apart: set[int], seats: Standing) -> SeriesTime:
    return SeriesTime(
        text=f"{period(row.starts_at, row.ends_at)}, {row.where}",
        url=reverse("occurrence:edit", args=[row.pk]),
        state=_state(row, apart),
        seats=standing_text(seats),
    )


def _state(row: Any, apart: set[int]) -> str:
    if row.cancelled:
        return _("Called off")
    if row.series_day is None:
        return _("Extra")
    if row.day != row.series_day:
        return _("Moved from %(day)s") % {"day": weekday_date(row.series_day)}
    return _("Changed by itself") if row.pk in apart else ""


def planned_text(spec: Any) -> str:
    """Return what a planned day would be, for the preview."""
    text = period(spec.starts_at, spec.ends_at)
    if spec.seats.deadline is not None:
        deadline = f"{weekday_date(spec.seats.deadline)} {at_clock(spec.seats.deadline)}"
        return _("%(time)s, sign up by %(deadline)s") % {"time": text, "deadline": deadline}
    return text
