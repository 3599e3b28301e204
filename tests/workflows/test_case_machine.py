"""Cases against a small pure model: start, transitions, days that are chosen, time that passes, definitions that change.

The invariant: each history is a path of the version that the case began with, whatever came after.
"""

import datetime as dt
import tempfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import pytest
import time_machine
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

from portal.core.errors import RefusedError
from portal.organisations.api import Region
from portal.workflows.api import Asker, Case, Via, case_start, case_transition, cases_due, registry
from portal.workflows.models import CaseDefinition
from portal.workflows.storing import definitions_import

pytestmark = pytest.mark.django_db
registry.kind("tests.machine", origin=__name__)
NOON = dt.datetime(2026, 11, 2, 11, 0, tzinfo=dt.UTC)
# How far ahead a day may be chosen.
MOST = 14


@dataclass(frozen=True)
class Version:
    """One version: from → (transition → to) for a person, from → (days, to) for the clock.

    `waits`: from → (transition → to) for a person who chooses a day; `given`: from → to on that day.
    """

    people: dict[str, dict[str, str]]
    clock: dict[str, tuple[int, str]] = field(default_factory=dict)
    waits: dict[str, dict[str, str]] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)

    def target(self, here: str, name: str) -> str | None:
        """Return where a person's wish leads from a state."""
        return {**self.people.get(here, {}), **self.waits.get(here, {})}.get(name)


VERSIONS = (
    Version({"a": {"go": "b"}, "b": {"back": "a", "end": "z"}}, {"a": (10, "b")}),
    Version({"a": {"go": "c", "end": "z"}, "c": {"back": "a"}}, {"c": (5, "z")}),
    Version({"a": {"end": "z"}}, {"a": (20, "z")}),
    Version(
        {"a": {"end": "z"}, "p": {"end": "z"}}, {"a": (20, "z")}, {"a": {"wait": "p"}, "p": {"wait": "p"}}, {"p": "a"}
    ),
    # The clock may come before the chosen day.
    Version({"p": {"end": "z"}}, {"p": (8, "z")}, {"a": {"wait": "p"}}, {"p": "a"}),
)


def text(version: Version) -> str:
    """Return the version as a file."""
    people, clock, waits = version.people, version.clock, version.waits
    targets = (to for some in (people, waits) for ways in some.values() for to in ways.values())
    keys = sorted({"a", "z", *people, *clock, *targets})
    lines = ['key = "machine"', 'kind = "tests.machine"', 'title = { da = "x", en = "x" }']
    for key in keys:
        flags = {"a": "start = true", "z": "final = true"}.get(key, "")
        lines += ["[[states]]", f'key = "{key}"', 'title = { da = "x", en = "x" }', flags]
    ways = [(f"{name}-{of}", of, to, 'who = ["link"]') for of, some in people.items() for name, to in some.items()]
    ways += [(f"clock-{of}", of, to, f"after = {{ days = {days} }}") for of, (days, to) in clock.items()]
    asks = f'who = ["link"]\nasks_day = {{ days = {MOST} }}'
    ways += [(f"{name}-{of}", of, to, asks) for of, some in waits.items() for name, to in some.items()]
    ways += [(f"given-{of}", of, to, 'due = "given"') for of, to in version.given.items()]
    for key, of, to, how in ways:
        lines += [
            "[[transitions]]",
            f'key = "{key}"',
            'title = { da = "x", en = "x" }',
            f'from = ["{of}"]',
            f'to = "{to}"',
            how,
        ]
    return "\n".join(lines)


