"""Upcoming, running and past partition the time line, over midnight and over both nights when the clock changes."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from events.models import EventPage, Occurrence
from portal.core.local_time import MISSING, TWICE, moment
from tests.factories.events import EventPageFactory, local, occurrence

pytestmark = pytest.mark.django_db

# Around midnight and around both nights: forward on 28 March 2027, back on 31 October 2027 (01:00 UTC).
CORNERS = [
    local(2026, 12, 31, 23, 59),
    local(2027, 1, 1),
    dt.datetime(2027, 3, 28, 0, 59, tzinfo=dt.UTC),
    dt.datetime(2027, 3, 28, 1, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC),
]
STEP = dt.timedelta(minutes=30)
near_corners = st.builds(
    lambda corner, steps, off: corner + steps * STEP + dt.timedelta(microseconds=off),
    st.sampled_from(CORNERS),
    st.integers(-6, 6),
    st.integers(-1, 1),
)


def sets(now: dt.datetime) -> tuple[set[int], set[int], set[int]]:
    """Return the keys of upcoming, running and past."""
    rows: Any = Occurrence.objects.all()
    found = [rows.upcoming(now), rows.running(now), rows.past(now)]
    upcoming, running, past = (set(some.values_list("pk", flat=True)) for some in found)
    return upcoming, running, past


class TestPartition(TestCase):
    """Every occurrence is in exactly one of the three sets at every moment."""

    event: EventPage

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the page once."""
        cls.event = EventPageFactory.make()

    @settings(max_examples=40, deadline=None)
    @given(
        times=st.lists(st.tuples(near_corners, st.integers(1, 60)), min_size=1, max_size=4),
        now=near_corners,
    )
    def test_each_is_in_exactly_one(self, times: list[tuple[dt.datetime, int]], now: dt.datetime) -> None:
        made = {
            occurrence(start, event=self.event, ends_at=start + count * STEP).pk: (start, start + count * STEP)
            for start, count in times
        }
        upcoming, running, past = sets(now)
        assert upcoming | running | past >= set(made)
        assert not upcoming & running
        assert not running & past
        assert not upcoming & past
        for key, (start, end) in made.items():
            assert (key in upcoming) == (start > now)
            assert (key in running) == (start <= now < end)
            assert (key in past) == (end <= now)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (local(2026, 12, 31, 22, 59), "upcoming"),
        (local(2026, 12, 31, 23, 0), "running"),
        (local(2027, 1, 1, 0, 0), "running"),
        (local(2027, 1, 1, 0, 59), "running"),
        (local(2027, 1, 1, 1, 0), "past"),
    ],
)
def test_across_midnight(now: dt.datetime, expected: str) -> None:
    made = occurrence(local(2026, 12, 31, 23), ends_at=local(2027, 1, 1, 1))
    found = dict(zip(("upcoming", "running", "past"), sets(now), strict=True))
    assert [name for name, keys in found.items() if made.pk in keys] == [expected]


def test_a_night_with_an_hour_less_lasts_an_hour_less() -> None:
    """From 1.00 to 4.00 by the clock is two hours when the clock goes forward and four when it goes back."""
    spring = occurrence(local(2027, 3, 28, 1), ends_at=local(2027, 3, 28, 4))
    autumn = occurrence(local(2027, 10, 31, 1), ends_at=local(2027, 10, 31, 4))
    assert spring.duration == dt.timedelta(hours=2)
    assert autumn.duration == dt.timedelta(hours=4)
    assert occurrence(local(2027, 6, 1, 1), ends_at=local(2027, 6, 1, 4)).duration == dt.timedelta(hours=3)


def test_touching_follows_the_days_here_and_not_in_utc() -> None:
    """23.30 UTC on 30 June is 1.30 on 1 July here."""
    made = occurrence(dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC))
    july, june = dt.date(2027, 7, 1), dt.date(2027, 6, 30)
    rows: Any = Occurrence.objects.all()
    assert made in rows.touching(july, july)
    assert made not in rows.touching(june, june)


def test_a_meeting_that_ends_at_midnight_does_not_touch_the_next_day() -> None:
    made = occurrence(local(2027, 6, 30, 22), ends_at=local(2027, 7, 1))
    rows: Any = Occurrence.objects.all()
    assert made in rows.touching(dt.date(2027, 6, 30), dt.date(2027, 6, 30))
    assert made not in rows.touching(dt.date(2027, 7, 1), None)


@pytest.mark.parametrize(
    ("day", "text"), [(dt.date(2027, 3, 28), MISSING), (dt.date(2027, 10, 31), TWICE)], ids=["missing", "twice"]
)
def test_half_past_two_is_refused_on_both_nights(day: dt.date, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        moment(day, dt.time(2, 30))
    assert caught.value.messages == [str(text)]
    for clock in (dt.time(1, 59), dt.time(3, 0)):
        assert timezone.localtime(moment(day, clock)).time() == clock
    assert moment(day - dt.timedelta(days=1), dt.time(2, 30))
