"""No committed file carries the address of a package registry or a path of one machine.

Both tie the repository to a place: a lock file with an address installs from nowhere else. The check spells nothing
out, so that it does not find itself.
"""

import re
from collections.abc import Iterable, Iterator

from tests.house.findings import Finding, Source

_REGISTRIES = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("crates", "io"),
    ("golang", "org"),
    ("maven", "org"),
    ("maven", "apache", "org"),
    ("deb", "debian", "org"),
]
_MACHINE_FOLDERS = ["work", "root", "opt/wheels", "home/[a-z]+", "Users/[A-Za-z]+", "workspace"]
_REGISTRY = re.compile("|".join(r"\b" + r"\.".join(parts) + r"\b" for parts in _REGISTRIES))
_MACHINE = re.compile(r"(?<![\w.:/-])/(?:" + "|".join(_MACHINE_FOLDERS) + r")/[\w.-]")
_LOCK = re.compile(r"(^|/)(requirements[\w-]*\.lock|package-lock\.json)$")
_LOCK_ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links")
_FUNDING = re.compile(r'^\s*"url": ')


def check(sources: Iterable[Source]) -> Iterator[Finding]:
    """Report addresses of registries, paths of a machine, and any address in a lock file."""
    for source in sources:
        for number, line in enumerate(source.text.splitlines(), start=1):
            if _REGISTRY.search(line):
                yield Finding(source.path, number, "the address of a package registry")
            if _MACHINE.search(line):
                yield Finding(source.path, number, "a path of one machine")
            if _LOCK.search(source.path) and _LOCK_ADDRESS.search(line) and not _FUNDING.match(line):
                yield Finding(source.path, number, "an address in a lock file")
