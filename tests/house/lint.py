"""`make lint`: every check that needs no running portal, each with its name, its time and its exit code.

All of them run, so that one run shows everything that is wrong.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

from tests.house import budgets, committed, floors, migrations, templates
from tests.house.findings import Finding, committed_sources, python_sources, template_sources
from tests.support.services import ROOT

_FOLDERS = [
    name
    for name in ("portal", "search", "profilecatalog", "events", "learning", "tests", "benchmarks", "manage.py")
    if (ROOT / name).exists()
]
_MANAGE = [sys.executable, "manage.py"]
_BIN = str(ROOT / ".venv" / "bin") + "/"

COMMANDS: dict[str, list[str]] = {
    "style (ruff check)": [_BIN + "ruff", "check", "-q", "--output-format", "concise", *_FOLDERS],
    "layout (ruff format)": [_BIN + "ruff", "format", "--check", "-q", "--output-format", "concise", *_FOLDERS],
    "floors (import contract)": [_BIN + "lint-imports", "--no-logo"],
    "types (mypy)": [_BIN + "mypy", "--no-error-summary", *_FOLDERS],
    "templates (djlint)": [_BIN + "djlint", "--lint", "--quiet", "templates"],
    "missing migrations": [*_MANAGE, "makemigrations", "--check", "--dry-run", "-v1"],
    "catalogues": [*_MANAGE, "messages", "check"],
}

CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "strings that name an upper app": lambda: chain(
        floors.check_python(python_sources()), floors.check_templates(template_sources())
    ),
    "names and order of migrations": lambda: migrations.check(python_sources()),
    "registry addresses and machine paths": lambda: committed.check(committed_sources()),
    "templates: inputs stated, nothing inline, all text translated": lambda: templates.check(template_sources()),
    "budgets of modules and classes": lambda: budgets.check(
        python_sources("portal", "search", "profilecatalog", "events", "learning", "tests")
    ),
}


def main() -> int:
    """Run everything and return 1 if anything was found."""
    bad = [name for name, command in COMMANDS.items() if not _report(name, partial(_run, command))]
    bad += [name for name, check in CHECKS.items() if not _report(name, partial(_listed, check))]
    _print_function_budget()
    if bad:
        print("\nNot right yet: " + "; ".join(bad))
    return 1 if bad else 0


def _listed(check: Callable[[], Iterator[Finding]]) -> list[str]:
    return [str(finding) for finding in sorted(check())]


def _report(name: str, check: Callable[[], list[str]]) -> bool:
    start = time.monotonic()
    findings = check()
    print(f"{'ok  ' if not findings else 'FAIL'}  {name} ({time.monotonic() - start:.1f} s)", flush=True)
    for line in findings:
        print(f"      {line}")
    return not findings


def _run(command: list[str]) -> list[str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    return (done.stdout + done.stderr).strip().splitlines() or [f"exit code {done.returncode}"]


def _print_function_budget() -> None:
    lengths = budgets.function_lengths(python_sources())
    print(f"      {lengths}")
    for finding in lengths.longest:
        print(f"      {finding}")


if __name__ == "__main__":
    sys.exit(main())
