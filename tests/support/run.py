"""`make test`: the suite on SQLite, then what is marked for it on PostgreSQL, and one line for both.

python -m tests.support.run [pytest arguments and paths]
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.support.postgres import PostgresError, server
from tests.support.services import required

_NOTHING_COLLECTED = 5
_PYTEST = [sys.executable, "-m", "pytest"]
_NIGHTLY = os.environ.get("NIGHTLY", "") == "1"


def main(arguments: list[str]) -> int:
    """Run both rounds and return 0 only if neither failed."""
    with tempfile.TemporaryDirectory(prefix="portal-counts-") as folder:
        counts = Path(folder) / "counts"
        counts.touch()
        environment = {**os.environ, "PORTAL_TEST_COUNTS": str(counts)}
        failed = _first_round(arguments, environment) | _postgres_round(arguments, environment)
        total: Counter[str] = Counter()
        for line in counts.read_text().splitlines():
            total.update(json.loads(line))
    _print_closing_line(total)
    return 1 if failed or not total["passed"] else 0


def _first_round(arguments: list[str], environment: dict[str, str]) -> bool:
    return _pytest("not postgres", arguments, environment)


def _postgres_round(arguments: list[str], environment: dict[str, str]) -> bool:
    try:
        with server() as address:
            print("\n--- on PostgreSQL: what is marked for it", flush=True)
            return _pytest("postgres or every_database", arguments, {**environment, "DATABASE_URL": address})
    except PostgresError as error:
        print(f"\n--- skipped: the tests on PostgreSQL. {error}", flush=True)
        return required()


def _pytest(marks: str, arguments: list[str], environment: dict[str, str]) -> bool:
    """Run one round; a round in which nothing is marked is not a failure, the sum of both decides."""
    selected = f"({marks})" + ("" if _NIGHTLY else " and not nightly")
    code = subprocess.run([*_PYTEST, "-m", selected, *arguments], env=environment, check=False).returncode
    return code not in (0, _NOTHING_COLLECTED)


def _print_closing_line(total: Counter[str]) -> None:
    print(f"\n{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
