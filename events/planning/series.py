"""Changes of series: made from a time that is there, made longer, brought in line with one of their times.

A time that was moved, cancelled or changed by itself is an exception: it keeps its day in the rule and is left alone.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import Frequency
from events.models import Occurrence, Series
from events.planning.dates import LONGEST, MOST, days_of
from events.planning.pattern import Clock, Where, clock_of, clock_of_series, pattern_of, spec_on, where_of
from events.services import OccurrenceSpec, check, occurrence_save, occurrence_spec
from portal.core import audit
from portal.core.errors import RefusedError
from portal.core.formats import long_date
from portal.core.local_time import local_day
from portal.seats.api import Offering


class SeriesError(RefusedError):
    """The series cannot be made or changed like that."""


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day that the rule names, with what stands in its way."""

    day: dt.date
    spec: OccurrenceSpec | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """What bringing a series in line has done, or would do: the times that change, and the exceptions that stay."""

    changed: tuple[Occurrence, ...]
    left: tuple[Occurrence, ...]


def planned(pattern: dict[str, Any], clock: Clock, days: list[dt.date]) -> list[PlannedDay]:
    """Return the days with what each would be; nothing is written."""
    where = where_of(pattern)
    return [_planned(pattern, where, clock, day) for day in days]


def _planned(pattern: dict[str, Any], where: Where, clock: Clock, day: dt.date) -> PlannedDay:
    try:
        spec = spec_on(pattern, where, clock, day)
        check(spec)
    except ValidationError as error:
        return PlannedDay(day, None, " ".join(error.messages))
    return PlannedDay(day, spec)


