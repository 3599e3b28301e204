"""Definitions and policies as values: what a file says, checked for shape.

The same classes read a file that somebody has just written and a version that was stored years ago, so they look nothing up
in the registry: a stored version outlives an extension that was taken away.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.workflows.api import Use, Words

WORKFLOW_KIND = "editorial.workflow"
POLICY_KIND = "editorial.policy"


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a step may wait for people, in days since it began.

    `remind` counts days before the end. After the end `substitutes` may answer as well ("hk=Name of a group"), and
    `escalate` names the roles that are told. No deadline ever approves: only people do.
    """

    days: int
    remind: tuple[int, ...] = ()
    substitutes: tuple[str, ...] = ()
    escalate: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step. Where a condition of `skip` holds, it is passed by. `steps` run side by side inside it."""

    key: str
    title: Words
    task: Use
    skip: tuple[Use, ...] = ()
    deadline: Deadline | None = None
    steps: tuple["StepSpec", ...] = ()

    def walk(self) -> Iterator["StepSpec"]:
        """Yield the step and those inside it."""
        yield self
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class WorkflowSpec:
    """One version of one workflow; its steps in the order in which they come."""

    key: str
    title: Words
    steps: tuple[StepSpec, ...]

    def walk(self) -> Iterator[StepSpec]:
        """Yield every step, those inside others included."""
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class Match:
    """Which pages a policy is for. What is empty asks nothing; all that is given must hold.

    `page_type` is "app.Model"; `section` an address below the site's root ("/profiler/"); `publisher` a party's key;
    `change` the kind of change that the editor declares; `when` conditions of the registry.
    """

    page_type: str = ""
    section: str = ""
    publisher: str = ""
    change: str = ""
    when: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Approvals:
    """Whose approval a page needs before it goes live, whatever its workflow does.

    `parties` are keys; `publishers` adds the parties that publish the page; `people` is how many different persons must
    have approved in all. The one who sent the page in, and the one who wrote what is approved, never count.
    """

    parties: tuple[str, ...] = ()
    publishers: bool = False
    people: int = 0


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """One version of one policy: these pages go through this workflow and need these approvals."""

    key: str
    title: Words
    workflow: str
    approvals: Approvals
    matches: tuple[Match, ...] = ()