class CaseMachine(RuleBasedStateMachine):
    """The model: for each case its version, its path, when it came where it is, and the day that was chosen."""

    # What has happened in any run: a machine that never gets there shows nothing.
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.version = 0
        self.model: dict[int, dict[str, Any]] = {}
        self.folder = tempfile.TemporaryDirectory()
        self.savepoint = transaction.savepoint()

    def teardown(self) -> None:
        self.folder.cleanup()
        transaction.savepoint_rollback(self.savepoint)

    # The first is what is tried most.
    @initialize(number=st.sampled_from([3, 4, 0, 1, 2]))
    def begin(self, number: int) -> None:
        """Begin with a case, so that no run is spent on nothing."""
        self.regions = list(Region.objects.order_by("pk")[:3])
        self.redefine(number)
        self.start(0)

    @rule(number=st.integers(0, len(VERSIONS) - 1))
    def redefine(self, number: int) -> None:
        file = Path(self.folder.name) / "machine.toml"
        file.write_text(text(VERSIONS[number]), encoding="utf-8")
        definitions_import(actor=None, files=[file])
        self.version = number

    @rule(which=st.integers(0, 2))
    def start(self, which: int) -> None:
        with time_machine.travel(self.now, tick=False):
            case = case_start(actor=None, kind="tests.machine", subject=self.regions[which])
        if case.pk not in self.model:
            self.model[case.pk] = {"version": self.version, "path": ["a"], "since": self.now, "day": None}

    @precondition(lambda self: self.model)
    @rule(
        name=st.sampled_from(["go", "back", "end"]),
        pick=st.integers(0, 9),
        stale=st.booleans(),
        ahead=st.none() | st.just(3),
    )
    def move(self, name: str, pick: int, stale: bool, ahead: int | None) -> None:
        pks = sorted(self.model)
        self.wish(pks[pick % len(pks)], name, stale=stale, ahead=ahead)

    @precondition(lambda self: self.waiting())
    @rule(
        pick=st.integers(0, 9),
        stale=st.sampled_from([False, False, True]),
        ahead=st.sampled_from([1, 3, MOST, MOST + 1, 0, -1, None]),
    )
    def put_off(self, pick: int, stale: bool, ahead: int | None) -> None:
        pks = self.waiting()
        self.wish(pks[pick % len(pks)], "wait", stale=stale, ahead=ahead)

    def waiting(self) -> list[int]:
        """Return the cases that somebody may put off."""
        told = self.model.items()
        return sorted(pk for pk, case in told if VERSIONS[case["version"]].waits.get(case["path"][-1]))

    def wish(self, pk: int, name: str, *, stale: bool, ahead: int | None) -> None:
        """Ask for a transition, and compare what comes of it."""
        told, case = self.model[pk], Case.objects.get(pk=pk)
        here = told["path"][-1]
        version = VERSIONS[told["version"]]
        target = version.target(here, name)
        waits = name in version.waits.get(here, {})
        day = None if ahead is None else self.now.date() + dt.timedelta(days=ahead)
        fits = not waits or (ahead is not None and 1 <= ahead <= MOST)
        expected = len(told["path"]) + (7 if stale else 0)
        asker = Asker(via=Via.LINK, label="x")
        try:
            with time_machine.travel(self.now, tick=False):
                case_transition(asker=asker, case=case, transition=f"{name}-{here}", expected=expected, day=day)
        except RefusedError:
            assert stale or target is None or not fits
            self.reached.add("refused for its day" if target and not stale else "refused")
        else:
            assert target is not None
            assert fits and not stale
            told["path"].append(target)
            told["since"], told["day"] = self.now, day if waits else None
            self.reached.add("put off" if waits else "moved")

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        for _day in range(days):
            self.now += dt.timedelta(days=1)
            with time_machine.travel(self.now, tick=False):
                cases_due()
            for told in self.model.values():
                if target := self.moved_by_clock(told):
                    self.reached.add("came back" if told["day"] and target == "a" else "moved by the clock")
                    told["path"].append(target)
                    told["since"], told["day"] = self.now, None

    @precondition(lambda self: any(told["day"] for told in self.model.values()))
    @rule()
    def a_chosen_day_comes(self) -> None:
        nearest = min(told["day"] for told in self.model.values() if told["day"])
        self.time_passes((nearest - self.now.date()).days)

    def moved_by_clock(self, told: dict[str, Any]) -> str | None:
        """Return where the clock takes a case at this noon: what comes first; a day begins with its first minute."""
        version, here = VERSIONS[told["version"]], told["path"][-1]
        moments: list[tuple[dt.datetime, str]] = []
        if wait := version.clock.get(here):
            moments.append((told["since"] + dt.timedelta(days=wait[0]), wait[1]))
        if here in version.given:
            moments.append((dt.datetime.combine(told["day"], dt.time.min, tzinfo=dt.UTC), version.given[here]))
        return next((target for moment, target in sorted(moments) if moment <= self.now), None)

    @invariant()
    def the_history_is_the_path_of_its_version(self) -> None:
        for pk, told in self.model.items():
            case = Case.objects.get(pk=pk)
            steps = list(case.steps.order_by("number"))
            assert [step.target for step in steps] == told["path"]
            assert [step.number for step in steps] == list(range(1, case.number + 1))
            assert all(later.source == earlier.target for earlier, later in pairwise(steps))
            assert (case.state, case.is_open) == (told["path"][-1], told["path"][-1] != "z")
            version = VERSIONS[told["version"]]
            allowed = {
                (of, to)
                for some in (version.people, version.waits)
                for of, ways in some.items()
                for to in ways.values()
            }
            allowed |= {(of, to) for of, (_days, to) in version.clock.items()} | set(version.given.items())
            assert {(step.source, step.target) for step in steps[1:]} <= allowed

    @invariant()
    def a_case_knows_its_day_and_no_other(self) -> None:
        for pk, told in self.model.items():
            case = Case.objects.get(pk=pk)
            assert case.chosen_day == told["day"] == case.steps.get(number=case.number).chosen_day
            assert not told["day"] or case.state in VERSIONS[told["version"]].given

    @invariant()
    def a_version_is_never_changed(self) -> None:
        stored = {row.version: row for row in CaseDefinition.objects.filter(key="machine")}
        assert sorted(stored) == list(range(1, len(stored) + 1))


def test_each_history_is_a_path_of_its_version() -> None:
    CaseMachine.reached.clear()
    run_state_machine_as_test(CaseMachine, settings=settings(stateful_step_count=20))
    wanted = {"moved", "moved by the clock", "put off", "came back", "refused", "refused for its day"}
    assert CaseMachine.reached == wanted
