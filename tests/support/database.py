"""One migrated database image for the whole suite, copied instead of migrated again.

Migrating takes half a minute; copying the result takes some milliseconds. The image is kept under `var/` and keyed by
what the migrations read, so that it is built again when one of them changes. After a test that really committed (and
after each test with a live server) the image is put back: a flush, Django's own way, would also remove the root page,
the locale and the municipalities, which come from migrations.
"""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from portal.core import outbox
from tests.support.services import ROOT

IMAGES = ROOT / "var" / "test-images"
_KEEP_SECONDS = 6 * 60 * 60


class MigratedDatabase(Protocol):
    """A database that can be brought back to its freshly migrated state."""

    def create(self) -> None: ...
    def restore(self) -> None: ...
    def restore_example(self) -> None: ...
    def destroy(self) -> None: ...


def migrations_digest() -> str:
    """Return a key that changes whenever migrating could give another result."""
    digest = hashlib.sha256(connection.vendor.encode())
    for config in apps.get_app_configs():
        digest.update(config.name.encode())
        for path in _inputs(Path(config.path)):
            digest.update(str(path).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _inputs(package: Path) -> list[Path]:
    """Return the files of an app that migrations and post-migrate handlers are made of."""
    folders = [package / "migrations", package / "data"] if ROOT in package.parents else [package / "migrations"]
    found = {path for folder in folders for path in folder.rglob("*") if path.suffix not in {".pyc", ""}}
    if ROOT in package.parents and "site-packages" not in package.parts:
        found |= {path for path in package.rglob("*.py") if b"post_migrate" in path.read_bytes()}
    return sorted(found)


class SqliteImage:
    """A file per worker, copied from the image through SQLite's own backup."""

    def __init__(self, worker: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="portal-tests-", dir=_memory_folder())
        self._file = Path(self._folder.name) / f"{worker}.sqlite3"
        self._image = IMAGES / f"{migrations_digest()}.sqlite3"
        self._example_failed: Exception | None = None

    def create(self) -> None:
        """Point Django at this worker's file and fill it."""
        options = connection.settings_dict["OPTIONS"]
        # A test database may be lost at any moment: never wait for the disk.
        options["init_command"] = options.get("init_command", "") + "PRAGMA synchronous=OFF;"
        with _lock(self._image):
            if not self._image.exists():
                self._build()
        self._use(self._file)
        self.restore()

    def restore(self) -> None:
        """Put the image back, over whatever the last test committed."""
        self._copy_from(self._image)

    def restore_example(self) -> None:
        """Put the example content there, loaded once for all workers of a run."""
        example = self._image.with_name(f"{self._image.stem}-example-{_run()}.sqlite3")
        with _lock(example):
            if self._example_failed:
                raise self._example_failed
            if not example.exists():
                self._build_example(example)
        self._copy_from(example)

    def destroy(self) -> None:
        """Remove this worker's file."""
        connections.close_all()
        self._folder.cleanup()

    def copy_to(self, file: Path) -> None:
        """Give a process of its own a freshly migrated database; inside a test's transaction it could not be copied."""
        with (
            closing(sqlite3.connect(f"file:{self._image}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(file)) as target,
        ):
            source.backup(target)

    def _copy_from(self, image: Path) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(f"file:{image}?mode=ro", uri=True)) as source:
            source.backup(connection.connection)

    def _build_example(self, example: Path) -> None:
        self.restore()
        try:
            load_example_content()
        except Exception as error:
            # It takes half a minute: the tests that need it all fail, the first of them slowly.
            self._example_failed = error
            raise
        building = example.with_suffix(".building")
        with closing(sqlite3.connect(building)) as target:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        building.rename(example)

    def _build(self) -> None:
        for old in IMAGES.glob("*"):
            # Another run may still be reading a young one.
            if old.stat().st_mtime < time.time() - _KEEP_SECONDS:
                old.unlink(missing_ok=True)
        building = self._image.with_suffix(".building")
        building.unlink(missing_ok=True)
        self._use(building)
        _migrate()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=DELETE")
        connection.close()
        building.rename(self._image)

    def _use(self, file: Path) -> None:
        connection.close()
        connection.settings_dict["NAME"] = str(file)


class PostgresTemplate:
    """A migrated template database per run; each worker's database is a copy that PostgreSQL makes of its files."""

    def __init__(self, worker: str) -> None:
        self._template = f"portal_template_{migrations_digest()}"
        self._name = f"portal_{worker}_{os.getpid()}"

    def create(self) -> None:
        """Build the template once, then copy it."""
        with _lock(IMAGES / self._template):
            if not self._exists(self._template):
                self._execute(f'CREATE DATABASE "{self._template}_building"')
                self._use(f"{self._template}_building")
                _migrate()
                self._execute(f'ALTER DATABASE "{self._template}_building" RENAME TO "{self._template}"')
        self.restore()

    def restore(self) -> None:
        """Replace this worker's database by a fresh copy of the template."""
        self._execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
        self._execute(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')
        self._use(self._name)

    def restore_example(self) -> None:
        """Load the example content into a fresh copy; browsers run on SQLite, so nobody waits for this often."""
        self.restore()
        load_example_content()

    def destroy(self) -> None:
        """Drop this worker's database; the template goes with the server."""
        self._execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _exists(self, name: str) -> bool:
        rows = self._execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(rows)

    def _execute(self, statement: str, parameters: list[Any] | None = None) -> list[Any]:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def _use(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name


def migrated_database(worker: str) -> MigratedDatabase:
    """Return the kind of database that the settings name."""
    return SqliteImage(worker) if connection.vendor == "sqlite" else PostgresTemplate(worker)


def _migrate() -> None:
    """Migrate, and leave pages open to whoever may publish: tests of publishing bring the policies in force themselves."""
    from tests.support.editorial import policies_retired

    call_command("migrate", verbosity=0, interactive=False)
    policies_retired()


def load_example_content() -> None:
    """Load what `make demo` loads, the example logins with it, and let a worker's round fill the search index."""
    from tests.support.editorial import policies_in_force

    policies_in_force()
    with override_settings(DEMO=True):
        call_command("load_example", stdout=StringIO())
    while outbox.drain():
        pass


def _run() -> str:
    """Return what the workers of one run have in common."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))


def _memory_folder() -> str | None:
    """Return a folder in memory where there is one with room."""
    shm = Path("/dev/shm")  # noqa: S108
    if shm.is_dir() and os.access(shm, os.W_OK):
        room = os.statvfs(shm)
        if room.f_bavail * room.f_frsize > 512 * 1024 * 1024:
            return str(shm)
    return None


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Let one worker at a time build an image."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
