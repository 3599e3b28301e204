"""What a definition names: names of the registry, roles, page types, parties. What is not there is told with its place.

A parameter of a task type or condition that is called as in a policy is looked up like there, whoever registered it:
`party`, `parties`, `publisher`; `role`, `roles`; `page_type`, `page_types`; `section`, `sections`; `groups`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.models import Page

from portal.core.models import BasePage
from portal.core.roles import Role
from portal.editorial.registry import UnknownNameError, registry
from portal.editorial.schema import PolicySpec, StepSpec, WorkflowSpec
from portal.editorial.shape import Spec
from portal.organisations.api import Party
from portal.workflows.api import Fault, ParameterError, Place, Use

_PARTIES = ("party", "parties", "publisher")
_ROLES = ("role", "roles")
_TYPES = ("page_type", "page_types")
_SECTIONS = ("section", "sections")


@dataclass(frozen=True, slots=True)
class _Named:
    """One name of the registry, where a definition uses it."""

    kind: str
    use: Use
    place: Place
    words: str


def unknown_names(spec: Spec, content: dict[str, Any]) -> Iterator[Fault]:
    """Yield what the code does not know, and parameters that do not fit."""
    for named in _names(spec, content):
        if reason := _misuse(named):
            yield Fault(named.place, f"{named.words}{reason}", named.use.name)
    if isinstance(spec, WorkflowSpec):
        yield from _steps(spec, content)
        return
    for number, match in enumerate(spec.matches):
        if match.page_type and (reason := _no_page_type(match.page_type) or _not_ours(match.page_type)):
            yield Fault(("applies", number, "page_type"), reason)


def unknown_rows(spec: Spec, content: dict[str, Any]) -> Iterator[Fault]:
    """Yield parties and groups that the database does not know.

    A database without any party is one that is being set up: there nothing is refused, so that a portal's first migration
    does not ask for parties that come after it.
    """
    parties = set(Party.objects.values_list("key", flat=True))
    groups = set(Group.objects.values_list("name", flat=True))
    if not parties:
        return
    for place, key, words in _party_keys(spec, content):
        if key not in parties:
            yield Fault(place, f"{words}unknown party {key!r}; there are: {', '.join(sorted(parties))}", key)
    for place, name, words in _group_names(spec, content):
        if name not in groups:
            yield Fault(place, f"{words}there is no group {name!r}")


def numbers(content: dict[str, Any]) -> dict[str, int]:
    """Return where in its file each step stands."""
    return {row["key"]: number for number, row in enumerate(content.get("steps", []))}


def given(named: Use, kind: str) -> Any:
    """Return the checked parameters of a name, or None where it or they are not right."""
    try:
        return registry.find(kind, named.name).given(named.given)
    except (UnknownNameError, ParameterError):
        return None


def _names(spec: Spec, content: dict[str, Any]) -> Iterator[_Named]:
    if isinstance(spec, PolicySpec):
        for number, match in enumerate(spec.matches):
            for use in match.when:
                yield _Named("condition", use, ("applies", number, "when"), "")
        return
    at = numbers(content)
    for step in spec.walk():
        words = f"step {step.key!r}: "
        yield _Named("task", step.task, ("steps", at[step.key], "task"), words)
        for use in step.skip:
            yield _Named("condition", use, ("steps", at[step.key], "skip"), words)


def _misuse(named: _Named) -> str:
    words = f"{named.kind} {named.use.name!r}: "
    try:
        parameters = registry.find(named.kind, named.use.name).given(named.use.given)
    except UnknownNameError as error:
        return str(error)
    except ParameterError as error:
        return words + str(error)
    reason = next(_foreign(parameters), "")
    return words + reason if reason else ""


def _foreign(parameters: Any) -> Iterator[str]:
    """Yield what parameters name and the code does not know."""
    yield from (_no_role(role) for role in _texts(parameters, _ROLES) if role not in Role.values)
    yield from (reason for label in _texts(parameters, _TYPES) if (reason := _no_page_type(label)))
    for section in _texts(parameters, _SECTIONS):
        if not (section.startswith("/") and section.endswith("/")):
            yield f'section {section!r} is written "/profiler/", with a stroke at both ends'


def _steps(spec: WorkflowSpec, content: dict[str, Any]) -> Iterator[Fault]:
    at = numbers(content)
    for step in spec.walk():
        place = ("steps", at[step.key])
        for role in step.deadline.escalate if step.deadline else ():
            if role not in Role.values:
                yield Fault((*place, "deadline", "escalate"), f"step {step.key!r}: {_no_role(role)}", role)
        yield from _empty_seats(step, (*place, "deadline", "substitutes"))
    for step in spec.steps:
        yield from _holding(step, at)


def _empty_seats(step: StepSpec, place: Place) -> Iterator[Fault]:
    """Yield substitutes for a party that the step does not ask; with `publishers` any party may be asked."""
    parameters = given(step.task, "task")
    if step.deadline is None or parameters is None:
        return
    promise = registry.find("task", step.task.name).what.promise(parameters)
    for text in step.deadline.substitutes if promise.parties and not promise.publishers else ():
        seat = text.partition("=")[0].strip()
        if seat not in promise.parties:
            offer = ", ".join(sorted(promise.parties))
            yield Fault(place, f"step {step.key!r}: {seat!r} has no seat; there are: {offer}")


def _holding(step: StepSpec, at: dict[str, int]) -> Iterator[Fault]:
    holds = _holds_steps(step)
    if holds is None:
        return
    if holds and len(step.steps) < 2:
        count = "no step" if not step.steps else "one step only"
        reason = f"step {step.key!r} runs steps side by side and holds {count}: give two or more within = {step.key!r}"
        yield Fault(("steps", at[step.key]), reason)
    for inner in step.steps:
        place = ("steps", at[inner.key])
        if not holds:
            reason = f"step {inner.key!r} stands within {step.key!r}, whose task {step.task.name!r} holds no steps"
            yield Fault((*place, "within"), reason)
        if _holds_steps(inner):
            yield Fault((*place, "task"), f"step {inner.key!r} runs steps side by side inside another that does")


def _holds_steps(step: StepSpec) -> bool | None:
    try:
        return bool(registry.find("task", step.task.name).what.holds_steps)
    except UnknownNameError:
        return None


def _party_keys(spec: Spec, content: dict[str, Any]) -> Iterator[tuple[Place, str, str]]:
    if isinstance(spec, PolicySpec):
        yield from ((("approvals", "parties"), key, "") for key in spec.approvals.parties)
        for number, match in enumerate(spec.matches):
            if match.publisher:
                yield ("applies", number, "publisher"), match.publisher, ""
    for named in _names(spec, content):
        parameters = given(named.use, named.kind)
        yield from ((named.place, key, named.words) for key in _texts(parameters, _PARTIES))


def _group_names(spec: Spec, content: dict[str, Any]) -> Iterator[tuple[Place, str, str]]:
    for named in _names(spec, content):
        yield from ((named.place, name, named.words) for name in _texts(given(named.use, named.kind), ("groups",)))
    if isinstance(spec, WorkflowSpec):
        at = numbers(content)
        for step in spec.walk():
            for text in step.deadline.substitutes if step.deadline else ():
                place = ("steps", at[step.key], "deadline", "substitutes")
                yield place, text.partition("=")[2].strip(), f"step {step.key!r}: "


def _texts(parameters: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = getattr(parameters, name, None)
        for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
            if text:
                yield text


def _no_page_type(label: str) -> str:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        model = None
    return "" if model is not None and issubclass(model, Page) else f"there is no page type {label!r}"


def _not_ours(label: str) -> str:
    """Refuse a policy that would bind nobody: what asks the gate is our base page."""
    return "" if issubclass(apps.get_model(label), BasePage) else f"page type {label!r} is not built on the base page"


def _no_role(role: str) -> str:
    return f"unknown role {role!r}; there are: {', '.join(Role.values)}"
