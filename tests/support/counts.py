"""Write down how many tests passed, failed and were skipped, so that several rounds add up to one closing line."""

import json
import os
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

_STATES = {"passed": "passed", "failed": "failed", "error": "failed", "skipped": "skipped"}


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Append this round's counts to the file that the runner named."""
    target = os.environ.get("PORTAL_TEST_COUNTS")
    if not target or "PYTEST_XDIST_WORKER" in os.environ:
        return  # the workers' parent counts for all of them
    counts = dict.fromkeys(_STATES.values(), 0)
    for state, sum_name in _STATES.items():
        counts[sum_name] += len(terminalreporter.stats.get(state, []))
    with Path(target).open("a") as file:
        file.write(json.dumps(counts) + "\n")
