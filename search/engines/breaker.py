"""A circuit breaker: what has failed several times in a row is left alone for a while, so that nobody waits for it.

Each process has its own. It knows nothing of what it guards:

    with breaker.call():     # raises `BreakerOpenError` while the other side is left alone
        ...

`closed` lets everything through. After so many failures in a row it is `open` for a pause, then one call goes through as
a `probe`: it closes the breaker, or begins the next, longer pause.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from threading import Lock

logger = logging.getLogger(__name__)


class State(StrEnum):
    """Whether calls go through."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class BreakerOpenError(RuntimeError):
    """The other side failed just now and is left alone; nothing was asked of it."""


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand in this process, for a page that administrators read."""

    state: State
    # In a row, up to now.
    failures: int
    # Since when it has not been closed.
    since: datetime | None
    # Seconds until the next call goes through as a probe.
    pause_left: float
    last_error: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What those hear who asked to: the error that was too much, and for how many seconds calls stop."""

    error: Exception
    failures: int
    pause: float
    # A probe failed: it had been open before.
    again: bool


def _always(error: Exception) -> bool:
    return True


def _kind(error: Exception) -> str:
    return type(error).__name__


class Breaker:
    """One for each other side and process; safe to use from several threads.

    Args:
        name: what the log calls it.
        failures: so many in a row open it.
        pause: seconds of the first pause; each probe that fails doubles it.
        longest_pause: more it does not become.
        counts: whether an error is the other side's. One that is not (a question that nobody could answer) tells nothing.
        describe: what the log and the status say of an error. By default its kind: its text may hold what people typed.
        clock: seconds that only ever grow; by default those of `time.monotonic`.
    """

    def __init__(
        self,
        name: str,
        *,
        failures: int = 3,
        pause: float = 2.0,
        longest_pause: float = 60.0,
        counts: Callable[[Exception], bool] = _always,
        describe: Callable[[Exception], str] = _kind,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.name, self._describe = name, describe
        self._limit, self._first_pause, self._longest_pause = failures, pause, longest_pause
        self._counts = counts
        self._clock = clock
        self._lock = Lock()
        self._on_open: list[Callable[[Opened], None]] = []
        self._on_close: list[Callable[[], None]] = []
        # Calls that began before it last opened no longer tell anything about it.
        self._turn = 0
        self._start_over()

    @property
    def state(self) -> State:
        """Whether calls go through; `open` until the probe is under way."""
        with self._lock:
            return self._state

    def status(self) -> Status:
        """Return how things stand."""
        with self._lock:
            left = max(0.0, self._until - self._now()) if self._state is State.OPEN else 0.0
            return Status(self._state, self._failures, self._since, left, self._last_error)

    def allows(self) -> bool:
        """Tell whether a call would go through now; takes nothing."""
        with self._lock:
            return self._may_pass()

    @contextmanager
    def call(self) -> Iterator[None]:
        """Let the block through, and learn from how it ends.

        Raises:
            BreakerOpenError: it is open; the block was not entered.
        """
        turn = self._enter()
        try:
            yield
        except Exception as error:
            if self._counts(error):
                self._failed(turn, error)
            else:
                self._told_nothing(turn)
            raise
        except BaseException:
            self._told_nothing(turn)
            raise
        self._succeeded(turn)

    def on_open(self, callback: Callable[[Opened], None]) -> None:
        """Call this whenever calls stop, in the thread whose failure it was; what it raises is logged."""
        self._on_open.append(callback)

    def on_close(self, callback: Callable[[], None]) -> None:
        """Call this when a probe has succeeded, in its thread; what it raises is logged."""
        self._on_close.append(callback)

    def reset(self) -> None:
        """Forget everything but the callbacks; none is called."""
        with self._lock:
            self._turn += 1
            self._start_over()

    def _start_over(self) -> None:
        self._state = State.CLOSED
        self._failures = 0
        self._pause = self._first_pause
        self._until = 0.0
        self._since: datetime | None = None
        self._last_error = ""

    def _now(self) -> float:
        # Looked up each time, so that a test may put another clock in its place.
        return self._clock() if self._clock else time.monotonic()

    def _may_pass(self) -> bool:
        if self._state is State.CLOSED:
            return True
        return self._state is State.OPEN and self._now() >= self._until

    def _enter(self) -> int:
        with self._lock:
            if not self._may_pass():
                raise BreakerOpenError(f"{self.name} is left alone after {self._failures} failures")
            if self._state is State.OPEN:
                self._state = State.PROBING
            return self._turn

    def _succeeded(self, turn: int) -> None:
        with self._lock:
            if turn != self._turn:
                return
            was_probe = self._state is State.PROBING
            self._start_over()
        if was_probe:
            logger.info("%s answers again.", self.name)
            self._tell(self._on_close)

    def _failed(self, turn: int, error: Exception) -> None:
        with self._lock:
            if turn != self._turn:
                return
            self._failures += 1
            self._last_error = self._describe(error)
            if self._failures < self._limit:
                return
            opened = self._open(error, again=self._state is State.PROBING)
        logger.warning("%s is left alone for %.0f s: %s", self.name, opened.pause, self._last_error)
        self._tell(partial(callback, opened) for callback in self._on_open)

    def _open(self, error: Exception, again: bool) -> Opened:
        if again:
            self._pause = min(self._pause * 2, self._longest_pause)
        else:
            self._since = datetime.now(UTC)
        self._turn += 1
        self._state = State.OPEN
        self._until = self._now() + self._pause
        return Opened(error, self._failures, self._pause, again)

    def _told_nothing(self, turn: int) -> None:
        """Let the next call be the probe, if this one was to be it."""
        with self._lock:
            if turn == self._turn and self._state is State.PROBING:
                self._state = State.OPEN

    def _tell(self, callbacks: Iterable[Callable[[], None]]) -> None:
        for callback in callbacks:
            try:
                callback()
            except Exception:
                logger.exception("%s: a callback failed", self.name)
