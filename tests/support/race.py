"""Real threads at one row: started together, met at a named failpoint, each with a connection of its own.

A race test shows something only if the same test fails with the lock away: `without_locks` is for that second run.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from django.db import connections
from django.db.models import QuerySet

from portal.core.failpoints import set_failpoint

T = TypeVar("T")
_SECONDS = 30.0


def together(act: Callable[[int], T], *, threads: int = 8) -> list[T | Exception]:
    """Call `act(number)` in that many threads at the same moment and return what each returned or raised, in order.

    Raises:
        TimeoutError: a thread did not come back; two of them hold what the other one waits for.
    """
    start = threading.Barrier(threads)
    outcomes: dict[int, T | Exception] = {}

    def run(number: int) -> None:
        try:
            start.wait(_SECONDS)
            outcomes[number] = act(number)
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(_SECONDS)
    if any(thread.is_alive() for thread in running):
        raise TimeoutError("A thread did not come back: a deadlock, or a lock that is never given up.")
    return [outcomes[number] for number in range(threads)]


class MeetingPoint:
    """Where threads wait for each other; one that waits too long goes on alone."""

    def __init__(self, parties: int, patience: float = 1.0) -> None:
        self._barrier = threading.Barrier(parties)
        self._patience = patience

    def wait(self) -> None:
        """Wait for the others, within patience: under a lock they cannot come, and that is right."""
        try:
            self._barrier.wait(self._patience)
        except threading.BrokenBarrierError:
            return


@contextmanager
def meeting_at(failpoint: str, parties: int) -> Iterator[None]:
    """Hold every thread at a named failpoint until that many are there."""
    set_failpoint(failpoint, MeetingPoint(parties).wait)
    try:
        yield
    finally:
        set_failpoint(failpoint, None)


@contextmanager
def without_locks() -> Iterator[None]:
    """Take `SELECT … FOR UPDATE` away: the negative control, in which the same test must fail."""

    def unlocked(queryset: "QuerySet[T]", *args: object, **kwargs: object) -> "QuerySet[T]":  # type: ignore[type-var]
        return queryset.all()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", unlocked)
        yield
