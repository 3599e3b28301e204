"""The tree of units against a small model that knows days and nothing else: units, moves and endings as time goes by.

The model keeps, for each unit, the days on which it exists and for each of them its parent, written out day by day. It
shares no rule with the code that it checks; what the services refuse, the model refuses for its own reason.
"""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.organisations.api import Unit, tree_on, unit_close, unit_create, unit_move
from tests.factories.organisations import municipality

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

FIRST, HORIZON = dt.date(2026, 3, 2), 8
PAST = 2
days = st.integers(0, HORIZON - 1)
indexes = st.integers(0, 7)


class Model:
    """Parents by unit and day; a unit is absent on the days that it has no entry for."""

    def __init__(self) -> None:
        self.lives: dict[int, tuple[int, int]] = {}
        # The moves of a unit: from that day on this parent, until the next move.
        self.moves: dict[int, dict[int, int | None]] = {}

    def on(self, day: int) -> dict[int, int | None]:
        return {unit: self.parent(unit, day) for unit in self.lives if self.alive(unit, day)}

    def alive(self, unit: int, day: int) -> bool:
        first, last = self.lives[unit]
        return first <= day <= last

    def parent(self, unit: int, day: int) -> int | None:
        return self.moves[unit][max(start for start in self.moves[unit] if start <= day)]

    def broken(self) -> bool:
        """Tell whether some day has a unit under one that is away, or a unit under itself."""
        return any(self._broken_on(self.on(day)) for day in range(HORIZON))

    @staticmethod
    def _broken_on(parents: dict[int, int | None]) -> bool:
        for above in parents.values():
            here, steps = above, 0
            while here is not None:
                if here not in parents or steps > len(parents):
                    return True
                here, steps = parents[here], steps + 1
        return False


class TreeMachine(RuleBasedStateMachine):
    """Each step is tried on both; both do it, or both refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.model, self.units = Model(), list[Unit]()
        self.today = PAST
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    @initialize()
    def begin(self) -> None:
        self.clock = time_machine.travel(self._noon(), tick=False)
        self.clock.start()
        self.home = municipality()
        self.seen: dict[int, dict[int, int | None]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        if hasattr(self, "clock"):
            self.clock.stop()

    def _noon(self) -> dt.datetime:
        return dt.datetime.combine(FIRST + dt.timedelta(days=self.today), dt.time(11), dt.UTC)

    @staticmethod
    def day(number: int) -> dt.date:
        return FIRST + dt.timedelta(days=number)

    def _pick(self, index: int | None) -> int | None:
        return None if index is None or not self.units else index % len(self.units)

    def _agree(self, act: Any, change: Any) -> None:
        """Do it for real and in the model; where the model would break or says no, the service must have refused."""
        lives, moves = dict(self.model.lives), {unit: dict(rows) for unit, rows in self.model.moves.items()}
        may = change() and not self.model.broken()
        try:
            with transaction.atomic():
                act()
        except ValidationError:
            assert not may, "refused, and the model sees no reason"
        else:
            assert may, "done, and the model sees a reason against it"
        if not may:
            self.model.lives, self.model.moves = lives, moves

    @precondition(lambda self: len(self.units) < 7)
    @rule(first=days, length=st.none() | days, parent=st.none() | indexes)
    def create(self, first: int, length: int | None, parent: int | None) -> None:
        above, number = self._pick(parent), len(self.units)
        last = None if length is None else min(first + length, HORIZON - 2)
        if last is not None and last < first:
            last = None

        def change() -> bool:
            self.model.lives[number] = (first, HORIZON if last is None else last)
            self.model.moves[number] = {first: above}
            return self._covered(number)

        def act() -> None:
            self.units.append(
                unit_create(
                    actor=None,
                    municipality=self.home,
                    code=str(number),
                    name=str(number),
                    valid_from=self.day(first),
                    valid_to=None if last is None else self.day(last),
                    parent=None if above is None else self.units[above],
                )
            )

        self._agree(act, change)
        if number in self.model.lives:
            # A unit entered late joins the days that were seen without it.
            for day, parents in self.seen.items():
                if self.model.alive(number, day):
                    parents[number] = above

    def _covered(self, unit: int) -> bool:
        """Tell whether each parent lives as long as the unit stands under it; the last day stands for "for good"."""
        first, last = self.model.lives[unit]
        for day in range(first, last + 1):
            above = self.model.parent(unit, day)
            if above is not None and not self.model.alive(above, day):
                return False
        return True

    @precondition(lambda self: self.units)
    @rule(unit=indexes, parent=st.none() | indexes, on=days)
    def move(self, unit: int, parent: int | None, on: int) -> None:
        number, above = self._pick(unit), self._pick(parent)

        def change() -> bool:
            if on < self.today or not self.model.alive(number, on):
                return False
            if self.model.parent(number, on) != above:
                self.model.moves[number][on] = above
            return self._covered(number)

        target = None if above is None else self.units[above]
        self._agree(lambda: unit_move(actor=None, unit=self.units[number], parent=target, on=self.day(on)), change)

    @precondition(lambda self: self.units)
    @rule(unit=indexes, last=st.none() | st.integers(0, HORIZON - 2))
    def close(self, unit: int, last: int | None) -> None:
        number = self._pick(unit)
        end = HORIZON if last is None else last

        def change() -> bool:
            first, before = self.model.lives[number]
            if end == before:
                return True
            if end < first or min(end, before) < self.today - 1:
                return False
            self.model.lives[number] = (first, end)
            return all(self._covered(found) for found in self.model.lives)

        last_day = None if last is None else self.day(last)
        self._agree(lambda: unit_close(actor=None, unit=self.units[number], last_day=last_day), change)

    @precondition(lambda self: self.today < HORIZON - 2)
    @rule()
    def night_falls(self) -> None:
        """Remember the day that is over; from now on nothing may change it."""
        self.seen[self.today] = self._real(self.today)
        self.today += 1
        self.clock.stop()
        self.clock = time_machine.travel(self._noon(), tick=False)
        self.clock.start()

    def _real(self, day: int) -> dict[int, int | None]:
        number = {unit.pk: place for place, unit in enumerate(self.units)}
        tree = tree_on([self.home], on=self.day(day))
        assert not tree.cycle()
        found = tree.parents
        return {number[unit]: None if parent is None else number[parent] for unit, parent in found.items()}

    @invariant()
    def the_tree_of_every_day_is_the_models(self) -> None:
        if not self.units:
            return
        for day in range(HORIZON):
            assert self._real(day) == self.model.on(day)

    @invariant()
    def the_past_is_as_it_was(self) -> None:
        for day, parents in getattr(self, "seen", {}).items():
            assert self._real(day) == parents


def test_the_tree_of_units_is_the_models() -> None:
    run_state_machine_as_test(TreeMachine, settings=settings(stateful_step_count=20))
