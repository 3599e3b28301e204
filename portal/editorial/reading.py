"""Read the files of workflows and policies: all faults in one go, each with its line, before anything is stored."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.editorial.naming import unknown_names
from portal.editorial.schema import PolicySpec
from portal.editorial.shape import Spec, spec_from
from portal.workflows.api import BadDefinitionError, Fault, Place, Problem, ShapeError, parse, placed, read_each


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file that has been read."""

    file: str
    text: str
    spec: Spec
    content: dict[str, Any]

    @property
    def name(self) -> tuple[str, str]:
        """Return kind and key: what versions are counted for."""
        return self.content["kind"], self.spec.key

    def problem(self, place: Place, reason: str, near: str = "") -> Problem:
        """Return what is wrong, with its line."""
        return placed([Fault(place, reason, near)], self.text, self.file)[0]


def read(text: str, file: str) -> Loaded:
    """Return what a file says.

    Raises:
        BadDefinitionError: it is no TOML or JSON, has the wrong shape, makes no sense, or names what is not there.
    """
    content = parse(text, file)
    try:
        spec = spec_from(content)
    except ShapeError as error:
        raise BadDefinitionError(placed(error.faults, text, file)) from error
    if faults := list(unknown_names(spec, content)):
        raise BadDefinitionError(placed(faults, text, file))
    return Loaded(file, text, spec, content)


def read_all(files: list[Path]) -> list[Loaded]:
    """Read files and collect the faults of all of them; those that only show between files are added.

    Raises:
        BadDefinitionError: with every fault.
    """
    loaded = [found for _file, found in read_each(files, read)]
    problems = []
    seen: dict[tuple[str, str], str] = {}
    for each in loaded:
        first = seen.setdefault(each.name, each.file)
        if first != each.file or sum(other.name == each.name for other in loaded if other.file == each.file) > 1:
            what = "policy" if isinstance(each.spec, PolicySpec) else "workflow"
            problems.append(each.problem(("key",), f"the {what} {each.spec.key!r} stands in {first} as well"))
    if problems:
        raise BadDefinitionError(problems)
    return loaded
