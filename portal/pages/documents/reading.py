"""Read the text of a file in a process of its own, which may run out of memory or time without taking the worker along."""

import subprocess
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from django.core.files import File

from portal.pages.documents import extract

MOST_BYTES: Final = 50 * 1024 * 1024
# Of the clock: a process may also wait for ever without using the processor.
MOST_SECONDS: Final = 40
_CHUNK = 1024 * 1024


class UnreadableError(Exception):
    """The file has no text for search; the message says why."""


def kind_of(filename: str) -> str:
    """Return "pdf" or "docx", and "" for a file that is not read."""
    suffix = Path(filename).suffix.lower().lstrip(".")
    return suffix if suffix in extract.READERS else ""


def read(file: File, kind: str) -> str:
    """Return the text of an open file, at most `extract.MOST_CHARACTERS`.

    Raises:
        UnreadableError: it is too large, corrupt, encrypted, a bomb, or took too long.
        OSError: the storage cannot give it.
    """
    with NamedTemporaryFile(prefix="document-", suffix=f".{kind}") as copy:
        _copy(file, copy)
        command = [sys.executable, "-I", extract.__file__, kind, copy.name]
        try:
            done = subprocess.run(  # noqa: S603 - our own program; the name of the copy is ours too
                command, capture_output=True, timeout=MOST_SECONDS, env={}, stdin=subprocess.DEVNULL, check=False
            )
        except subprocess.TimeoutExpired:
            raise UnreadableError("time") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        # Killed by a signal it says nothing: the limit of processor time, or of memory below Python.
        raise UnreadableError(said[-1][:80] if said and done.returncode > 0 else "limits")
    return done.stdout.decode("utf-8", "replace")


def _copy(file: File, copy: IO[bytes]) -> None:
    size = 0
    for chunk in file.chunks(_CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise UnreadableError("size")
        copy.write(chunk)
    copy.flush()
