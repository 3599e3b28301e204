"""Time, memory and queries of importing memberships, by size: `python benchmarks/import_memberships.py`.

Each size runs in a child process of its own on an empty database: the file is uploaded in pieces, planned, carried out, and
planned once more (the same file again: nothing changes). Memory is what Python's allocator held at most in each step
(tracemalloc, measured in a second run, since it slows the first down by half) and the peak of the whole process. The table
is printed and kept in `benchmarks/import_memberships_*.md`. `DATABASE_URL` names another, empty database than the embedded
one: `python -m tests.support.postgres -- python benchmarks/import_memberships.py`.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 5_000, 20_000)
STEPS = ("upload", "plan", "carry out", "plan again")
UNITS = 200


def pieces(size: int) -> Iterator[bytes]:
    """Return a file of that many lines, piece by piece as an upload brings it."""
    yield b"medarbejdernummer;navn;e-mail;enhedskode;rolle;fra;til\r\n"
    for number in range(size):
        unit = number % UNITS
        role = "leder" if number < UNITS else "medarbejder"
        yield f"{number:06};Navn Nummer {number};n{number}@kommune.example;{unit:04};{role};01-02-2024;\r\n".encode()


def measured(size: int, *, memory: bool) -> dict[str, Any]:
    """Import that many memberships in this process and return seconds, bytes and queries of each step."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    steps = _steps(size)
    found: dict[str, Any] = {"size": size, "steps": {}}
    queries = 0

    def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, parameters, many, context)

    for name, step in steps.items():
        queries = 0
        if memory:
            tracemalloc.start()
        start = time.perf_counter()
        with connection.execute_wrapper(count):
            step()
        seconds = time.perf_counter() - start
        peak = tracemalloc.get_traced_memory()[1] if memory else 0
        tracemalloc.stop()
        found["steps"][name] = {"seconds": seconds, "queries": queries, "peak": peak}
    found["vendor"] = connection.vendor
    found["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found


def _steps(size: int) -> dict[str, Callable[[], None]]:
    from portal.accounts.imports.runs import import_apply, import_receive
    from portal.accounts.models import ImportRun, Membership
    from portal.core import outbox

    home = _home()

    def upload() -> None:
        import_receive(actor=None, municipality=home, kind="memberships", filename="x.csv", pieces=pieces(size))

    def work() -> None:
        while outbox.drain():
            pass

    def carry_out() -> None:
        run = ImportRun.objects.get()
        import_apply(run=run, actor=None, plan_version=run.plan_version)
        work()
        if Membership.objects.count() != size:
            raise SystemExit("The import did not bring in what the file says.")

    def again() -> None:
        upload()
        work()
        if ImportRun.objects.order_by("-pk")[0].counts != {"unchanged": size}:
            raise SystemExit("The same file again would change something.")

    return dict(zip(STEPS, (upload, work, carry_out, again), strict=True))


def _home() -> Any:
    import datetime as dt

    from portal.organisations.api import Municipality, unit_create

    home, first = Municipality.objects.get(code="0461"), dt.date(2020, 1, 1)
    for number in range(UNITS):
        unit_create(actor=None, municipality=home, code=f"{number:04}", name=f"Enhed {number}", valid_from=first)
    return home


def child(size: int, *, memory: bool) -> dict[str, Any]:
    """Measure one size in a process and a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATABASE_URL": f"sqlite:///{folder}/import.sqlite3", **os.environ}
        command = [sys.executable, __file__, "--size", str(size), *(["--memory"] if memory else [])]
        environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "PYTHONPATH": str(ROOT)}
        if "postgres" in environment["DATABASE_URL"]:
            environment["DATABASE_URL"] = _fresh(environment["DATABASE_URL"], f"import_{size}_{int(memory)}")
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _fresh(address: str, name: str) -> str:
    import psycopg

    with psycopg.connect(address.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return address.rsplit("/", 1)[0] + f"/{name}"


def table(results: list[tuple[dict[str, Any], dict[str, Any]]]) -> str:
    """Return the figures as a table."""
    lines = [
        "| memberships | step | seconds | lines per second | queries | memory at most (Python) | process at most |",
        "|---|---|---|---|---|---|---|",
    ]
    for timed, traced in results:
        for name in STEPS:
            step, size = timed["steps"][name], timed["size"]
            peak = traced["steps"][name]["peak"] / 1024 / 1024
            rate = size / step["seconds"]
            cells = (f"{size:,}", name, f"{step['seconds']:.2f}", f"{rate:,.0f}", f"{step['queries']:,}")
            lines.append(f"| {' | '.join(cells)} | {peak:.1f} MB | {timed['rss'] / 1024:.0f} MB |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Measure one size for the parent, or all of them."""
    if arguments:
        print(json.dumps(measured(int(arguments[1]), memory="--memory" in arguments)))
        return
    results = [(child(size, memory=False), child(size, memory=True)) for size in SIZES]
    text = table(results)
    vendor = results[0][0]["vendor"]
    print(text)
    source = "`python benchmarks/import_memberships.py`; see there for what is measured."
    heading = f"# Importing memberships, {vendor}\n\n{source}\n\n"
    (ROOT / "benchmarks" / f"import_memberships_{vendor}.md").write_text(f"{heading}{text}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
