"""Migrations are named after their purpose and follow each other in one line."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from tests.house.findings import Finding, Source

_NAME = re.compile(r"^\d{4}_[a-z][a-z0-9_]*$")
_UNNAMED = re.compile(r"^\d{4}_(initial$|auto_|.*_and_more$)")


def check(sources: Iterable[Source]) -> Iterator[Finding]:
    """Report unnamed migrations, two with one number, and forks."""
    by_folder: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        path = PurePosixPath(source.path)
        if path.parent.name == "migrations" and path.stem != "__init__":
            by_folder[str(path.parent)].append(source)
    for group in by_folder.values():
        yield from _check_names(group)
        yield from _check_line(sorted(group, key=lambda source: source.path))


def _check_names(group: list[Source]) -> Iterator[Finding]:
    for source in group:
        name = PurePosixPath(source.path).stem
        if not _NAME.match(name) or _UNNAMED.match(name):
            yield Finding(source.path, 1, "a migration is named NNNN_purpose, never initial, auto_… or …_and_more")


def _check_line(group: list[Source]) -> Iterator[Finding]:
    """Each migration but the first depends on exactly the one before it."""
    names = {PurePosixPath(source.path).stem for source in group}
    previous: str | None = None
    for number, source in enumerate(group, start=1):
        name = PurePosixPath(source.path).stem
        if not name.startswith(f"{number:04}_"):
            yield Finding(source.path, 1, f"number {number:04} was expected: one line without gaps or forks")
        own = _dependencies(source) & names
        if own != ({previous} if previous else set()):
            yield Finding(
                source.path, 1, f"must depend on {previous or 'no migration'} of its own app, not {sorted(own)}"
            )
        previous = name


def _dependencies(source: Source) -> set[str]:
    """Return the names in `dependencies = [(app, name), …]`, whatever the app."""
    for node in ast.walk(source.tree()):
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "dependencies" for t in node.targets
        ):
            return {
                element.elts[1].value
                for element in getattr(node.value, "elts", [])
                if isinstance(element, ast.Tuple)
                and isinstance(element.elts[1], ast.Constant)
                and isinstance(element.elts[1].value, str)
            }
    return set()
