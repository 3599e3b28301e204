"""A definition as a value: what a file says, checked for shape. Whether it makes sense is the graph's question.

The same classes read a file that somebody has just written and a version that was stored years ago, so they look nothing up
in the registry: a stored version outlives an extension that was taken away.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

# Where in a file something is wrong: ("transitions", 2, "guards").
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both of the portal's languages."""

    da: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "da").startswith("en") else self.da


@dataclass(frozen=True, slots=True)
class After:
    """How long a case stays in a state before a transition comes by itself."""

    days: int = 0
    months: int = 0

    def since(self, moment: dt.datetime) -> dt.datetime:
        """Return the moment that is this much later by the calendar here: a year after 29 February is 28 February."""
        local = timezone.localtime(moment)
        month = local.month - 1 + self.months
        year, month = local.year + month // 12, month % 12 + 1
        day = min(local.day, calendar.monthrange(year, month)[1])
        naive = dt.datetime.combine(dt.date(year, month, day), local.time()) + dt.timedelta(days=self.days)
        return timezone.make_aware(naive, timezone.get_default_timezone()).astimezone(dt.UTC)


def begin_of(day: dt.date) -> dt.datetime:
    """Return the first moment of a day here."""
    midnight = dt.datetime.combine(day, dt.time.min)
    return timezone.make_aware(midnight, timezone.get_default_timezone()).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Use:
    """One name of the registry with its parameters, as written."""

    name: str
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can be."""

    key: str
    title: Words
    start: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from states to a state."""

    key: str
    title: Words
    sources: tuple[str, ...]
    target: str
    who: tuple[Use, ...] = ()
    guards: tuple[Use, ...] = ()
    effects: tuple[Use, ...] = ()
    comment_required: bool = False
    # It takes something away from somebody: the button is red and the screen asks for a second look.
    grave: bool = False
    after: After | None = None
    # It comes by itself on the day that somebody chose on the way into the state.
    due_given: bool = False
    # Whoever makes it chooses a day, at most so far ahead.
    asks_day: After | None = None

    @property
    def by_clock(self) -> bool:
        """Tell whether it comes by itself."""
        return self.after is not None or self.due_given

    def moment(self, since: dt.datetime, day: dt.date | None) -> dt.datetime | None:
        """Return when it comes by itself for a case that is in its state since then, with this day chosen; or None."""
        if self.after is not None:
            return self.after.since(since)
        return begin_of(day) if self.due_given and day is not None else None

    def days(self, now: dt.datetime) -> tuple[dt.date, dt.date] | None:
        """Return the first and the last day that may be chosen now, or None where no day is asked for."""
        if self.asks_day is None:
            return None
        tomorrow = timezone.localdate(now) + dt.timedelta(days=1)
        return tomorrow, timezone.localdate(self.asks_day.since(now))


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a definition applies; empty fields apply everywhere. One place, never two at once."""

    municipality: str = ""
    region: str = ""
    party: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one process."""

    key: str
    kind: str
    title: Words
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    scopes: tuple[Scope, ...] = ()

    @property
    def start(self) -> State:
        """Return the state in which every case begins."""
        return next(state for state in self.states if state.start)

    def state(self, key: str) -> State:
        """Return a state by its key."""
        return next(state for state in self.states if state.key == key)

    def transition(self, key: str) -> Transition | None:
        """Return a transition by its key, or None."""
        return next((transition for transition in self.transitions if transition.key == key), None)

    def out_of(self, state: str) -> tuple[Transition, ...]:
        """Return the ways out of a state, in the order of the file."""
        return tuple(transition for transition in self.transitions if state in transition.sources)

    def timed(self, state: str, since: dt.datetime, day: dt.date | None) -> list[tuple[dt.datetime, Transition]]:
        """Return what comes by itself out of a state, each with its moment, the first one first."""
        moments = ((way.moment(since, day), way) for way in self.out_of(state))
        return sorted(((at, way) for at, way in moments if at is not None), key=lambda pair: pair[0])

    def due(self, state: str, since: dt.datetime, day: dt.date | None = None) -> dt.datetime | None:
        """Return when the first automatic transition of a state comes, or None."""
        return next((at for at, _way in self.timed(state, since, day)), None)

    def edges(self) -> Iterator[tuple[str, str]]:
        """Yield every way as from and to."""
        for way in self.transitions:
            yield from ((source, way.target) for source in way.sources)
