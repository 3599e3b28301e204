"""What every time of a series has, said so that it fits each of its days.

Clock times stay clock times: 15.30 in winter and in summer, and a deadline "five days before at 23.59" is that for each.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from events.models import Series
from events.services import OccurrenceSpec
from portal.core.local_time import local_day, moment
from portal.organisations.api import Municipality, Region
from portal.seats.api import OfferingSpec

_OWN = (
    *("place", "address", "access_notes", "online", "link", "participants_link"),
    *("remind_days", "asks_list", "asks_pulse", "keep_days"),
)
_SEATS = ("capacity", "policy", "offer_hours", "smaller_may_pass")
_TIMES = ("opens_at", "deadline", "seats_until", "names_by")


@dataclass(frozen=True, slots=True)
class Clock:
    """When each time begins, and how long it lasts."""

    begins: dt.time
    minutes: int

    def spec(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """Return beginning and end on a day; the length counts the minutes that pass.

        Raises:
            ValidationError: the clock changes that night, and there is no such moment or there are two.
        """
        starts_at = moment(day, self.begins)
        ends_at = starts_at.astimezone(dt.UTC) + dt.timedelta(minutes=self.minutes)
        return starts_at, timezone.localtime(ends_at, timezone.get_default_timezone())


def clock_of(spec: OccurrenceSpec) -> Clock:
    """Return the clock times of a time."""
    length = spec.ends_at.astimezone(dt.UTC) - spec.starts_at.astimezone(dt.UTC)
    return Clock(_local(spec.starts_at).time().replace(second=0, microsecond=0), round(length.total_seconds() / 60))


def clock_of_series(series: Series) -> Clock:
    """Return the clock times of a series."""
    return Clock(series.clock, series.minutes)


def pattern_of(spec: OccurrenceSpec) -> dict[str, Any]:
    """Return what a time says besides its moment, as a series keeps it."""
    day = local_day(spec.starts_at)
    return {
        **{name: getattr(spec, name) for name in _OWN},
        "municipality": spec.municipality.code if spec.municipality else None,
        "region": spec.region.slug if spec.region else None,
        "seats": {name: getattr(spec.seats, name) for name in _SEATS},
        "times": {name: _relative(getattr(spec.seats, name), day) for name in _TIMES},
    }


@dataclass(frozen=True, slots=True)
class Where:
    """The municipality or the region of a pattern, read once for all its days."""

    municipality: Municipality | None
    region: Region | None


def where_of(pattern: dict[str, Any]) -> Where:
    """Return them."""
    return Where(
        Municipality.objects.filter(code=pattern["municipality"]).first() if pattern["municipality"] else None,
        Region.objects.filter(slug=pattern["region"]).first() if pattern["region"] else None,
    )


def spec_on(pattern: dict[str, Any], where: Where, clock: Clock, day: dt.date) -> OccurrenceSpec:
    """Return what the series says of a day.

    Raises:
        ValidationError: the clock changes in a night that it names.
    """
    starts_at, ends_at = clock.spec(day)
    times: dict[str, Any] = {name: _absolute(pattern["times"][name], day) for name in _TIMES}
    return OccurrenceSpec(
        starts_at=starts_at,
        ends_at=ends_at,
        municipality=where.municipality,
        region=where.region,
        seats=replace(OfferingSpec(**pattern["seats"]), **times),
        **{name: pattern[name] for name in _OWN},
    )


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value, timezone.get_default_timezone())


def _relative(value: dt.datetime | None, day: dt.date) -> list[Any] | None:
    if value is None:
        return None
    return [(day - local_day(value)).days, _local(value).time().replace(microsecond=0).isoformat()]


def _absolute(value: list[Any] | None, day: dt.date) -> dt.datetime | None:
    if value is None:
        return None
    return moment(day - dt.timedelta(days=value[0]), dt.time.fromisoformat(value[1]))
