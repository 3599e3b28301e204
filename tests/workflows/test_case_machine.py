"""Cases against a small pure model: start, transitions, time that passes, definitions that change under them.

The invariant: each history is a path of the version that the case began with, whatever came after.
"""

import datetime as dt
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.core.errors import RefusedError
from portal.organisations.api import Region
from portal.workflows.api import Asker, Case, Via, case_start, case_transition, cases_due, registry
from portal.workflows.models import CaseDefinition
from portal.workflows.storing import definitions_import

pytestmark = pytest.mark.django_db
registry.kind("tests.machine", origin=__name__)
NOON = dt.datetime(2026, 11, 2, 11, 0, tzinfo=dt.UTC)
# Each version: from → (transition → to) for a person, and from → (days, to) for the clock.
Version = tuple[dict[str, dict[str, str]], dict[str, tuple[int, str]]]
VERSIONS: tuple[Version, ...] = (
    ({"a": {"go": "b"}, "b": {"back": "a", "end": "z"}}, {"a": (10, "b")}),
    ({"a": {"go": "c", "end": "z"}, "c": {"back": "a"}}, {"c": (5, "z")}),
    ({"a": {"end": "z"}}, {"a": (20, "z")}),
)


def text(version: Version) -> str:
    """Return the version as a file."""
    people, clock = version
    keys = sorted({"a", "z", *people, *clock, *(to for ways in people.values() for to in ways.values())})
    lines = ['key = "machine"', 'kind = "tests.machine"', 'title = { da = "x", en = "x" }']
    for key in keys:
        flags = {"a": "start = true", "z": "final = true"}.get(key, "")
        lines += ["[[states]]", f'key = "{key}"', 'title = { da = "x", en = "x" }', flags]
    ways = [(f"{name}-{of}", of, to, 'who = ["link"]') for of, some in people.items() for name, to in some.items()]
    ways += [(f"clock-{of}", of, to, f"after = {{ days = {days} }}") for of, (days, to) in clock.items()]
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
    """The model: for each case its version, its path, and when it came where it is."""

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

    @initialize()
    def begin(self) -> None:
        self.regions = list(Region.objects.order_by("pk")[:3])
        self.redefine(0)

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
            self.model[case.pk] = {"version": self.version, "path": ["a"], "since": self.now}

    @rule(name=st.sampled_from(["go", "back", "end"]), pick=st.integers(0, 9), stale=st.booleans())
    def move(self, name: str, pick: int, stale: bool) -> None:
        if not self.model:
            return
        pk = sorted(self.model)[pick % len(self.model)]
        told, case = self.model[pk], Case.objects.get(pk=pk)
        here = told["path"][-1]
        target = VERSIONS[told["version"]][0].get(here, {}).get(name)
        expected = len(told["path"]) + (7 if stale else 0)
        asker = Asker(via=Via.LINK, label="x")
        try:
            with time_machine.travel(self.now, tick=False):
                case_transition(asker=asker, case=case, transition=f"{name}-{here}", expected=expected)
        except RefusedError:
            assert stale or target is None
        else:
            assert target is not None and not stale
            told["path"].append(target)
            told["since"] = self.now

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        for _day in range(days):
            self.now += dt.timedelta(days=1)
            with time_machine.travel(self.now, tick=False):
                cases_due()
            for told in self.model.values():
                wait = VERSIONS[told["version"]][1].get(told["path"][-1])
                if wait and (self.now - told["since"]).days >= wait[0]:
                    told["path"].append(wait[1])
                    told["since"] = self.now

    @invariant()
    def the_history_is_the_path_of_its_version(self) -> None:
        for pk, told in self.model.items():
            case = Case.objects.get(pk=pk)
            steps = list(case.steps.order_by("number"))
            assert [step.target for step in steps] == told["path"]
            assert [step.number for step in steps] == list(range(1, case.number + 1))
            assert all(later.source == earlier.target for earlier, later in pairwise(steps))
            assert (case.state, case.is_open) == (told["path"][-1], told["path"][-1] != "z")
            people, clock = VERSIONS[told["version"]]
            allowed = {(of, to) for of, ways in people.items() for to in ways.values()}
            allowed |= {(of, to) for of, (_days, to) in clock.items()}
            assert {(step.source, step.target) for step in steps[1:]} <= allowed

    @invariant()
    def a_version_is_never_changed(self) -> None:
        stored = {row.version: row for row in CaseDefinition.objects.filter(key="machine")}
        assert sorted(stored) == list(range(1, len(stored) + 1))


def test_each_history_is_a_path_of_its_version() -> None:
    run_state_machine_as_test(CaseMachine, settings=settings(stateful_step_count=20))
