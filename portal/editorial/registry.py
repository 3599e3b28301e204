"""What definitions and policies may name: task types, conditions, checks. Ours and those of other packages register here.

An app registers in `AppConfig.ready`, a third-party package by the entry-point group `kompetenceportalen.editorial`, which
names a function that takes the registry. How: docs/editorial-workflows.md.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from portal.core.principal import Principal
from portal.workflows.api import NoParameters, build

if TYPE_CHECKING:
    from portal.editorial.models import StepState, Submission, Vote

GROUP = "kompetenceportalen.editorial"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has to say: a sentence for the editor, and the field that it is about.

    `field` is the field's name in the editor's form; with `row`, the uuid of a row inside it. `stops` tells whether the page
    may not go on with it; otherwise it is advice.
    """

    message: str
    field: str = ""
    row: str = ""
    stops: bool = True
    check: str = ""


class Outcome(StrEnum):
    """What a step comes to."""

    WAIT = "wait"
    PASS = "pass"  # noqa: S105
    SKIP = "skip"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, with what is to be read in the history."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    comment: str = ""


WAIT = Verdict(Outcome.WAIT)
PASS = Verdict(Outcome.PASS)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a task type, a condition or a check is asked about.

    `page` is the draft in memory (of the newest revision), never the published row. `digest` is the hash of its resolved
    content. `state` and `submission` are None while a policy is chosen for a page that nobody has sent in yet.
    """

    page: Any
    digest: str
    at: dt.datetime
    submission: "Submission | None" = None
    state: "StepState | None" = None
    # Those of this step and of this content: what was said of other words does not count.
    votes: tuple["Vote", ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """A place from which one approval is asked: a party, or one of a panel."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What approvals a step is sure to have brought once it is passed; an import compares it with what policies demand."""

    parties: frozenset[str] = frozenset()
    publishers: bool = False
    people: int = 0


class TaskType:
    """What a kind of step does. One object for all steps of the kind; what differs stands in the parameters (`given`).

    Everything but `begin`, `answered` and `tick` is also called to draw screens, so it writes nothing. What leaves the
    portal goes through the outbox.
    """

    # A frozen dataclass (see portal.workflows.parameters).
    parameters: ClassVar[type[Any]] = NoParameters
    # People answer it: then `seats` says from where.
    human: ClassVar[bool] = False
    # Other steps run inside it.
    holds_steps: ClassVar[bool] = False
    # Drawn inside the step on the screen of the submission; it sees `moment`, `given` and what `shown` returns.
    template: ClassVar[str] = ""

    def begin(self, moment: Moment, given: Any) -> Verdict:
        """Start: decide at once, or wait for people or the clock."""
        return WAIT

    def tick(self, moment: Moment, given: Any) -> Verdict:
        """Decide again; called by the clock, every minute or so, while the step waits."""
        return WAIT

    def seats(self, moment: Moment, given: Any) -> tuple[Seat, ...]:
        """Return the seats that may answer, in the order in which they are shown."""
        return ()

    def seats_of(self, moment: Moment, given: Any, user: Any, principal: Principal) -> tuple[Seat, ...]:
        """Return the seats that this person may answer from, apart from whether she already has."""
        return ()

    def answered(self, moment: Moment, given: Any) -> Verdict:
        """Decide after a vote; `moment.votes` holds it."""
        return WAIT

    def promise(self, given: Any) -> Promise:
        """Return what approvals the step is sure to bring."""
        return Promise()

    def shown(self, moment: Moment, given: Any) -> dict[str, Any]:
        """Return what the template needs."""
        return {}

    def people(self, moment: Moment, given: Any) -> Iterable[Any]:
        """Return the users whose answer is waited for: they are told. Those who may not answer are taken out later."""
        return ()


# The second argument is an object of the registered parameter schema.
Condition = Callable[[Moment, Any], bool]
Check = Callable[[Moment, Any], Iterable[Finding]]


class UnknownNameError(LookupError):
    """Nothing is registered under the name."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A task type, condition or check with the schema of its parameters, and where it came from."""

    name: str
    what: Any
    parameters: type[Any]
    origin: str
    title: Any = ""

    def given(self, parameters: dict[str, Any]) -> Any:
        """Return checked parameters."""
        return build(self.parameters, parameters)


@dataclass
class EditorialRegistry:
    """Names and what they stand for."""

    _entries: dict[tuple[str, str], Registered] = field(default_factory=dict)

    def task(self, name: str, task_type: TaskType, *, title: Any = "") -> None:
        """Register a task type."""
        self._add("task", name, Registered(name, task_type, task_type.parameters, type(task_type).__module__, title))

    def condition(self, name: str, parameters: type[Any] = NoParameters) -> Callable[[Condition], Condition]:
        """Register a condition: for skipping a step, and for saying which pages a policy is for."""
        return self._decorator("condition", name, parameters, "")

    def check(self, name: str, parameters: type[Any] = NoParameters, *, title: Any = "") -> Callable[[Check], Check]:
        """Register a check: it yields findings, and nothing for a page that is right (or that it does not concern)."""
        return self._decorator("check", name, parameters, title)

    def find(self, kind: str, name: str) -> Registered:
        """Return what a name stands for.

        Raises:
            UnknownNameError: nothing.
        """
        try:
            return self._entries[kind, name]
        except KeyError:
            raise UnknownNameError(f"unknown {kind} {name!r}; there are: {', '.join(self.names(kind))}") from None

    def names(self, kind: str) -> list[str]:
        """Return the registered names of a kind ("task", "condition", "check")."""
        return sorted(name for each, name in self._entries if each == kind)

    def _add(self, kind: str, name: str, entry: Registered) -> None:
        taken = self._entries.get((kind, name))
        if taken is not None and taken.what is not entry.what:
            raise ValueError(f"The {kind} {name!r} of {entry.origin} is taken by {taken.origin}.")
        self._entries[kind, name] = entry

    def _decorator(self, kind: str, name: str, parameters: type[Any], title: Any) -> Callable[[Any], Any]:
        def register(function: Any) -> Any:
            self._add(kind, name, Registered(name, function, parameters, function.__module__, title))
            return function

        return register


registry = EditorialRegistry()
