"""Definition files, of cases and of editorial workflows: TOML or JSON, and the line on which something is wrong."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from portal.workflows.schema import Place

T = TypeVar("T")
_SPACE = re.compile(r"[\s,:]*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where, why, and the word that it is about."""

    place: Place
    reason: str
    near: str = ""


class ShapeError(ValueError):
    """The content has not the shape of a definition."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.reason for fault in faults))


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


def parse(text: str, file: str) -> dict[str, Any]:
    """Return a file's content as plain data; a name that ends in .json is JSON, every other TOML.

    Raises:
        BadDefinitionError: it is neither.
    """
    if file.endswith(".json"):
        return _parse_json(text, file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise BadDefinitionError([Problem(file, int(line[1]) if line else 1, f"not valid TOML: {error}")]) from error


def _parse_json(text: str, file: str) -> dict[str, Any]:
    try:
        content = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise BadDefinitionError([Problem(file, error.lineno, f"not valid JSON: {error.msg}")]) from error
    except (ValueError, RecursionError) as error:
        raise BadDefinitionError([Problem(file, 1, f"not valid JSON: {error}")]) from error
    if not isinstance(content, dict):
        raise BadDefinitionError([Problem(file, 1, "a definition is an object: { … }")])
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice, as TOML does: JSON's reader would take the last in silence."""
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _value in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} stands twice")
    return content


def placed(faults: Iterable[Fault], text: str, file: str) -> list[Problem]:
    """Return faults with the lines on which they stand."""
    find = _json_line if file.endswith(".json") else _toml_line
    return [Problem(file, find(text, fault.place, fault.near), fault.reason) for fault in faults]


def read_each(files: Iterable[Path], read: Callable[[str, str], T]) -> list[tuple[Path, T]]:
    """Read files and collect the faults of all of them.

    Raises:
        BadDefinitionError: with every fault.
    """
    loaded: list[tuple[Path, T]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            loaded.append((file, read(file.read_text(encoding="utf-8"), str(file))))
        except BadDefinitionError as error:
            problems += error.problems
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(file), 1, f"cannot be read: {error}"))
    if problems:
        raise BadDefinitionError(problems)
    return loaded


def _toml_line(text: str, place: Place, near: str) -> int:
    """Return the line of a place. TOML's reader keeps none: the n-th table's heading is looked for, then the keys in it."""
    lines = text.splitlines()
    found, end = 0, len(lines)
    if len(place) > 1 and isinstance(place[1], int):
        headings = [i for i, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{place[0]}\s*\]\]", line)]
        if place[1] < len(headings):
            found = headings[place[1]]
            after = (i for i in range(found + 1, len(lines)) if re.match(r"\s*\[\[", lines[i]))
            end = next(after, len(lines))
            place = place[2:]
        else:
            place = place[:1]
    for key in place:
        found = _key_line(lines, found, end, str(key))
    # A list may run over several lines: the word itself stands on one of them.
    if near:
        return next((i for i in range(found, end) if f'"{near}"' in lines[i]), found) + 1
    return found + 1


def _key_line(lines: list[str], start: int, end: int, key: str) -> int:
    pattern = re.compile(rf"\s*(\[+\s*([\w-]+\s*\.\s*)*)?{re.escape(key)}\b")
    return next((i for i in range(start, end) if pattern.match(lines[i])), start)


def _json_line(text: str, place: Place, near: str) -> int:
    """Return the line of a place in JSON: walk down to it, step over everything else."""
    at = 0
    for step in place:
        inside = _json_inside(text, at, step)
        if inside is None:
            break
        at = inside
    if near:
        _value, end = json.JSONDecoder().raw_decode(text, _skip(text, at))
        at = max(at, text.find(json.dumps(near, ensure_ascii=False), at, end))
    return text.count("\n", 0, _skip(text, at)) + 1


def _json_inside(text: str, at: int, wanted: str | int) -> int | None:
    """Return where a member's value begins in the object or list that begins at `at`."""
    at, number, decoder = _skip(text, at), 0, json.JSONDecoder()
    opening = text[at]
    if opening not in "{[":
        return None
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        name: Any = number
        if opening == "{":
            name, at = decoder.raw_decode(text, at)
            at = _skip(text, at)
        if name == wanted:
            return at
        _value, at = decoder.raw_decode(text, at)
        at, number = _skip(text, at), number + 1
    return None


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
