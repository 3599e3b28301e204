"""A PostgreSQL of the run's own: a free port of 127.0.0.1, a data folder under a temporary directory, gone afterwards.

`TEST_DATABASE_URL` (a role that may create databases) wins over starting one. As a command it runs another command
with `DATABASE_URL` pointing at the server:

    python -m tests.support.postgres -- python -m pytest -m postgres
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.services import postgres_binaries

_FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
_START_SECONDS = 30


class PostgresError(RuntimeError):
    """The server could not be started; the message holds what it printed."""


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Yield the address of a running server's `postgres` database.

    Args:
        durable: keep fsync on, for tests of what survives a crash.

    Raises:
        PostgresError: there are no binaries, or the server does not come up.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    binaries = postgres_binaries()
    if binaries is None:
        raise PostgresError("PostgreSQL is missing (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    try:
        with _running(binaries, folder, durable) as port:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(binaries: Path, folder: Path, durable: bool) -> Iterator[int]:
    as_user = _as_unprivileged_user(folder)
    data, port, log = folder / "data", free_port(), folder / "server.log"
    options = ["-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    _call([*as_user, str(binaries / "initdb"), "-D", str(data), *options])
    command = [*as_user, str(binaries / "postgres"), "-D", str(data), "-k", str(folder), "-h", "127.0.0.1"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "-p", str(port), *([] if durable else _FAST)], stdout=output, stderr=output
        )
    try:
        _wait_until_up(process, port, log)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _as_unprivileged_user(folder: Path) -> list[str]:
    """Return what to put before a command: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _call(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PostgresError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _wait_until_up(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0 and b"ready to accept" in log.read_bytes():
                return
        time.sleep(0.05)
    raise PostgresError(f"PostgreSQL did not come up: {log.read_text(errors='replace')}")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(arguments: list[str]) -> int:
    """Run a command against a server of its own and return its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    with server() as address:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
