"""Whose turn it is. Pure: no rows, no clock, so that the rule can be read and tried on paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiter:
    """A sign-up in line, with as many people as still wait."""

    sign_up: int
    size: int
    may_split: bool


def turns(
    line: Iterable[Waiter], *, free: int | None, capacity: int | None, smaller_may_pass: bool
) -> Iterator[tuple[int, int]]:
    """Yield who gets how many seats, first come first.

    A group that does not fit is not split unless it says so, and nobody passes it unless the organiser says so. A group
    that is larger than the whole never fits, and does not hold up the others.
    """
    for waiter in line:
        seats = waiter.size if free is None else _seats(waiter, free)
        if seats:
            free = None if free is None else free - seats
            yield waiter.sign_up, seats
        elif not smaller_may_pass and (capacity is None or waiter.size <= capacity):
            return


def _seats(waiter: Waiter, free: int) -> int:
    if waiter.size <= free:
        return waiter.size
    return free if waiter.may_split else 0


def free_seats(capacity: int | None, held: int) -> int | None:
    """Return how many seats are free, never fewer than none: what is over capacity is no debt of those who wait."""
    return None if capacity is None else max(0, capacity - held)
