"""Read a definition file: every fault is found in one go, each with its line and a reason, before anything is stored."""

from collections.abc import Iterator
from typing import Any

from portal.workflows import graph
from portal.workflows.files import BadDefinitionError, Problem, parse, placed
from portal.workflows.parameters import ParameterError, build
from portal.workflows.registry import Kind, UnknownNameError, registry
from portal.workflows.schema import Definition, Use
from portal.workflows.shape import Fault, ShapeError, definition_from

__all__ = ["BadDefinitionError", "Problem", "read", "unknown_names"]


def read(text: str, file: str) -> tuple[Definition, dict[str, Any]]:
    """Return a file's definition and its content as plain data.

    Raises:
        BadDefinitionError: it is no TOML (or JSON), has the wrong shape, makes no sense, or names what is not there.
    """
    content = parse(text, file)
    try:
        definition = definition_from(content)
    except ShapeError as error:
        raise BadDefinitionError(placed(error.faults, text, file)) from error
    if faults := [*graph.faults(definition), *unknown_names(definition)]:
        raise BadDefinitionError(placed(faults, text, file))
    return definition, content


def unknown_names(definition: Definition) -> Iterator[Fault]:
    """Yield what the definition names and the registry does not know, and parameters that do not fit."""
    try:
        yield from graph.unmet(definition, registry.find_kind(definition.kind))
    except UnknownNameError as error:
        yield Fault(("kind",), str(error), definition.kind)
    for number, way in enumerate(definition.transitions):
        for field, kind, uses in (
            ("who", Kind.PREDICATE, way.who),
            ("guards", Kind.GUARD, way.guards),
            ("effects", Kind.EFFECT, way.effects),
        ):
            for use in uses:
                if reason := _misuse(kind, use):
                    yield Fault(("transitions", number, field), f"transition {way.key!r}: {reason}", use.name)


def _misuse(kind: Kind, use: Use) -> str:
    try:
        build(registry.find(kind, use.name).parameters, use.given)
    except UnknownNameError as error:
        return str(error)
    except ParameterError as error:
        return f"{kind} {use.name!r}: {error}"
    return ""
