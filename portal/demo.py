"""`make demo`: the whole portal on this machine, with example content, in one command.

The second start finds the database, the collected files and the example content as they were and only starts the two
processes; whatever was edited stays. `--reset` throws the database away.
"""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType

HOST = "127.0.0.1"
_START_SECONDS = 90
_STOP_SECONDS = 15


def main(arguments: Sequence[str]) -> int:
    """Prepare and serve until interrupted; return the exit code."""
    port = int(os.environ.get("PORT", "8000"))
    if not port_is_free(port):
        other = 8001 if port == 8000 else 8000
        print(f"Port {port} is taken, perhaps by another demo. Stop that one, or choose: PORT={other} make demo")
        return 1
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.demo"
    os.environ.setdefault("BASE_URL", f"http://{HOST}:{port}")
    import django

    django.setup()
    if "--reset" in arguments:
        reset()
        return 0
    prepare()
    return serve(port)


def port_is_free(port: int) -> bool:
    """Say whether the server could listen there."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def reset() -> None:
    """Delete the demo's database and uploaded files."""
    from django.conf import settings

    database = _database_file()
    for path in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    print("The demo's database is gone; `make demo` starts over.")


def prepare() -> None:
    """Bring everything that the processes need into place, doing only what is not done yet."""
    from django.conf import settings
    from django.core.management import call_command

    from portal.core import catalogues
    from portal.desk.loading.run import is_loaded

    catalogues.compile_all(Path(settings.BASE_DIR))
    if not _database_file().exists():
        print("Making the database", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()
    if not is_loaded():
        print("Loading the example content", flush=True)
        call_command("load_example")


def collect_static() -> None:
    """Collect and compress the static files if any of them changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    digest, mark = _static_digest(), Path(settings.STATIC_ROOT) / ".collected"
    if mark.exists() and mark.read_text() == digest:
        return
    print("Collecting the static files", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(digest)


def _static_digest() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def serve(port: int) -> int:
    """Run the web server and the worker until one of them ends or the user stops them."""
    stopping = _Stop()
    processes = [subprocess.Popen(command) for command in _commands(port)]  # noqa: S603
    try:
        if _answers(port, lambda: stopping.asked or _ended(processes)):
            _print_welcome(port)
        while not stopping.asked and not _ended(processes):
            time.sleep(0.2)
    finally:
        failed = not stopping.asked
        _stop(processes)
    if failed:
        print("The demo ended by itself; the lines above say why.", file=sys.stderr)
    return int(failed)


class _Stop:
    """Remembers that the user (ctrl-C) or the system asked for an end."""

    def __init__(self) -> None:
        self.asked = False
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._ask)

    def _ask(self, signum: int, frame: FrameType | None) -> None:
        self.asked = True


def _commands(port: int) -> list[list[str]]:
    web = ["-m", "gunicorn", "portal.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4"]
    return [
        [sys.executable, *web, "--log-level", "warning", "--graceful-timeout", "5", "--no-control-socket"],
        [sys.executable, "manage.py", "worker"],
    ]


def _ended(processes: list[subprocess.Popen[bytes]]) -> bool:
    return any(process.poll() is not None for process in processes)


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, give_up: Callable[[], bool]) -> bool:
    """Wait until the home page is there."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and not give_up():
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=10) as response:
                return bool(response.status == 200)
        except urllib.error.HTTPError as error:
            print(f"The home page answers {error.code}.", file=sys.stderr)
            return False
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    return False


def _print_welcome(port: int) -> None:
    from django.urls import reverse

    from portal.desk.example_users import EXAMPLE_PASSWORD, example_logins

    address = f"http://{HOST}:{port}"
    lines = [
        "",
        "Kompetenceportalen is running with example content.",
        "",
        f"  The portal           {address}/",
        f"  In English           {address}/en/",
        f"  For editors          {address}/admin/",
        f"  Mails it would send  {address}{reverse('desk:mailbox')}",
        f"  Codes for the login  {address}{reverse('desk:codes')}",
        "",
        f"Example logins, all with the password {EXAMPLE_PASSWORD}",
        "",
        *(f"  {user.role.label:<20} {user.email}" for user in example_logins()),
        "",
        f"Passkeys need a name instead of a number: http://localhost:{port}/",
        "",
        "Ctrl-C stops it. `make demo-reset` throws the edits away.",
    ]
    print("\n".join(lines), flush=True)


def _database_file() -> Path:
    from django.conf import settings

    return Path(settings.DATABASES["default"]["NAME"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
