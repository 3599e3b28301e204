"""Every act in every order, beside a model on paper that knows no rows: who has a seat, who waits, who has an offer."""

import datetime as dt
import os
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import hypothesis
import pytest
import time_machine
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from portal.seats.api import (
    GroupSizeError,
    NotOpenError,
    OfferingSpec,
    Person,
    SignUp,
    breaches,
    offer_accept,
    offer_decline,
    offering_save,
    offers_expire,
    person_substitute,
    places_cancel,
    sign_up_group,
    waiting_leave,
)
from tests.seats.lines import HOUR, NOON

DEADLINE = NOON + 200 * HOUR
OFFER_HOURS = 24
SECOND = dt.timedelta(seconds=1)
MOSTLY = st.sampled_from([True, True, False])


@dataclass
class Paper:
    """One sign-up on paper: the state of each place, and the last moment of each open offer by its places."""

    may_split: bool
    places: list[str]
    offers: list[tuple[dt.datetime, list[int]]] = field(default_factory=list)

    def having(self, *states: str) -> list[int]:
        return [number for number, state in enumerate(self.places) if state in states]

    def put(self, numbers: list[int], state: str) -> None:
        for number in numbers:
            self.places[number] = state
        kept = [(until, [n for n in of if self.places[n] == "offered"]) for until, of in self.offers]
        self.offers = [(until, of) for until, of in kept if of]


@dataclass
class Model:
    """The rules, as one would tell them."""

    capacity: int | None
    pass_by: bool
    asks: bool
    line: list[Paper] = field(default_factory=list)

    def held(self) -> int:
        return sum(len(paper.having("booked", "offered")) for paper in self.line)

    def lapse(self, paper: Paper, of: list[int]) -> None:
        paper.put([*of, *paper.having("waiting")], "lapsed")

    def serve(self, now: dt.datetime, fresh: Paper | None = None) -> None:
        for paper, of in [(p, of) for p in self.line for until, of in p.offers if until <= now]:
            self.lapse(paper, [n for n in of if paper.places[n] == "offered"])
        if now >= DEADLINE:
            return
        for paper in [p for p in self.line if p.having("waiting")]:
            waiting = paper.having("waiting")
            free = 10**6 if self.capacity is None else max(0, self.capacity - self.held())
            if len(waiting) <= free or (paper.may_split and free):
                self.give(paper, waiting[:free], None if paper is fresh or not self.asks else now)
            elif not self.pass_by and len(waiting) <= self.capacity:
                return

    def give(self, paper: Paper, chosen: list[int], asked_at: dt.datetime | None) -> None:
        if asked_at is None:
            paper.put(chosen, "booked")
            return
        paper.offers.append((min(asked_at + OFFER_HOURS * HOUR, DEADLINE), chosen))
        paper.put(chosen, "offered")


