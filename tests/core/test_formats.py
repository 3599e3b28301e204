"""Dates, clock times and sorting as Danes write and do them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from portal.core import formats
from portal.core.sorting import danish_key


@pytest.mark.parametrize(
    ("language", "expected"),
    [("da", "tirsdag 12. maj 2026 kl. 15.30–17.30"), ("en", "Tuesday 12 May 2026 at 15:30–17:30")],
)
def test_a_period_within_a_day(language: str, expected: str) -> None:
    start, end = datetime(2026, 5, 12, 13, 30, tzinfo=UTC), datetime(2026, 5, 12, 15, 30, tzinfo=UTC)
    with translation.override(language):
        assert formats.period(start, end) == expected


def test_the_day_is_the_danish_day() -> None:
    just_after_midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert formats.long_date(just_after_midnight) == "1. januar 2027"
    assert formats.long_date(date(2026, 3, 1)) == "1. marts 2026"


def test_a_period_over_midnight_names_both_days() -> None:
    start, end = datetime(2026, 5, 12, 20, 0, tzinfo=UTC), datetime(2026, 5, 13, 10, 0, tzinfo=UTC)
    assert formats.period(start, end) == "tirsdag 12. maj 2026 kl. 22.00 – onsdag 13. maj 2026 kl. 12.00"


def test_danes_sort_å_last_and_aa_as_å() -> None:
    names = ["Aarhus", "Ærø", "Aabenraa", "Vejle", "Østerby", "Ballerup", "Åby"]
    assert sorted(names, key=danish_key) == ["Ballerup", "Vejle", "Ærø", "Østerby", "Aabenraa", "Åby", "Aarhus"]
