"""Series: made from a time, made longer, brought in line; exceptions stay, clocks stay, and those who come are told."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from events.models import Occurrence, Series
from events.planning.series import (
    SeriesError,
    exceptions,
    series_extra,
    series_follow,
    series_make,
    series_prolong,
    who_follows,
)
from events.services import occurrence_cancel, occurrence_save, occurrence_spec
from portal.core.models import AuditEntry, OutboxMessage
from portal.seats.api import OfferingSpec, Person, sign_up_one
from tests.factories.events import EventPageFactory, local, occurrence

pytestmark = pytest.mark.django_db
D = dt.date
LAST = D(2027, 4, 12)


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(local(2027, 3, 1, 12), tick=False)


def first_time(starts_at: Any = None, **values: Any) -> Occurrence:
    event = EventPageFactory.make(signup_here=True)
    return occurrence(starts_at or local(2027, 3, 15, 15, 30), event=event, **values)


def weekly(**values: Any) -> Series:
    """Return five Mondays at 15.30, two of them before the clock goes forward."""
    return series_make(actor=None, occurrence=first_time(**values), frequency="weekly", every=1, last_day=LAST)


def times(series: Series) -> list[Occurrence]:
    return list(series.occurrences.order_by("starts_at", "pk"))


def change(time: Occurrence, **values: Any) -> Occurrence:
    return occurrence_save(actor=None, occurrence=time, spec=replace(occurrence_spec(time), **values))


def test_a_series_stays_at_the_same_clock_across_the_change() -> None:
    made = times(weekly())
    local_times = [timezone.localtime(time.starts_at) for time in made]
    assert [time.date() for time in local_times] == [D(2027, 3, 15) + dt.timedelta(weeks=n) for n in range(5)]
    assert {time.time() for time in local_times} == {dt.time(15, 30)}
    # 28 March: an hour less in UTC from then on.
    assert [time.starts_at.astimezone(dt.UTC).hour for time in made] == [14, 14, 13, 13, 13]
    assert {time.duration for time in made} == {dt.timedelta(hours=2)}
    assert len({time.offering_id for time in made}) == 5
    assert [time.series_day for time in made] == [time.day for time in made]


def test_deadlines_keep_their_distance_and_their_clock() -> None:
    seats = OfferingSpec(capacity=10, deadline=local(2027, 3, 10, 23, 59), names_by=local(2027, 3, 12, 12))
    made = times(weekly(seats=seats, place="Biblioteket"))
    deadlines = [timezone.localtime(time.offering.deadline) for time in made]
    assert {deadline.time() for deadline in deadlines} == {dt.time(23, 59)}
    assert [deadline.date() for deadline in deadlines] == [D(2027, 3, 10) + dt.timedelta(weeks=n) for n in range(5)]
    assert timezone.localtime(made[4].offering.names_by).time() == dt.time(12)
    assert {time.place for time in made} == {"Biblioteket"}
    assert {time.offering.capacity for time in made} == {10}


def test_a_series_without_deadlines_ends_its_seats_with_each_meeting() -> None:
    made = times(weekly())
    assert [time.offering.seats_until for time in made] == [time.starts_at for time in made]


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (local(2027, 3, 21, 2, 30), D(2027, 4, 4), "28. marts 2027"),
        (local(2027, 10, 24, 2, 30), D(2027, 11, 7), "31. oktober 2027"),
    ],
)
def test_a_night_when_the_clock_changes_is_refused_with_its_date(first: Any, last: D, named: str) -> None:
    time = first_time(first)
    with pytest.raises(ValidationError) as refused:
        series_make(actor=None, occurrence=time, frequency="weekly", every=1, last_day=last)
    assert named in " ".join(refused.value.messages)
    assert (Occurrence.objects.count(), Series.objects.count()) == (1, 0)


def test_the_fifth_monday_skips_the_months_that_have_none() -> None:
    time = first_time(local(2027, 3, 29, 15, 30))
    series = series_make(actor=None, occurrence=time, frequency="monthly", every=1, last_day=D(2027, 9, 30))
    assert [row.day for row in times(series)] == [D(2027, 3, 29), D(2027, 5, 31), D(2027, 8, 30)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"frequency": "daily"}, "frequency"),
        ({"every": 0}, "every"),
        ({"every": 13}, "every"),
        ({"last_day": D(2027, 3, 15)}, "last_day"),
        ({"last_day": D(2027, 3, 20)}, "last_day"),
        ({"last_day": D(2029, 4, 1)}, "last_day"),
        ({"last_day": D(2028, 12, 1)}, "last_day"),
    ],
    ids=["unknown", "never", "too seldom", "same day", "no second date", "three years", "too many"],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(values: dict[str, Any], field: str) -> None:
    wanted = {"frequency": "weekly", "every": 1, "last_day": D(2027, 4, 12), **values}
    with pytest.raises(ValidationError) as refused:
        series_make(actor=None, occurrence=first_time(), **wanted)
    assert list(refused.value.error_dict) == [field]
    assert not Series.objects.exists()


def test_a_time_is_in_one_series_and_a_cancelled_one_in_none() -> None:
    series = weekly()
    cancelled = occurrence_cancel(actor=None, occurrence=first_time(), reason="Syg.")
    for time in (times(series)[0], cancelled):
        with pytest.raises(SeriesError):
            series_make(actor=None, occurrence=time, frequency="weekly", every=1, last_day=D(2027, 5, 3))
    assert Series.objects.count() == 1


def test_what_does_not_exist_on_a_later_day_is_refused_with_that_day(time_machine: Any) -> None:
    from portal.organisations.api import Region

    time_machine.move_to(local(2026, 11, 1, 12), tick=False)
    old = Region.objects.get(slug="region-hovedstaden")
    time = first_time(local(2026, 12, 14, 15, 30), region=old, municipality=None)
    with pytest.raises(ValidationError) as refused:
        series_make(actor=None, occurrence=time, frequency="weekly", every=1, last_day=D(2027, 1, 11))
    assert "4. januar 2027" in " ".join(refused.value.messages)
    assert "28. december 2026" not in " ".join(refused.value.messages)


def test_made_longer_it_brings_back_nothing() -> None:
    series = weekly()
    moved, cancelled, deleted = times(series)[1:4]
    change(moved, starts_at=local(2027, 3, 24, 15, 30), ends_at=local(2027, 3, 24, 17, 30))
    occurrence_cancel(actor=None, occurrence=cancelled, reason="Påskeferie.")
    deleted.delete()
    new = series_prolong(actor=None, series=series, last_day=D(2027, 4, 27))
    assert [time.day for time in new] == [D(2027, 4, 19), D(2027, 4, 26)]
    series.refresh_from_db()
    assert series.last_day == D(2027, 4, 27)
    days = list(series.occurrences.order_by("series_day").values_list("series_day", flat=True))
    assert D(2027, 3, 22) in days
    assert D(2027, 4, 5) not in days
    with pytest.raises(ValidationError):
        series_prolong(actor=None, series=series, last_day=D(2027, 4, 27))
    assert AuditEntry.objects.filter(action="series.changed").count() == 1


def test_later_times_follow_and_exceptions_stay() -> None:
    series = weekly()
    first, second, third, fourth, fifth = times(series)
    change(third, place="Et andet sted")
    occurrence_cancel(actor=None, occurrence=fourth, reason="Påskeferie.")
    extra = series_extra(actor=None, series=series, day=D(2027, 4, 8), clock=dt.time(9))
    changed = change(
        first,
        starts_at=local(2027, 3, 15, 16),
        ends_at=local(2027, 3, 15, 18, 30),
        place="Biblioteket",
        seats=OfferingSpec(capacity=12),
    )
    foreseen = who_follows(changed)
    assert [row.pk for row in foreseen.changed] == [second.pk, fifth.pk]
    followed = series_follow(actor=None, occurrence=changed)
    assert [row.pk for row in followed.left] == [third.pk, fourth.pk]
    for time in (second, fifth):
        time.refresh_from_db()
        assert timezone.localtime(time.starts_at).time() == dt.time(16)
        assert (time.place, time.duration, time.offering.capacity) == ("Biblioteket", dt.timedelta(hours=2.5), 12)
    for time in (third, fourth, extra):
        before = time.starts_at
        time.refresh_from_db()
        assert time.starts_at == before
        assert time.place != "Biblioteket"
    series.refresh_from_db()
    assert (series.clock, series.minutes) == (dt.time(16), 150)
    assert exceptions(series, [second, third, fourth, fifth]) == {third.pk, fourth.pk}


def test_those_who_are_signed_up_are_told_of_what_follows_and_of_nothing_else() -> None:
    series = weekly()
    first, second, third = times(series)[:3]
    for time in (second, third):
        sign_up_one(actor=None, offering=time.offering, person=Person("Maria", "maria@k.example"), key=f"k{time.pk}")
    change(third, place="Et andet sted")
    OutboxMessage.objects.all().delete()
    series_follow(actor=None, occurrence=change(first, place="Biblioteket"))
    mails = [row for row in OutboxMessage.objects.all() if str(second.uuid) in row.key or str(third.uuid) in row.key]
    assert any(str(second.uuid) in row.key for row in mails)
    assert not any(str(third.uuid) in row.key for row in mails)


def test_the_past_and_what_was_before_do_not_follow(time_machine: Any) -> None:
    series = weekly()
    third = times(series)[2]
    time_machine.move_to(local(2027, 3, 23, 12), tick=False)
    series_follow(actor=None, occurrence=change(third, place="Biblioteket"))
    assert [row.place for row in times(series)] == ["Rådhuset", "Rådhuset", *["Biblioteket"] * 3]


def test_nothing_follows_a_moved_cancelled_or_extra_time() -> None:
    series = weekly()
    first, second = times(series)[:2]
    moved = change(first, starts_at=local(2027, 3, 16, 15, 30), ends_at=local(2027, 3, 16, 17, 30))
    cancelled = occurrence_cancel(actor=None, occurrence=second, reason="Syg.")
    extra = series_extra(actor=None, series=series, day=D(2027, 4, 8), clock=dt.time(9))
    for time in (moved, cancelled, extra, first_time()):
        with pytest.raises(SeriesError):
            series_follow(actor=None, occurrence=time)


def test_an_extra_time_is_no_day_of_the_rule_and_stands_once() -> None:
    series = weekly()
    extra = series_extra(actor=None, series=series, day=D(2027, 4, 8), clock=dt.time(9))
    assert (extra.series_id, extra.series_day, extra.duration) == (series.pk, None, dt.timedelta(hours=2))
    for day, clock in ((D(2027, 4, 8), dt.time(9)), (D(2027, 3, 28), dt.time(2, 30))):
        with pytest.raises(ValidationError):
            series_extra(actor=None, series=series, day=day, clock=clock)
    assert series.occurrences.count() == 6
