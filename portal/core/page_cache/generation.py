"""One number for everything that pages show; a stored page belongs to the number that stood when it was drawn.

Reading it must cost next to nothing and be right in every process, so it is the size of a file on one machine (`os.stat`)
and a row of the database on several.
"""

import os
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

# What two readings are compared by; None: unknown, so nothing is stored or answered.
Mark = tuple[int, ...] | None

_ROW = 1


class Generation(Protocol):
    """Where the number is kept."""

    def current(self) -> Mark:
        """Return the number that stands."""

    def advance(self) -> None:
        """Make every stored page outdated, in every process."""


class FileGeneration:
    """The size of a file, which grows by a byte for each change: appending is atomic between processes.

    A file's time would not do: two changes within one tick of the kernel's clock leave the same time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def current(self) -> Mark:
        """Return the file's identity and size; a file that somebody removed is made anew."""
        try:
            status = os.stat(self._path)  # noqa: PTH116 - twice as fast, on every request
        except OSError:
            return None if not self._made() else self.current()
        return status.st_dev, status.st_ino, status.st_size

    def advance(self) -> None:
        """Append a byte."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab", buffering=0) as file:
            file.write(b".")

    def _made(self) -> bool:
        try:
            self.advance()
        except OSError:
            return False
        return self._path.exists()


class DatabaseGeneration:
    """A row that every machine sees."""

    def current(self) -> Mark:
        """Return the row's number."""
        from portal.core.models.page_cache import PageCacheGeneration

        # On every request: building the query costs three times as much as asking it.
        table = PageCacheGeneration._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT number FROM {table} WHERE id = %s", [_ROW])  # noqa: S608
            row = cursor.fetchone()
        return (row[0] if row else 0,)

    def advance(self) -> None:
        """Add one; the row is locked for this statement only, never through a transaction of the caller's."""
        from portal.core.models.page_cache import PageCacheGeneration

        if not PageCacheGeneration.objects.filter(pk=_ROW).update(number=F("number") + 1):
            PageCacheGeneration.objects.bulk_create([PageCacheGeneration(pk=_ROW)], ignore_conflicts=True)
            PageCacheGeneration.objects.filter(pk=_ROW).update(number=F("number") + 1)


def generation() -> Generation:
    """Return the one that the settings name: a file where `PAGE_CACHE_FILE` is set, otherwise the database."""
    return FileGeneration(Path(settings.PAGE_CACHE_FILE)) if settings.PAGE_CACHE_FILE else DatabaseGeneration()


def bump() -> None:
    """Outdate every stored page as soon as the current transaction is committed; at once where there is none.

    A failure to do so is logged and does not undo the change, which is committed already; pages are then at most
    `MAX_AGE` seconds old.
    """
    if settings.PAGE_CACHE and not _bump_waits():
        transaction.on_commit(_advance, robust=True)


def _bump_waits() -> bool:
    """Tell whether this transaction ends with a bump already: an import of a thousand rows needs one.

    What undoes the part of the transaction that a waiting bump came from takes it out of this queue, and the change at
    hand with it, or leaves both.
    """
    queue: list[Any] = connection.run_on_commit
    return any(function is _advance for _savepoints, function, _robust in queue)


def _advance() -> None:
    generation().advance()
