"""The circuit breaker: what fails again and again is left alone, and asked again by one call at a time."""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, Event, Thread

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from search.engines.breaker import Breaker, BreakerOpenError, Opened, State


class TroubleError(Exception):
    pass


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("The other side", failures=3, pause=2.0, longest_pause=10.0, clock=clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(TroubleError), breaker.call():
            raise TroubleError("no answer")


def succeed(breaker: Breaker) -> None:
    with breaker.call():
        pass


def state(breaker: Breaker) -> State:
    """Return the state; as a call, since the type checker takes an attribute to stay as it was."""
    return breaker.state


def refused(breaker: Breaker) -> bool:
    """Say whether a call is refused; the block must then not be entered."""
    entered = False
    try:
        with breaker.call():
            entered = True
    except BreakerOpenError:
        assert not entered
        return True
    return False


def test_it_opens_after_so_many_failures_in_a_row_and_not_before(breaker: Breaker) -> None:
    fail(breaker, 2)
    assert state(breaker) is State.CLOSED and breaker.allows()
    fail(breaker)
    assert state(breaker) is State.OPEN and not breaker.allows()
    assert refused(breaker)


def test_a_success_between_failures_begins_the_count_again(breaker: Breaker) -> None:
    for _ in range(5):
        fail(breaker, 2)
        succeed(breaker)
    assert state(breaker) is State.CLOSED


def test_after_the_pause_one_call_goes_through_and_closes_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 1.99
    assert refused(breaker)
    clock.now += 0.01
    assert breaker.allows()
    succeed(breaker)
    assert state(breaker) is State.CLOSED
    fail(breaker, 2)
    assert state(breaker) is State.CLOSED, "the failures before the pause must be forgotten"


def test_each_probe_that_fails_doubles_the_pause_up_to_the_longest(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    for pause in (2.0, 4.0, 8.0, 10.0, 10.0):
        assert breaker.status().pause_left == pause
        clock.now += pause - 0.01
        assert refused(breaker)
        clock.now += 0.02
        fail(breaker)
    clock.now += 10
    succeed(breaker)
    fail(breaker, 3)
    assert breaker.status().pause_left == 2.0, "after a success the first pause is the short one again"


def test_while_the_probe_is_under_way_nobody_else_gets_through(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 2
    with breaker.call():
        assert state(breaker) is State.PROBING and not breaker.allows()
        assert refused(breaker)
    assert state(breaker) is State.CLOSED


def test_asking_whether_it_allows_takes_nothing(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 2
    assert all(breaker.allows() for _ in range(5))
    assert state(breaker) is State.OPEN


def test_an_error_that_is_not_the_other_sides_neither_opens_nor_closes_it(clock: Clock) -> None:
    breaker = Breaker("x", failures=2, pause=2.0, clock=clock, counts=lambda error: isinstance(error, TroubleError))
    for _ in range(5):
        with pytest.raises(ValueError, match="question"), breaker.call():
            raise ValueError("question")
    assert state(breaker) is State.CLOSED and breaker.status().failures == 0
    fail(breaker, 2)
    clock.now += 2
    with pytest.raises(ValueError, match="question"), breaker.call():
        raise ValueError("question")
    assert state(breaker) is State.OPEN
    assert breaker.allows(), "the next call is the probe"
    succeed(breaker)
    assert state(breaker) is State.CLOSED


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_probe_that_is_broken_off_leaves_the_place_to_the_next(
    breaker: Breaker, clock: Clock, end: type[BaseException]
) -> None:
    fail(breaker, 3)
    clock.now += 2
    with pytest.raises(end), breaker.call():
        raise end
    assert state(breaker) is State.OPEN and breaker.allows()


def test_a_call_from_before_it_opened_tells_nothing_any_more(breaker: Breaker, clock: Clock) -> None:
    """Eight requests hang at the same time: three open it, and those that end later change nothing."""
    early, late = breaker.call(), breaker.call()
    early.__enter__()
    late.__enter__()
    fail(breaker, 3)
    early.__exit__(None, None, None)
    assert state(breaker) is State.OPEN, "an old success closes nothing"
    clock.now += 1
    assert late.__exit__(TroubleError, TroubleError("old"), None) is not True
    assert breaker.status().pause_left == 1.0 and breaker.status().failures == 3, "an old failure lengthens nothing"


def test_those_who_asked_hear_of_it_once_for_each_change(breaker: Breaker, clock: Clock) -> None:
    opened: list[Opened] = []
    closed: list[bool] = []
    breaker.on_open(opened.append)
    breaker.on_close(lambda: closed.append(True))
    succeed(breaker)
    fail(breaker, 3)
    assert refused(breaker) and closed == []
    clock.now += 2
    fail(breaker)
    clock.now += 4
    succeed(breaker)
    succeed(breaker)
    assert [(one.failures, one.pause, one.again) for one in opened] == [(3, 2.0, False), (4, 4.0, True)]
    assert isinstance(opened[0].error, TroubleError)
    assert closed == [True]


def test_a_callback_may_ask_the_breaker_and_may_fail(breaker: Breaker, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[State] = []

    def ask(_: Opened) -> None:
        heard.append(state(breaker))
        raise RuntimeError("no database")

    breaker.on_open(ask)
    breaker.on_open(lambda _: heard.append(state(breaker)))
    with caplog.at_level(logging.WARNING):
        fail(breaker, 3)
    assert heard == [State.OPEN, State.OPEN]
    assert "a callback failed" in caplog.text


def test_the_status_says_how_things_stand(breaker: Breaker, clock: Clock) -> None:
    before = breaker.status()
    assert (before.state, before.failures, before.since, before.pause_left, before.last_error) == (
        State.CLOSED,
        0,
        None,
        0.0,
        "",
    )
    fail(breaker, 3)
    clock.now += 0.5
    status = breaker.status()
    assert (status.state, status.failures, status.pause_left) == (State.OPEN, 3, 1.5)
    assert status.last_error == "TroubleError" and status.since is not None and status.since.tzinfo
    since = status.since
    clock.now += 2
    fail(breaker)
    assert breaker.status().since == since, "it has been open since then"
    breaker.reset()
    assert breaker.status() == before


def test_the_log_says_no_more_of_an_error_than_it_was_told_to(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    silent = Breaker("x", failures=1, clock=clock)
    telling = Breaker("y", failures=1, clock=clock, describe=lambda error: f"because of {error}")
    fail(silent)
    assert "x is left alone for 2 s: TroubleError" in caplog.text and "no answer" not in caplog.text
    fail(telling)
    assert telling.status().last_error == "because of no answer"


def test_by_default_it_goes_by_the_monotonic_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr("time.monotonic", clock)
    breaker = Breaker("x", failures=1, pause=5.0)
    fail(breaker)
    assert not breaker.allows()
    clock.now += 5
    assert breaker.allows()


def in_threads(number: int, act: Callable[[int], None]) -> None:
    threads = [Thread(target=act, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_many_threads_one_is_the_probe(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 2
    barrier, all_have_tried = Barrier(8), Event()
    through: list[int] = []
    turned_away: list[int] = []

    def try_it(number: int) -> None:
        barrier.wait()
        try:
            with breaker.call():
                through.append(number)
                assert all_have_tried.wait(10)
        except BreakerOpenError:
            turned_away.append(number)
            if len(turned_away) == 7:
                all_have_tried.set()

    in_threads(8, try_it)
    assert len(through) == 1 and len(turned_away) == 7


def test_many_threads_that_fail_at_the_same_time_open_it_once(breaker: Breaker) -> None:
    opened: list[Opened] = []
    breaker.on_open(opened.append)
    inside = Barrier(8)

    def fail_together(_: int) -> None:
        with suppress(TroubleError), breaker.call():
            inside.wait()
            raise TroubleError

    in_threads(8, fail_together)
    assert len(opened) == 1 and breaker.status().failures == 3


class AnyOrder(RuleBasedStateMachine):
    """Failures, successes, calls that overlap and time in any order, beside a model of two numbers."""

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        self.breaker = Breaker("x", failures=3, pause=1.0, longest_pause=4.0, clock=self.clock)
        self.in_a_row, self.pause = 0, 1.0
        self.open_until: float | None = None

    @rule(ends_well=st.booleans())
    def call(self, ends_well: bool) -> None:
        may_pass = self.open_until is None or self.clock.now >= self.open_until
        assert self.breaker.allows() is may_pass
        if not may_pass:
            assert refused(self.breaker)
        elif ends_well:
            succeed(self.breaker)
            self.in_a_row, self.pause, self.open_until = 0, 1.0, None
        else:
            fail(self.breaker)
            self.in_a_row += 1
            if self.open_until is not None:
                self.pause = min(4.0, self.pause * 2)
            if self.in_a_row >= 3:
                self.open_until = self.clock.now + self.pause

    @rule(seconds=st.sampled_from([0.25, 1.0, 2.0, 4.0]))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @invariant()
    def they_agree(self) -> None:
        if hasattr(self, "breaker"):
            assert (state(self.breaker) is State.CLOSED) is (self.open_until is None)
            assert self.breaker.status().failures == self.in_a_row
            assert self.breaker.status().pause_left <= 4.0


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = hypothesis_settings(stateful_step_count=30)
