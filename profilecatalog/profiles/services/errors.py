"""What the catalogue's services refuse, in words for the editor."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.core.errors import RefusedError


@dataclass(frozen=True)
class Problem:
    """One reason why content cannot be published.

    `place` names the row of the form that is meant: an item by its uuid, a level text by its level; None is the object
    itself. `field` is the field of that row.
    """

    message: Any
    field: str = ""
    place: Any = None


class CatalogueError(RefusedError):
    """The catalogue refuses; nothing has been written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(str(problem.message) for problem in self.problems))


class ReleaseError(CatalogueError):
    """A release cannot be frozen, so the profile is not published."""


class CompetenceError(CatalogueError):
    """A competence cannot be published."""


class FrameworkError(CatalogueError):
    """A framework contradicts itself or what stands in the catalogue."""
