"""Print the text of a PDF or DOCX file: a program of its own, since a file from anybody may be made to eat its reader.

It is started by `reading.py` with a limit of memory and processor time, without environment and without Django, and
may die at any moment. The exit code says whether there is a text; a reason stands on stderr.

    python -I extract.py pdf FILE
"""

import logging
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

# Some three times what search keeps of a text: pages of contents and notes may stand in front.
MOST_CHARACTERS = 200_000
MOST_PAGES = 300
MOST_MEMORY = 768 * 1024 * 1024
MOST_SECONDS = 20

# A DOCX is a ZIP file: what it says it unpacks to is looked at before anything is unpacked.
_MOST_PARTS = 5_000
_MOST_UNPACKED = 300 * 1024 * 1024
_MOST_XML = 30 * 1024 * 1024
_TIMES_PACKED = 400

_HYPHENATED = re.compile(r"(\w)-\n(?=[a-zæøå])")


class RefusedError(Exception):
    """The file has no text for us; the message says why in one word."""


def pdf_pages(path: str) -> Iterator[str]:
    """Yield the text of each page; a page that cannot be read is left out.

    Raises:
        RefusedError: nobody reads it without a password.
    """
    from pypdf import PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise RefusedError("encrypted")
    for number in range(min(len(reader.pages), MOST_PAGES)):
        try:
            yield reader.pages[number].extract_text()
        except MemoryError:
            raise
        except Exception as error:
            sys.stderr.write(f"page {number + 1}: {type(error).__name__}\n")


def docx_paragraphs(path: str) -> Iterator[str]:
    """Yield the text of each paragraph, those in tables too.

    Raises:
        RefusedError: it unpacks to more than a document does, or is packed in a way that only bombs are.
    """
    _refuse_bombs(path)
    from docx import Document
    from docx.oxml.ns import qn

    body: Any = Document(path).element.body
    for paragraph in body.iter(qn("w:p")):
        yield "".join(_words(paragraph, qn))


def _words(paragraph: Any, qn: Any) -> Iterator[str]:
    for part in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        yield part.text or "" if part.tag == qn("w:t") else " "


def _refuse_bombs(path: str) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    xml = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    thin = any(part.file_size > 1_000_000 and part.file_size > _TIMES_PACKED * part.compress_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or xml > _MOST_XML or thin:
        raise RefusedError("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("encrypted")


READERS = {"pdf": pdf_pages, "docx": docx_paragraphs}


def text_of(kind: str, path: str) -> str:
    """Return the beginning of the text, with words put together that a line break parted."""
    pieces: list[str] = []
    length = 0
    for piece in islice(READERS[kind](path), 100_000):
        pieces.append(piece[: MOST_CHARACTERS - length])
        length += len(pieces[-1]) + 1
        if length >= MOST_CHARACTERS:
            break
    return _HYPHENATED.sub(r"\1", "\n".join(piece for piece in pieces if piece))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    # It writes no file; its answer goes through a pipe.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Print the text of the file that the arguments name."""
    _limit()
    logging.disable()
    try:
        text = text_of(*sys.argv[1:3])
    except RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except MemoryError:
        sys.stderr.write("memory\n")
        return 3
    except Exception as error:
        sys.stderr.write(f"corrupt ({type(error).__name__})\n")
        return 3
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
