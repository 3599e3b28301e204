"""The disclosure rules against an attacker who takes part and reads every published figure."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.organisations.api import SMALLEST_GROUP
from profilecatalog.assessment import disclosure
from profilecatalog.assessment.disclosure import (
    Cell,
    Total,
    UnsafeTotalsError,
    disclose,
    is_safe,
    share_to_five,
    tells_on_others,
)
from profilecatalog.assessment.enums import Suppression

LEVELS = 4
THRESHOLD = 8
answer = st.one_of(st.none(), st.integers(1, LEVELS))


def cell(levels: list[int | None], *, key: str = "a", competence: str = "c", first: int = 0, size: int = 0) -> Cell:
    """Return a cell of consecutive people from `first` on."""
    answers = {first + number: level for number, level in enumerate(levels)}
    return Cell(key, competence, size or len(levels), answers, LEVELS)


def one(levels: list[int | None], threshold: int = THRESHOLD, **kwargs: Any) -> Total:
    (total,) = disclose([cell(levels, **kwargs)], threshold)
    return total


def known_to(own: int, counts: tuple[int, ...]) -> set[tuple[int, ...]]:
    """Return every way the others can have answered, as the attacker who gave `own` sees it: her own taken out."""
    others = list(counts)
    others[own - 1] -= 1
    return {tuple(others)}


def names_everybody(own: int, counts: tuple[int, ...]) -> bool:
    """Try, by brute force, whether the attacker can say of one particular other person what she answered."""
    (others,) = known_to(own, counts)
    people = sum(others)
    possible = [
        levels
        for levels in product(range(1, LEVELS + 1), repeat=people)
        if tuple(levels.count(level) for level in range(1, LEVELS + 1)) == others
    ]
    return any(len({levels[person] for levels in possible}) == 1 for person in range(people))


# --- One total ----------------------------------------------------------------------------------------------------


def test_a_mixed_group_that_is_large_enough_is_shown() -> None:
    total = one([1, 1, 2, 2, 3, 3, 4, 4, None])
    assert (total.counts, total.n, total.without_level, total.group_size) == ((2, 2, 2, 2), 8, 1, 9)
    assert total.suppressed is None


@pytest.mark.parametrize(
    ("levels", "reason"),
    [
        ([1, 2, 3, 4, 1, 2, 3], Suppression.TOO_FEW),
        # Eight answered, and seven with a level: the group is large enough, the levels are not.
        ([1, 2, 3, 4, 1, 2, 3, None], Suppression.PROTECTED),
        # Everybody the same, and everybody but one the same.
        ([3] * 12, Suppression.PROTECTED),
        ([3] * 11 + [1], Suppression.PROTECTED),
        ([None] * 12, Suppression.PROTECTED),
    ],
)
def test_a_hidden_total_holds_no_figure(levels: list[int | None], reason: Suppression) -> None:
    total = one(levels)
    assert total.suppressed is reason
    assert (total.counts, total.n, total.without_level) == ((), None, None)
    assert total.group_size == (None if reason is Suppression.TOO_FEW else len(levels))


def test_two_who_differ_are_enough_to_hide_behind() -> None:
    assert one([3] * 10 + [1, 1]).suppressed is None
    assert one([3] * 10 + [1, 2]).suppressed is None


@given(st.lists(answer, max_size=40), st.integers(0, 20))
def test_whatever_is_shown_stands_the_attack(levels: list[int | None], threshold: int) -> None:
    total = one(levels, threshold)
    if total.suppressed:
        assert (total.counts, total.n, total.without_level) == ((), None, None)
        return
    assert total.n is not None
    assert total.n >= max(threshold, SMALLEST_GROUP)
    assert max(total.counts) <= total.n - 2
    for own, count in enumerate(total.counts, start=1):
        assert not (count and tells_on_others(total.counts)), own


@given(st.lists(st.integers(1, LEVELS), min_size=2, max_size=7))
def test_the_rule_is_what_brute_force_finds(levels: list[int]) -> None:
    counts = tuple(levels.count(level) for level in range(1, LEVELS + 1))
    by_force = any(names_everybody(own, counts) for own, count in enumerate(counts, start=1) if count)
    assert tells_on_others(counts) == by_force


@given(st.lists(answer, min_size=THRESHOLD, max_size=30))
def test_hidden_totals_of_equal_groups_look_alike(levels: list[int | None]) -> None:
    """Somebody who sees that a total is hidden does not learn which of the rules hid it."""
    total = one(levels)
    if total.suppressed:
        assert total == one([None] * len(levels))


# --- Several totals -----------------------------------------------------------------------------------------------


def mixed(size: int) -> list[int | None]:
    return [1 + number % LEVELS for number in range(size)]


def test_two_groups_without_a_common_person_are_both_shown() -> None:
    totals = disclose([cell(mixed(8)), cell(mixed(8), key="b", first=100)], THRESHOLD)
    assert [total.suppressed for total in totals] == [None, None]


def test_the_difference_of_two_totals_is_hidden_with_the_smaller_one() -> None:
    larger, smaller = cell(mixed(20)), cell(mixed(19), key="b")
    totals = {total.key: total for total in disclose([smaller, larger], THRESHOLD)}
    assert totals["a"].suppressed is None
    assert totals["b"].suppressed is Suppression.PROTECTED
    # About another competence there is nothing to subtract.
    apart = Cell("b", "another", 19, smaller.answers, LEVELS)
    assert not any(total.suppressed for total in disclose([apart, larger], THRESHOLD))


def test_a_large_and_mixed_difference_may_stand_and_a_large_unanimous_one_may_not() -> None:
    larger = cell(mixed(20))
    half = cell(mixed(10), key="b")
    assert not any(total.suppressed for total in disclose([larger, half], THRESHOLD))
    same_rest: Mapping[Any, int | None] = dict(enumerate([*mixed(10), *[3] * 10]))
    totals = disclose([Cell("a", "c", 20, same_rest, LEVELS), half], THRESHOLD)
    assert [total.suppressed for total in totals] == [None, Suppression.PROTECTED]


@st.composite
def overlapping(draw: st.DrawFn) -> list[Cell]:
    people = draw(st.lists(answer, min_size=5, max_size=40))
    cells = []
    for key in range(draw(st.integers(1, 4))):
        chosen = draw(st.sets(st.integers(0, len(people) - 1), min_size=1))
        cells.append(Cell(key, "c", len(chosen), {person: people[person] for person in chosen}, LEVELS))
    return cells


def shown(cells: list[Cell], totals: list[Total]) -> Iterator[Cell]:
    return (c for c, total in zip(cells, totals, strict=True) if not total.suppressed)


@given(overlapping())
def test_no_difference_of_two_shown_totals_is_about_few_or_unanimous_people(cells: list[Cell]) -> None:
    totals = disclose(cells, THRESHOLD)
    kept = list(shown(cells, totals))
    for left in kept:
        for right in kept:
            if not left.answers.keys() & right.answers.keys():
                continue
            rest = [level for person, level in left.answers.items() if person not in right.answers]
            counts = [rest.count(level) for level in range(1, LEVELS + 1)]
            assert not rest or is_safe(counts, THRESHOLD)


def test_the_engine_refuses_its_own_unsafe_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "is_safe", lambda counts, threshold: True)
    with pytest.raises(UnsafeTotalsError):
        disclose([cell([3] * 12)], THRESHOLD)
    with pytest.raises(UnsafeTotalsError):
        disclose([cell([1, 2])], 2) and disclose([cell([1, 2, 3], size=9)], THRESHOLD)


# --- Rounded shares -----------------------------------------------------------------------------------------------


@given(st.integers(0, 500), st.integers(1, 500))
def test_shares_are_whole_fives_and_never_far_off(part: int, whole: int) -> None:
    share = share_to_five(min(part, whole), whole)
    assert share % 5 == 0
    assert 0 <= share <= 100
    assert abs(share - 100 * min(part, whole) / whole) <= 2.5


def test_halves_are_rounded_up() -> None:
    assert [share_to_five(part, 40) for part in (0, 1, 3, 5, 40)] == [0, 5, 10, 15, 100]
