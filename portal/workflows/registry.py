"""The one registry of what definitions may name: who may (predicates), whether now (guards), what then (effects).

A definition is data and runs no code of its own; it names what is registered here. An app of ours registers in
`AppConfig.ready`, a third-party package by the entry-point group `kompetenceportalen.workflows`. How: docs/workflows.md.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from portal.core.principal import ANONYMOUS, Principal
from portal.workflows.parameters import NoParameters, build

if TYPE_CHECKING:
    from portal.workflows.models import Case
    from portal.workflows.schema import Transition


class Via(StrEnum):
    """By which door somebody comes: a screen, a link in a mail, another act of the portal, or nobody but the clock."""

    SCREEN = "screen"
    LINK = "link"
    PORTAL = "portal"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants the transition. `actor` is the user, or None for a link and the clock; `label` is what history shows."""

    actor: Any = None
    principal: Principal = ANONYMOUS
    via: Via = Via.SCREEN
    label: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One transition that is asked for or under way. The case is locked and read after the lock.

    `subject` is what the case is about; `number` counts the case's steps, so that `key()` names this one for ever: an effect
    hands it to the outbox and so happens once.
    """

    case: "Case"
    subject: Any
    transition: "Transition"
    asker: Asker
    comment: str
    at: dt.datetime
    number: int
    # The day that the asker chose, where the transition asks for one.
    day: dt.date | None = None

    def key(self, effect: str) -> str:
        """Return a key for the outbox that is the same however often this step is tried."""
        return f"case:{self.case.uuid}:{self.number}:{effect}"


# The second argument is an object of the registered parameter schema.
Predicate = Callable[[Happening, Any], bool]
Guard = Callable[[Happening, Any], str]
Effect = Callable[[Happening, Any], None]
# Follows a case in the object's own columns; the case stands in its new state already.
Moved = Callable[[Happening], None]


class Kind(StrEnum):
    """The three things that a definition may name."""

    PREDICATE = "predicate"
    GUARD = "guard"
    EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class CaseKind:
    """What cases are about, as the package with the objects declares it: what its own code relies on in every definition.

    `states` are looked for by its screens. `ways` are taken by its services, as part of another act that must not fail for
    it: each leads out of every state that is not final, for `portal`, without a guard or a question. `ends` are the final
    states that it knows; empty for any. `moved` runs after each transition, so that the object's own columns follow.
    """

    name: str
    origin: str
    states: frozenset[str] = frozenset()
    ways: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    moved: Moved | None = None


class UnknownNameError(LookupError):
    """Nothing is registered under the name."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A function with the schema of its parameters, and where it came from."""

    name: str
    function: Callable[[Happening, Any], Any]
    parameters: type[Any]
    origin: str

    def call(self, happening: Happening, given: dict[str, Any]) -> Any:
        """Call the function with checked parameters."""
        return self.function(happening, build(self.parameters, given))


class Registry:
    """Names and what they stand for."""

    def __init__(self) -> None:
        self._entries: dict[tuple[Kind, str], Registered] = {}
        self._kinds: dict[str, CaseKind] = {}

    def kind(
        self,
        name: str,
        *,
        origin: str,
        states: Iterable[str] = (),
        ways: Iterable[str] = (),
        ends: Iterable[str] = (),
        moved: Moved | None = None,
    ) -> None:
        """Register what cases may be about; a definition of another kind would apply to nothing, and is refused.

        Raises:
            ValueError: another package has the name.
        """
        taken = self._kinds.get(name)
        if taken is not None and taken.origin != origin:
            raise ValueError(f"The kind of case {name!r} of {origin} is taken by {taken.origin}.")
        self._kinds[name] = CaseKind(name, origin, frozenset(states), frozenset(ways), frozenset(ends), moved)

    def find_kind(self, name: str) -> CaseKind:
        """Return what a package declares of its cases.

        Raises:
            UnknownNameError: no package has cases of this kind.
        """
        try:
            return self._kinds[name]
        except KeyError:
            offer = ", ".join(sorted(self._kinds))
            raise UnknownNameError(f"unknown kind {name!r}; there are: {offer}") from None

    def predicate(self, name: str, parameters: type[Any] = NoParameters) -> Callable[[Predicate], Predicate]:
        """Register who may: returns whether the asker may make the transition."""
        return self._decorator(Kind.PREDICATE, name, parameters)

    def guard(self, name: str, parameters: type[Any] = NoParameters) -> Callable[[Guard], Guard]:
        """Register whether now: returns the reason against it in words for the asker, or an empty text."""
        return self._decorator(Kind.GUARD, name, parameters)

    def effect(self, name: str, parameters: type[Any] = NoParameters) -> Callable[[Effect], Effect]:
        """Register what then: runs in the transition's transaction and reaches the outside through the outbox only."""
        return self._decorator(Kind.EFFECT, name, parameters)

    def find(self, kind: Kind, name: str) -> Registered:
        """Return what a name stands for.

        Raises:
            UnknownNameError: nothing.
        """
        try:
            return self._entries[kind, name]
        except KeyError:
            offer = ", ".join(self.names(kind))
            raise UnknownNameError(f"unknown {kind} {name!r}; there are: {offer}") from None

    def names(self, kind: Kind) -> list[str]:
        """Return the registered names of a kind."""
        return sorted(name for each, name in self._entries if each == kind)

    def _decorator(self, kind: Kind, name: str, parameters: type[Any]) -> Callable[[Any], Any]:
        def register(function: Any) -> Any:
            taken = self._entries.get((kind, name))
            if taken is not None and taken.function is not function:
                raise ValueError(f"The {kind} {name!r} of {function.__module__} is taken by {taken.origin}.")
            self._entries[kind, name] = Registered(name, function, parameters, function.__module__)
            return function

        return register


registry = Registry()
