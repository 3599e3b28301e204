"""What a check reports, and the files that the checks read."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.services import ROOT

PACKAGES = ("portal", "search", "profilecatalog", "events", "learning")


@dataclass(frozen=True, order=True)
class Finding:
    """One place where the repository breaks a house rule."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """A file under check: its path from the root of the repository, and its text."""

    path: str
    text: str

    def tree(self) -> ast.Module:
        """Parse the file; a syntax error is for the linter to report."""
        return ast.parse(self.text, self.path)


def python_sources(*folders: str, root: Path = ROOT) -> Iterator[Source]:
    """Return our Python files, migrations among them."""
    for folder in folders or PACKAGES:
        for path in sorted((root / folder).rglob("*.py")):
            yield Source(str(path.relative_to(root)), path.read_text(encoding="utf-8"))


def template_sources(root: Path = ROOT) -> Iterator[Source]:
    """Return our templates."""
    for path in sorted((root / "templates").rglob("*.html")):
        yield Source(str(path.relative_to(root)), path.read_text(encoding="utf-8"))


def committed_sources(root: Path = ROOT) -> Iterator[Source]:
    """Return every text file that git holds or would take up."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        try:
            yield Source(name, (root / name).read_text(encoding="utf-8"))
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