class Seats(RuleBasedStateMachine):
    """The real seats and the paper, hand in hand."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now, self.numbers = NOON, count()
        self.rows: list[SignUp] = []
        self.model = Model(3, pass_by=False, asks=True)
        self.most_over = 0
        with self.clock():
            self.offering = offering_save(actor=None, spec=self.spec())

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def clock(self) -> Any:
        return time_machine.travel(self.now, tick=False)

    def spec(self) -> OfferingSpec:
        asked = OFFER_HOURS if self.model.asks else None
        return OfferingSpec(self.model.capacity, None, DEADLINE, "first_come", None, asked, self.model.pass_by)

    @rule(size=st.integers(1, 4), may_split=MOSTLY)
    def sign_up(self, size: int, may_split: bool) -> None:
        self.now += SECOND
        number = next(self.numbers)
        people = [Person(f"P {number} {each}", f"p{number}.{each}@kommune.example") for each in range(size)]
        wish: dict[str, Any] = {
            "people": people,
            "may_split": may_split,
            "contact_email": "k@kommune.example",
            "key": str(number),
        }
        with self.clock():
            try:
                row = sign_up_group(actor=None, offering=self.offering, **wish)
            except NotOpenError:
                assert self.now >= DEADLINE
                return
            except GroupSizeError:
                assert size > self.model.capacity and not may_split
                return
            assert sign_up_group(actor=None, offering=self.offering, **wish) == row
        paper = Paper(may_split, ["waiting"] * size)
        self.rows.append(row)
        self.model.line.append(paper)
        self.model.serve(self.now, fresh=paper)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        self.now += SECOND
        which = data.draw(st.integers(0, len(self.rows) - 1))
        paper, row = self.model.line[which], self.rows[which]
        some = data.draw(st.lists(st.integers(0, len(paper.places) - 1), unique=True))
        uuids = list(row.participants.order_by("pk").values_list("uuid", flat=True))
        with self.clock():
            places_cancel(actor=None, sign_up=row, places=[uuids[number] for number in some])
        gone = [number for number in some if paper.places[number] in ("waiting", "offered", "booked")]
        paper.put(gone, "cancelled")
        if gone:
            self.model.serve(self.now)

    @precondition(lambda self: any("booked" in paper.places for paper in self.model.line))
    @rule(number=st.integers(1, 2))
    def release(self, number: int) -> None:
        """Set seats free: without this rule a line is seldom served."""
        self.now += SECOND
        which = next(n for n, paper in enumerate(self.model.line) if "booked" in paper.places)
        paper, row = self.model.line[which], self.rows[which]
        gone = paper.having("booked")[:number]
        uuids = list(row.participants.order_by("pk").values_list("uuid", flat=True))
        with self.clock():
            places_cancel(actor=None, sign_up=row, places=[uuids[each] for each in gone])
        paper.put(gone, "cancelled")
        self.model.serve(self.now)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        self.now += SECOND
        which = data.draw(st.integers(0, len(self.rows) - 1))
        paper = self.model.line[which]
        with self.clock():
            waiting_leave(actor=None, sign_up=self.rows[which])
        gone = paper.having("waiting", "offered")
        paper.put(gone, "cancelled")
        if gone:
            self.model.serve(self.now)

    @precondition(lambda self: any(paper.offers for paper in self.model.line))
    @rule(data=st.data(), accept=st.booleans())
    def answer(self, data: st.DataObject, accept: bool) -> None:
        self.now += SECOND
        which = data.draw(st.sampled_from([n for n, paper in enumerate(self.model.line) if paper.offers]))
        paper, row = self.model.line[which], self.rows[which]
        number = data.draw(st.integers(0, len(paper.offers) - 1))
        until, of = paper.offers[number]
        offer = list(row.offers.open().order_by("pk"))[number]
        if until <= self.now:
            return
        with self.clock():
            (offer_accept if accept else offer_decline)(actor=None, offer=offer)
        if accept:
            paper.put(of, "booked")
        else:
            self.model.lapse(paper, of)
            self.model.serve(self.now)

    @rule(capacity=st.none() | st.integers(1, 8), pass_by=st.booleans(), asks=MOSTLY)
    def change(self, capacity: int | None, pass_by: bool, asks: bool) -> None:
        self.now += SECOND
        before = self.spec()
        self.model.capacity, self.model.pass_by, self.model.asks = capacity, pass_by, asks
        with self.clock():
            self.offering = offering_save(actor=None, spec=self.spec(), offering=self.offering)
        self.most_over = max(0, self.model.held() - capacity) if capacity else 0
        if before != self.spec():
            self.model.serve(self.now)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += SECOND
        self.now += hours * HOUR
        with self.clock():
            offers_expire()
        if any(until <= self.now for paper in self.model.line for until, _of in paper.offers):
            self.model.serve(self.now)

    @precondition(lambda self: any("booked" in paper.places for paper in self.model.line))
    @rule()
    def substitute(self) -> None:
        self.now += SECOND
        which = next(n for n, paper in enumerate(self.model.line) if "booked" in paper.places)
        place = self.rows[which].participants.filter(state="booked").first()
        number = next(self.numbers)
        with self.clock():
            new = Person(f"S {number}", f"s{number}@kommune.example")
            person_substitute(actor=None, sign_up=self.rows[which], place=place.uuid, person=new)

    @invariant()
    def the_rows_say_what_the_paper_says(self) -> None:
        found = [list(row.participants.order_by("pk").values_list("state", flat=True)) for row in self.rows]
        assert found == [paper.places for paper in self.model.line]

    @invariant()
    def never_oversold(self) -> None:
        over = 0 if self.model.capacity is None else max(0, self.model.held() - self.model.capacity)
        assert over <= self.most_over, "more than was over when the capacity was lowered"
        self.most_over = over

    @invariant()
    def the_audit_is_silent(self) -> None:
        assert [str(breach) for breach in breaches(self.now)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_seats_are_as_on_paper(seed: int) -> None:
    machine = hypothesis.seed(seed)(type("SeededSeats", (Seats,), {}))
    examples = 300 if os.environ.get("NIGHTLY") == "1" else 6
    rules = settings(
        max_examples=examples,
        stateful_step_count=30,
        derandomize=False,
        database=None,
        phases=[hypothesis.Phase.generate],
    )
    run_state_machine_as_test(machine, settings=rules)
