"""Two changes of one tree at the same moment: each is right alone, and together they would tear it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.organisations.api import Unit, tree_on, unit_close, unit_create, unit_move
from tests.factories.organisations import unit
from tests.support.race import meeting_at, together, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate


@pytest.fixture
def ring() -> list[Unit]:
    """Eight units at the top; each of them moved under the next one would close a circle."""
    return [unit(f"Enhed {number}") for number in range(8)]


def race(*acts: Callable[[], object]) -> list[object]:
    """Run the acts together, each held where it has looked and not yet been seen."""
    with meeting_at("organisations.tree_checked", len(acts)):
        return together(lambda number: acts[number](), threads=len(acts))


def move_round(ring: list[Unit]) -> list[object]:
    def move(number: int) -> Callable[[], object]:
        below = ring[(number + 1) % len(ring)]
        return lambda: unit_move(actor=None, unit=ring[number], parent=below, on=TODAY())

    return race(*(move(number) for number in range(len(ring))))


def test_moves_that_together_close_a_circle_leave_a_tree(ring: list[Unit]) -> None:
    outcomes = move_round(ring)
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1
    tree = tree_on([ring[0].municipality_id], on=TODAY())
    assert not tree.cycle()
    assert len(tree.below([tree.path(ring[0].pk)[0]])) == 8


def test_negative_control_without_the_lock_they_close_it(ring: list[Unit]) -> None:
    with without_locks():
        outcomes = move_round(ring)
    assert outcomes == [None] * 8
    assert len(tree_on([ring[0].municipality_id], on=TODAY()).cycle()) == 8


def close_and_fill() -> tuple[Unit, list[object]]:
    """End a unit while others are moved and made below it."""
    ending, moving = unit("Lukkes"), unit("Flyttes")
    outcomes = race(
        lambda: unit_close(actor=None, unit=ending, last_day=TODAY()),
        lambda: unit_move(actor=None, unit=moving, parent=ending, on=TODAY()),
        lambda: unit_create(
            actor=None, municipality=ending.municipality, code="ny", name="Ny", parent=ending, valid_from=TODAY()
        ),
    )
    ending.refresh_from_db()
    return ending, outcomes


def outlives(ending: Unit) -> bool:
    """Tell whether anything goes on below a unit that has ended."""
    below = ending.placements_below.filter(valid_to__isnull=True, unit__valid_to__isnull=True)
    return ending.valid_to is not None and below.exists()


def test_nothing_stays_below_a_unit_that_ends() -> None:
    ending, outcomes = close_and_fill()
    assert not outlives(ending)
    assert any(isinstance(outcome, ValidationError) for outcome in outcomes)


def test_negative_control_without_the_lock_something_stays() -> None:
    with without_locks():
        ending, outcomes = close_and_fill()
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert outlives(ending)
