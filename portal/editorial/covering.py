"""Whether definitions fit together: each policy names a workflow that brings what it demands, and no two claim one place.

The guard before going live counts votes and would refuse anyway. But a workflow that can never bring what its policy demands
would refuse after everybody has answered; so it is refused when it is imported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from portal.editorial.naming import given
from portal.editorial.policies import EVERYWHERE
from portal.editorial.registry import Promise, registry
from portal.editorial.schema import Match, PolicySpec, StepSpec, WorkflowSpec
from portal.editorial.shape import Spec
from portal.workflows.api import Place, digest


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit: which definition shows it, where in it, and why."""

    spec: Spec
    place: Place
    reason: str


def misfits(specs: Iterable[Spec]) -> list[Misfit]:
    """Return what does not fit among the definitions that would be in force together."""
    specs = list(specs)
    workflows = {spec.key: spec for spec in specs if isinstance(spec, WorkflowSpec)}
    policies = [spec for spec in specs if isinstance(spec, PolicySpec)]
    found = [misfit for policy in policies for misfit in _of_policy(policy, workflows)]
    return found + list(_rivals(policies))


def promise_of(workflow: WorkflowSpec) -> Promise:
    """Return what a workflow is sure to bring. A step that may be passed by brings nothing for sure.

    Persons are not added up over steps: the same person may answer in two of them.
    """
    promises = [promise for step in workflow.steps for promise in _of_step(step)]
    return Promise(
        parties=frozenset().union(*(promise.parties for promise in promises)),
        publishers=any(promise.publishers for promise in promises),
        people=max((promise.people for promise in promises), default=0),
    )


def _of_step(step: StepSpec) -> Iterator[Promise]:
    if step.skip:
        return
    parameters = given(step.task, "task")
    if parameters is not None:
        yield registry.find("task", step.task.name).what.promise(parameters)
    for inner in step.steps:
        yield from _of_step(inner)


def _of_policy(policy: PolicySpec, workflows: dict[str, WorkflowSpec]) -> Iterator[Misfit]:
    workflow = workflows.get(policy.workflow)
    if workflow is None:
        offer = ", ".join(sorted(workflows)) or "none"
        yield Misfit(policy, ("workflow",), f"unknown workflow {policy.workflow!r}; there are: {offer}")
        return
    demanded, promised = policy.approvals, promise_of(workflow)
    lacks = [f"the party {key!r}" for key in demanded.parties if key not in promised.parties]
    if demanded.publishers and not promised.publishers:
        lacks.append("the parties that publish the page")
    if demanded.people > promised.people:
        lacks.append(f"{demanded.people} different persons")
    if lacks:
        reason = (
            f"the policy {policy.key!r} demands the approval of {', '.join(lacks)}, and the workflow {workflow.key!r} is "
            "not sure to bring it (a step that may be skipped brings nothing)"
        )
        yield Misfit(policy, ("approvals",), reason)
        yield Misfit(workflow, ("steps",), reason)


def _rivals(policies: list[PolicySpec]) -> Iterator[Misfit]:
    claims: dict[str, str] = {}
    for policy in policies:
        for number, match in enumerate(policy.matches or EVERYWHERE):
            rival = claims.setdefault(_claim(match), policy.key)
            place: Place = ("applies", number) if policy.matches else ()
            if rival != policy.key:
                yield Misfit(policy, place, f"{policy.key!r} and {rival!r} apply to the same pages")


def _claim(match: Match) -> str:
    """Return a match in one form: conditions in another order ask the same."""
    when: list[Any] = sorted([use.name, digest(use.given)] for use in match.when)
    return digest({"match": [match.page_type.lower(), match.section, match.publisher, match.change, when]})
