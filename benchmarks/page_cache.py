"""Requests per second of one page, drawn and stored, in one run: `python benchmarks/page_cache.py`.

One process, one thread, the WSGI application called directly, seconds of processor time: so the figures compare the portal
with itself, not with the network or with what else the machine does. The table is printed and kept in
`benchmarks/page_cache_*.md`. `DATABASE_URL` names another, empty database than the embedded one:
`python -m tests.support.postgres -- python benchmarks/page_cache.py`.
"""

import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, SECONDS = 5, 1.0

Application = Callable[[dict[str, Any], Any], Any]


def environ(path: str) -> dict[str, Any]:
    """Return what a server hands to the application for a visitor's GET."""
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }


def rate(application: Application, path: str) -> float:
    """Return how many requests the application answers in a second of processor time."""
    count, start = 0, time.process_time()
    while (spent := time.process_time() - start) < SECONDS:
        get(application, path)
        count += 1
    return count / spent


def get(application: Application, path: str) -> bytes:
    """Fetch the page and hold the application to the answer."""
    answers: list[str] = []
    response = application(environ(path), lambda status, _headers: answers.append(status))
    body = b"".join(response)
    response.close()
    if not answers[0].startswith("200"):
        raise SystemExit(f"{path}: {answers[0]}")
    return body


def applications(folder: Path) -> dict[str, Application]:
    """Return the same portal in three shapes; each takes its settings when its middleware is loaded."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    shapes: dict[str, dict[str, Any]] = {
        "drawn": {"PAGE_CACHE": False},
        "stored, number in the database": {"PAGE_CACHE": True, "PAGE_CACHE_FILE": ""},
        "stored, number in a file": {"PAGE_CACHE": True, "PAGE_CACHE_FILE": str(folder / "generation")},
    }
    built: dict[str, Application] = {}
    for name, settings in shapes.items():
        with override_settings(**settings):
            built[name] = WSGIHandler()
    return built


def prepare(folder: Path) -> str:
    """Make a database with one page and return its address."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'db.sqlite3'}")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from portal.pages.api import HomePage
    from portal.pages.models import StandardPage

    body = [("paragraph", "<p>" + "Borgerkontakt er et fag. " * 40 + "</p>")] * 5
    HomePage.objects.get().add_child(instance=StandardPage(title="Om portalen", slug="om", lead="Kort.", body=body))
    return "/om/"


def main() -> None:
    """Measure in turns, so that a busy moment of the machine meets all of them."""
    with tempfile.TemporaryDirectory(prefix="portal-benchmark-") as name:
        folder = Path(name)
        path = prepare(folder)
        portals = applications(folder)
        for portal in portals.values():
            get(portal, path)
        rates: dict[str, list[float]] = {name: [] for name in portals}
        for _round in range(ROUNDS):
            for shape, portal in portals.items():
                rates[shape].append(rate(portal, path))
        table = _table({shape: statistics.median(found) for shape, found in rates.items()})
    sys.stdout.write(table)
    _keep(table)


def _keep(table: str) -> None:
    from django.db import connection

    text = f"# Pages drawn and stored, {connection.vendor}\n\n{table}"
    text += f"\nOne page, median of {ROUNDS} rounds in turns, Python {sys.version.split()[0]}.\n"
    (ROOT / "benchmarks" / f"page_cache_{connection.vendor}.md").write_text(text, encoding="utf-8")


def _table(rates: dict[str, float]) -> str:
    lines = ["| page | requests per second of processor time | times |", "|---|--:|--:|"]
    lines += [f"| {name} | {value:,.0f} | {value / rates['drawn']:.1f} |" for name, value in rates.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