def rule_days(*, frequency: str, every: int, first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the days of a rule that somebody has just written.

    Raises:
        ValidationError: with the field that is wrong.
    """
    if frequency not in Frequency.values:
        raise ValidationError({"frequency": _("Choose how often.")})
    if not 1 <= every <= 12:
        raise ValidationError({"every": _("Write a number from 1 to 12.")})
    if last <= first:
        raise ValidationError({"last_day": _("Write a last date after %(day)s.") % {"day": long_date(first)}})
    if last - first > LONGEST:
        raise ValidationError({"last_day": _("A series lasts two years at most. Make it longer later.")})
    days = list(days_of(frequency, every, first, last))
    if len(days) > MOST:
        text = _("This makes %(count)s dates. Choose an earlier last date: %(most)s dates at most.")
        raise ValidationError({"last_day": text % {"count": len(days), "most": MOST}})
    if len(days) < 2:
        raise ValidationError({"last_day": _("There is no second date before this day. Choose a later last date.")})
    return days


def _refuse_problems(plan: list[PlannedDay]) -> None:
    wrong = [f"{long_date(row.day)}: {row.problem}" for row in plan if row.spec is None]
    if wrong:
        raise ValidationError(wrong, code="day")


@transaction.atomic
def series_make(*, actor: Any, occurrence: Occurrence, frequency: str, every: int, last_day: dt.date) -> Series:
    """Let a time come again: it becomes the first of its series, and the others are made like it, with seats of their own.

    Raises:
        SeriesError: the time is in a series already, or cancelled.
        ValidationError: a rule of the series is broken, or a day of it cannot be; the message names the day.
    """
    stored = Occurrence.objects.select_for_update().select_related("event", "offering").get(pk=occurrence.pk)
    if stored.series_id is not None:
        raise SeriesError(_("This time belongs to a series already. Make that one longer instead."))
    if stored.cancelled:
        raise SeriesError(_("This time is cancelled. Make the series from one that is held."))
    spec = occurrence_spec(stored)
    first, clock, pattern = local_day(spec.starts_at), clock_of(spec), pattern_of(spec)
    days = rule_days(frequency=frequency, every=every, first=first, last=last_day)
    plan = planned(pattern, clock, days[1:])
    _refuse_problems(plan)
    series = Series(
        event=stored.event,
        frequency=frequency,
        every=every,
        first_day=first,
        last_day=last_day,
        clock=clock.begins,
        minutes=clock.minutes,
        pattern=pattern,
    )
    series.full_clean()
    series.save()
    Occurrence.objects.filter(pk=stored.pk).update(series=series, series_day=first)
    _add(actor, series, plan)
    audit.record(actor=actor, action="series.created", obj=series, after={**_json(series), "dates": len(days)})
    return series


def _add(actor: Any, series: Series, plan: list[PlannedDay]) -> list[Occurrence]:
    made = []
    for row in plan:
        assert row.spec is not None  # noqa: S101 - narrows the type
        time = occurrence_save(actor=actor, event=series.event, spec=row.spec)
        time.series, time.series_day = series, row.day
        time.save(update_fields=["series", "series_day"])
        made.append(time)
    return made


def _json(series: Series) -> dict[str, Any]:
    return {
        "event": str(series.event),
        "frequency": series.frequency,
        "every": series.every,
        "first_day": series.first_day.isoformat(),
        "last_day": series.last_day.isoformat(),
        "clock": series.clock.isoformat(),
        "minutes": series.minutes,
        "pattern": series.pattern,
    }


def longer_days(series: Series, last_day: dt.date) -> list[dt.date]:
    """Return the days that a later last day adds.

    Raises:
        ValidationError: it is no later, or too far ahead.
    """
    if last_day <= series.last_day:
        text = _("The series goes on until %(day)s already. Cancel single dates to make it shorter.")
        raise ValidationError({"last_day": text % {"day": long_date(series.last_day)}})
    if last_day - series.last_day > LONGEST:
        raise ValidationError({"last_day": _("Make it at most two years longer at a time.")})
    days = days_of(series.frequency, series.every, series.first_day, last_day)
    new = [day for day in days if day > series.last_day]
    if len(new) > MOST:
        text = _("This makes %(count)s dates. Choose an earlier last date: %(most)s dates at most.")
        raise ValidationError({"last_day": text % {"count": len(new), "most": MOST}})
    return new


@transaction.atomic
def series_prolong(*, actor: Any, series: Series, last_day: dt.date) -> list[Occurrence]:
    """Make a series longer; days that it had before, whatever has become of them, are never made again.

    Raises:
        ValidationError: the last day or one of the new days cannot be.
    """
    stored = Series.objects.select_for_update().select_related("event").get(pk=series.pk)
    before = _json(stored)
    plan = planned(stored.pattern, clock_of_series(stored), longer_days(stored, last_day))
    _refuse_problems(plan)
    stored.last_day = last_day
    stored.save(update_fields=["last_day"])
    made = _add(actor, stored, plan)
    audit.record(actor=actor, action="series.changed", obj=stored, before=before, after=_json(stored))
    return made


@transaction.atomic
def series_extra(*, actor: Any, series: Series, day: dt.date, clock: dt.time) -> Occurrence:
    """Add a time outside the rule, like the others but for its moment.

    Raises:
        ValidationError: the day or the clock cannot be.
    """
    stored = Series.objects.select_for_update().select_related("event").get(pk=series.pk)
    [row] = planned(stored.pattern, Clock(clock, stored.minutes), [day])
    if row.spec is None:
        raise ValidationError({"day": row.problem})
    if stored.occurrences.filter(starts_at=row.spec.starts_at).exists():
        raise ValidationError({"day": _("The series has a meeting at this time already.")})
    made = occurrence_save(actor=actor, event=stored.event, spec=row.spec)
    made.series = stored
    made.save(update_fields=["series"])
    return made


def exceptions(series: Series, occurrences: Iterable[Occurrence]) -> set[int]:
    """Return the keys of the times that say something else than their series: moved, cancelled, extra, or changed."""
    where, clock = where_of(series.pattern), clock_of_series(series)

    def differs(row: Occurrence) -> bool:
        if row.series_day is None:
            return True
        try:
            return occurrence_spec(row) != spec_on(series.pattern, where, clock, row.series_day)
        except ValidationError:
            return True

    return {row.pk for row in occurrences if differs(row)}


def _coming(series: Series, besides: Occurrence) -> list[Occurrence]:
    rows = Occurrence.objects.filter(series=series).upcoming(timezone.now()).exclude(pk=besides.pk)
    found = rows.select_related("event", "offering", "municipality", "region").in_order()
    return [row for row in found if row.series_day is not None and row.series_day > (besides.series_day or row.day)]


def who_follows(occurrence: Occurrence) -> Followed:
    """Return which later times would be brought in line with this one, and which are exceptions and stay."""
    series = occurrence.series
    if series is None:
        return Followed((), ())
    later = _coming(series, occurrence)
    apart = exceptions(series, later)
    return Followed(tuple(row for row in later if row.pk not in apart), tuple(row for row in later if row.pk in apart))


@transaction.atomic
def series_follow(*, actor: Any, occurrence: Occurrence) -> Followed:
    """Bring the later times of the series in line with this one: place, clock, seats and the rest; their days stay.

    Times that were changed by themselves are left alone. Those who are signed up are told by the times' own service.

    Raises:
        SeriesError: the time is in no series, was moved to another day, or is cancelled.
        ValidationError: a day cannot be; the message names it.
    """
    stored = Occurrence.objects.select_related("series", "event", "offering").get(pk=occurrence.pk)
    if stored.series_id is None or stored.series_day is None:
        raise SeriesError(_("This time does not follow the rule of a series."))
    series = Series.objects.select_for_update().get(pk=stored.series_id)
    stored.series = series
    spec = occurrence_spec(stored)
    if stored.cancelled or local_day(spec.starts_at) != stored.series_day:
        raise SeriesError(_("This time was moved to another day or cancelled: the others cannot follow it."))
    followed, before = who_follows(stored), _json(series)
    clock, pattern = clock_of(spec), pattern_of(spec)
    plan = planned(pattern, clock, [row.series_day for row in followed.changed if row.series_day is not None])
    _refuse_problems(plan)
    # All seats in the order in which everybody takes them, not in that of the days.
    list(Offering.objects.select_for_update().filter(occurrence__in=followed.changed).order_by("pk"))
    for time, row in zip(followed.changed, plan, strict=True):
        assert row.spec is not None  # noqa: S101 - narrows the type
        occurrence_save(actor=actor, occurrence=time, spec=row.spec)
    series.clock, series.minutes, series.pattern = clock.begins, clock.minutes, pattern
    series.full_clean()
    series.save()
    audit.record(actor=actor, action="series.changed", obj=series, before=before, after=_json(series))
    return followed
