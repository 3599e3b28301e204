"""Eight processes write what was searched for at the same moment: every search is counted, and once."""

from typing import Any

import pytest

from search.models import QueryCount, RareQuery, UsageWeek
from search.usage.counting import Tally
from search.usage.storing import THRESHOLD, store
from tests.support.race import meeting_at, together, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]

THREADS = 8


def at_once() -> list[Any]:
    """Write a batch from each thread; all of them have read before one of them writes, if they can."""
    with meeting_at("search.usage_read", THREADS):
        return together(
            lambda number: store({"mus": Tally(number, 3, 1), "skranke": Tally(number, 1, 1)}), threads=THREADS
        )


def test_every_search_is_counted_once_and_nobody_fails() -> None:
    assert at_once() == [None] * THREADS
    found = {row.text: (row.times, row.misses) for row in QueryCount.objects.all()}
    assert found == {"mus": (3 * THREADS, THREADS), "skranke": (THREADS, THREADS)}
    assert UsageWeek.objects.count() == 1
    assert not RareQuery.objects.exists()


def test_negative_control_without_the_week_s_lock_searches_are_lost() -> None:
    UsageWeek.objects.all().delete()
    with without_locks():
        outcomes = at_once()
    counted = sum(QueryCount.objects.filter(text="mus").values_list("times", flat=True))
    counted += sum(RareQuery.objects.values_list("times", flat=True))
    assert any(outcomes) or counted < 3 * THREADS
    assert THRESHOLD < THREADS
