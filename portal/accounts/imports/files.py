"""The file itself: what is refused before it is read, which encoding it has, and its records one by one.

A file is looked through in pieces and never held as a whole; whoever sends a million lines is told so at the limit.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import ImportChunk, ImportRun

CHUNK = 64 * 1024
MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 50_000
DELIMITERS = ";,\t"

_WORKBOOK = gettext_lazy("This is an Excel workbook. Choose “Save as” and “CSV UTF-8” in Excel, and upload that file.")
_WIDE = gettext_lazy("The file is saved as “Unicode text”. Save it as “CSV UTF-8” instead.")
_MISTAKES: tuple[tuple[bytes, Promise], ...] = (
    (b"PK\x03\x04", _WORKBOOK),
    (b"\xd0\xcf\x11\xe0", _WORKBOOK),
    (b"%PDF", gettext_lazy("This is a PDF. Upload the list as a CSV file.")),
    (codecs.BOM_UTF16_LE, _WIDE),
    (codecs.BOM_UTF16_BE, _WIDE),
)


class FileRefusedError(Exception):
    """The file as a whole cannot be used; the text says why and what to do."""


@dataclass(slots=True)
class Examined:
    """What is known of a file once it has been looked through."""

    encoding: str
    start: int
    lines: int


class Examiner:
    """Looks at the pieces of a file as they come by."""

    def __init__(self) -> None:
        self._size = self._lines = 0
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._western = True
        self._head = b""
        self._ended = True

    def look(self, piece: bytes) -> None:
        """Look at the next piece.

        Raises:
            FileRefusedError: it can be no list, or the limit is reached.
        """
        if not self._size:
            self._head = piece[:4]
            for magic, text in _MISTAKES:
                if piece.startswith(magic):
                    raise FileRefusedError(str(text))
        self._size += len(piece)
        self._lines += piece.count(b"\n")
        self._ended = piece.endswith(b"\n")
        if b"\x00" in piece:
            raise FileRefusedError(_("The file holds signs that no text has (NUL). Save the list as a CSV file again."))
        if self._size > MAX_BYTES:
            raise FileRefusedError(too_large())
        if self._lines > MAX_LINES:
            raise FileRefusedError(
                _("The file has more than %(lines)s lines. Divide it, for example by department.")
                % {"lines": f"{MAX_LINES:,}".replace(",", ".")}
            )
        self._decode(piece)

    def _decode(self, piece: bytes, *, final: bool = False) -> None:
        if self._utf8 is not None:
            try:
                self._utf8.decode(piece, final)
            except UnicodeDecodeError:
                self._utf8 = None
        # Five bytes mean nothing in Windows-1252.
        self._western = self._western and not set(piece) & {0x81, 0x8D, 0x8F, 0x90, 0x9D}

    def result(self) -> Examined:
        """Return what was found.

        Raises:
            FileRefusedError: the file is empty, or no text.
        """
        if not self._size:
            raise FileRefusedError(_("The file is empty."))
        self._decode(b"", final=True)
        if self._utf8 is None and not self._western:
            raise FileRefusedError(
                _("The file cannot be read as text. Save the list as “CSV UTF-8” and upload it again.")
            )
        start = len(codecs.BOM_UTF8) if self._head.startswith(codecs.BOM_UTF8) else 0
        lines = self._lines + (not self._ended)
        return Examined("utf-8" if self._utf8 is not None else "cp1252", start, lines)


def too_large() -> str:
    """Return the sentence for a file that is too large."""
    return _("The file is larger than %(megabytes)s MB.") % {"megabytes": MAX_BYTES // 1024 // 1024}


def in_chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Return the same bytes in pieces of one size, so that a position says which piece it is in."""
    rest = b""
    for piece in pieces:
        rest += piece
        while len(rest) >= CHUNK:
            yield rest[:CHUNK]
            rest = rest[CHUNK:]
    if rest:
        yield rest


class Lines:
    """The lines of a stored file from a position on. Knows how far it has been read, so that reading can go on there."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self.position, self.line = run.position, run.line
        self._number = run.position // CHUNK
        self._rest = self._chunk()[run.position % CHUNK :]

    def _chunk(self) -> bytes:
        found = ImportChunk.objects.filter(run=self._run, number=self._number).values_list("content", flat=True).first()
        self._number += 1
        return bytes(found) if found is not None else b""

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        while (end := self._rest.find(b"\n")) < 0:
            if not (more := self._chunk()):
                break
            self._rest += more
        line, self._rest = (self._rest[: end + 1], self._rest[end + 1 :]) if end >= 0 else (self._rest, b"")
        if not line:
            raise StopIteration
        self.position += len(line)
        self.line += 1
        return line.decode(self._run.encoding)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the file; `line` is where it begins."""

    line: int
    cells: list[str]


def records(run: ImportRun, lines: Lines) -> Iterator[Record]:
    """Return the records from where the lines stand.

    Raises:
        FileRefusedError: a quoted cell never ends, or something stands behind its end.
    """
    reader = csv.reader(lines, delimiter=run.delimiter, strict=True)
    while True:
        first = lines.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            text = _("Line %(line)s: a quotation mark opens a cell that never ends, or stands in the middle of one.")
            raise FileRefusedError(text % {"line": first}) from error
        if any(cell.strip() for cell in cells):
            yield Record(first, cells)
