"""The days of a rule: pure, so tried on paper. Clocks and rows come in `test_series.py`."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.planning.dates import days_of, months_without

D = dt.date


@pytest.mark.parametrize(
    ("frequency", "every", "first", "last", "days"),
    [
        ("weekly", 1, D(2027, 3, 22), D(2027, 4, 5), [D(2027, 3, 22), D(2027, 3, 29), D(2027, 4, 5)]),
        ("weekly", 2, D(2027, 3, 22), D(2027, 4, 18), [D(2027, 3, 22), D(2027, 4, 5)]),
        # The second Tuesday, over the turn of the year.
        ("monthly", 1, D(2026, 12, 8), D(2027, 2, 28), [D(2026, 12, 8), D(2027, 1, 12), D(2027, 2, 9)]),
        ("monthly", 3, D(2027, 1, 12), D(2027, 7, 31), [D(2027, 1, 12), D(2027, 4, 13), D(2027, 7, 13)]),
        # The fifth Monday: March and May have one, April has none.
        ("monthly", 1, D(2027, 3, 29), D(2027, 5, 31), [D(2027, 3, 29), D(2027, 5, 31)]),
        # The last day counts, the day after it does not.
        ("monthly", 1, D(2027, 3, 29), D(2027, 5, 30), [D(2027, 3, 29)]),
    ],
)
def test_the_days_of_a_rule(frequency: str, every: int, first: D, last: D, days: list[D]) -> None:
    assert list(days_of(frequency, every, first, last)) == days


def test_months_without_a_fifth_weekday_are_named() -> None:
    found = months_without("monthly", 1, D(2027, 3, 29), D(2027, 8, 31))
    assert [month.month for month in found] == [4, 6, 7]
    assert months_without("monthly", 1, D(2027, 3, 22), D(2027, 8, 31)) == ()
    assert months_without("weekly", 1, D(2027, 3, 29), D(2027, 8, 31)) == ()


@given(
    frequency=st.sampled_from(["weekly", "monthly"]),
    every=st.integers(1, 12),
    first=st.dates(D(2026, 1, 1), D(2030, 12, 31)),
    length=st.integers(0, 731),
)
def test_every_day_is_the_weekday_of_the_first_and_stands_in_the_period(
    frequency: str, every: int, first: D, length: int
) -> None:
    last = first + dt.timedelta(days=length)
    days = list(days_of(frequency, every, first, last))
    assert days[0] == first
    assert days == sorted(set(days))
    assert days[-1] <= last
    assert {day.weekday() for day in days} == {first.weekday()}
    if frequency == "monthly":
        assert {(day.day - 1) // 7 for day in days} == {(first.day - 1) // 7}
        assert len(days) + len(months_without(frequency, every, first, last)) >= 1
