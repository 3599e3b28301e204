"""Read a definition file: every fault is found in one go, each with its line and a reason, before anything is stored."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from portal.workflows import graph
from portal.workflows.parameters import ParameterError, build
from portal.workflows.registry import Kind, UnknownNameError, registry
from portal.workflows.schema import Definition, Place, Use
from portal.workflows.shape import Fault, ShapeError, definition_from


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file, and where."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class BadDefinitionError(ValueError):
    """A definition is refused; `problems` says why, in the order of the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line, problem.reason))
        super().__init__("\n".join(map(str, self.problems)))


def read(text: str, file: str) -> tuple[Definition, dict[str, Any]]:
    """Return a file's definition and its content as plain data.

    Raises:
        BadDefinitionError: it is no TOML, has the wrong shape, makes no sense, or names what is not there.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise BadDefinitionError([Problem(file, int(line[1]) if line else 1, f"not valid TOML: {error}")]) from error
    try:
        definition = definition_from(content)
    except ShapeError as error:
        raise BadDefinitionError(_placed(error.faults, text, file)) from error
    if faults := [*graph.faults(definition), *unknown_names(definition)]:
        raise BadDefinitionError(_placed(faults, text, file))
    return definition, content


def unknown_names(definition: Definition) -> Iterator[Fault]:
    """Yield what the definition names and the registry does not know, and parameters that do not fit."""
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


def _placed(faults: Iterable[Fault], text: str, file: str) -> list[Problem]:
    lines = text.splitlines()
    return [Problem(file, _line(lines, fault.place, fault.near), fault.reason) for fault in faults]


def _line(lines: list[str], place: Place, near: str) -> int:
    """Return the line of a place. TOML's reader keeps none: the n-th table's heading is looked for, then the key in it."""
    start, end = 0, len(lines)
    if len(place) > 1 and isinstance(place[1], int):
        headings = [i for i, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{place[0]}\s*\]\]", line)]
        if place[1] < len(headings):
            start = headings[place[1]]
            after = (i for i in range(start + 1, len(lines)) if re.match(r"\s*\[\[", lines[i]))
            end = next(after, len(lines))
            place = place[2:]
        else:
            place = place[:1]
    found = _key_line(lines, start, end, str(place[0])) if place else start
    # A list may run over several lines: the word itself stands on one of them.
    if near:
        return next((i for i in range(found, end) if f'"{near}"' in lines[i]), found) + 1
    return found + 1


def _key_line(lines: list[str], start: int, end: int, key: str) -> int:
    pattern = re.compile(rf"\s*(\[+\s*)?{re.escape(key)}\b")
    return next((i for i in range(start, end) if pattern.match(lines[i])), start)
