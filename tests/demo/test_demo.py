"""`make demo` as a person meets it: it starts, says where, keeps edits, stops, and says in one line what is wrong."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.support.postgres import free_port
from tests.support.services import ROOT

COMMAND = [sys.executable, "-m", "portal.demo"]
SECONDS = 120


@pytest.fixture
def database(example_site: None, tmp_path: Path) -> Path:
    """A demo's database as a first start leaves it."""
    file = tmp_path / "demo.sqlite3"
    with closing(sqlite3.connect(file)) as target:
        connection.connection.backup(target)
    return file


def environment(port: int, database: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "BASE_URL"}}
    # Its own collected files as well: a demo that runs beside the tests must not lose its own.
    folders = {"MEDIA_ROOT": str(database.parent / "media"), "STATIC_ROOT": str(database.parent / "static")}
    own = {"DATABASE_URL": f"sqlite:///{database}", **folders}
    return {**kept, **own, "PORT": str(port), "PYTHONUNBUFFERED": "1"}


@contextmanager
def running(port: int, database: Path) -> Iterator[str]:
    """Start the demo, yield what it printed until it was up, and stop it as ctrl-C does."""
    log = database.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=environment(port, database), stdout=output, stderr=output)
        try:
            yield wait_until_up(process, log)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=SECONDS) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()


def wait_until_up(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if "Ctrl-C stops it" in log.read_text():
            return log.read_text()
        time.sleep(0.2)
    raise AssertionError(f"the demo did not come up:\n{log.read_text()}")


def answer(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as response:
        return str(response.read().decode())


def test_it_starts_keeps_edits_and_stops_both_processes(database: Path) -> None:
    port = free_port()
    with running(port, database) as printed:
        assert f"http://127.0.0.1:{port}/" in printed
        assert re.search(r"\S+@\S+\.example", printed), "the example logins"
        assert "Loading the example content" not in printed, "it was there already"
        page = answer(port)
        assert "<h1" in page
        script = re.search(r'href="(/static/portal/[^"]+\.css)"', page)
        assert script is not None
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{script[1]}", timeout=30) as response:
            assert response.status == 200, "whitenoise serves the collected files"
        with closing(sqlite3.connect(database)) as edited, edited:
            edited.execute("CREATE TABLE kept_by_the_second_start (x)")
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "nobody listens any more"
    with running(free_port(), database), closing(sqlite3.connect(database)) as again:
        again.execute("SELECT * FROM kept_by_the_second_start")


def test_a_reset_removes_the_database_and_the_uploads(database: Path) -> None:
    (database.parent / "media").mkdir()
    done = subprocess.run(
        [*COMMAND, "--reset"], cwd=ROOT, env=environment(free_port(), database), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not database.exists()
    assert not (database.parent / "media").exists()


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            COMMAND, cwd=ROOT, env=environment(port, tmp_path / "x"), capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert f"Port {port} is taken" in line
    assert not (tmp_path / "x").exists(), "nothing was begun"
