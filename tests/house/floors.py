"""A string that names an upper app is an upward import that the import linter cannot see.

The order of the floors is read from the import contract in `pyproject.toml`, so that it stands once.
"""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache

from tests.house.findings import Finding, Source
from tests.support.services import ROOT

_MODEL = re.compile(r"^(?P<app>[a-z]+)\.[A-Z]\w+$")
_URL_NAME = re.compile(r"^(?P<app>[a-z]+):[\w.:-]+$")
_TEMPLATE = re.compile(r"^(?P<app>[a-z]+)/[\w/.-]+\.(html|txt)$")
_MODULE = re.compile(r"^(?P<package>(portal|search|profilecatalog|events|learning)(\.\w+)+)$")
_TEMPLATE_TAG = re.compile(
    r"""\{%\s*(?P<tag>url|include|extends)\s+["'](?P<name>[^"']+)["']""",
)
_SHARED_TEMPLATES = {"components"}


@cache
def floors() -> dict[str, int]:
    """Return each package's floor, 0 at the top; siblings share a number."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return {
        package.strip(" ()"): number
        for number, layer in enumerate(contract["layers"])
        for package in re.split(r"[|:]", layer)
    }


@cache
def labels() -> dict[str, str]:
    """Return the package of each app label; the label is the package's last name."""
    return {package.rpartition(".")[2]: package for package in floors() if floors()[package] > 0}


def package_of(module: str) -> str | None:
    """Return the package on a floor that a dotted module name belongs to."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if ".".join(parts[:length]) in floors():
            return ".".join(parts[:length])
    return None


def may_name(own: str, other: str) -> bool:
    """Say whether a package may name another: itself or one below it, never a sibling."""
    return own == other or floors()[own] < floors()[other]


def check_python(sources: Iterable[Source]) -> Iterator[Finding]:
    """Report strings in Python files that name an app above or beside."""
    for source in sources:
        own = package_of(source.path.removesuffix(".py").replace("/", "."))
        if own is None or floors()[own] == 0:
            continue
        for node in ast.walk(source.tree()):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                other = named_package(node.value)
                if other and not may_name(own, other):
                    yield Finding(source.path, node.lineno, f'"{node.value}" names {other}, which is not below {own}')


def named_package(text: str) -> str | None:
    """Return the package that a string names: a model, a URL name, a template or a module."""
    for pattern in (_MODEL, _URL_NAME, _TEMPLATE):
        if match := pattern.match(text):
            return labels().get(match["app"])
    if match := _MODULE.match(text):
        return package_of(match["package"])
    return None


def check_templates(sources: Iterable[Source]) -> Iterator[Finding]:
    """Report templates that link to, include or extend what belongs to an app above or beside."""
    for source in sources:
        own = _template_owner(source.path)
        for match in _TEMPLATE_TAG.finditer(source.text):
            other = named_package(match["name"])
            if other and not may_name(own, other):
                line = source.text.count("\n", 0, match.start()) + 1
                yield Finding(
                    source.path, line, f'{match["tag"]} "{match["name"]}" names {other}, which is not below {own}'
                )


def _template_owner(path: str) -> str:
    """Return the package that a template belongs to; what lies at the root or in components belongs to the ground."""
    folder = path.split("/")[1]
    return "portal.core" if folder in _SHARED_TEMPLATES else labels().get(folder, "portal.core")
