"""Files that mean harm, or that nobody can read: no file takes the worker along, and none keeps another out."""

import io
import logging
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader, PdfWriter
from pypdf.generic import EncodedStreamObject, NameObject

from portal.core import outbox
from portal.pages.documents import extract, reading
from portal.pages.documents.texts import read_waiting, waiting
from portal.pages.models import DocumentText
from tests.pages.documents import found, pdf, upload, word, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


def encrypted(content: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user_password=password, owner_password="ejer", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def pdf_bomb() -> bytes:
    """Return a page whose content unpacks to a thousand times its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(40)) + packer.flush()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Uskyldig"))))
    stream = EncodedStreamObject()
    stream._data = packed
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def zip_bomb() -> bytes:
    file = io.BytesIO(word("Uskyldig"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/big.xml", b"\0" * 50_000_000)
    return file.getvalue()


BAD = {
    "empty.pdf": (b"", "corrupt"),
    "noise.pdf": (b"%PDF-1.7 " + bytes(range(256)) * 40, "corrupt"),
    "not.docx": (b"PK\x03\x04 nothing", "corrupt"),
    "picture.docx": (b"\x89PNG\r\n", "corrupt"),
    "locked.pdf": (encrypted(pdf("Hemmeligt"), "kode"), "encrypted"),
    "bomb.docx": (zip_bomb(), "bomb"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_without_text_is_found_by_its_title_and_keeps_no_other_out(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    content, reason = BAD[name]
    bad = upload("Krokodille", name, content)
    upload("Notat", "notat.docx", word("Flodhest"))
    with caplog.at_level(logging.WARNING):
        work()
    assert found("krokodille") == ["Krokodille"]
    assert found("flodhest") == ["Notat"]
    (line,) = [record.getMessage() for record in caplog.records if "by its title only" in record.getMessage()]
    assert f"Document {bad.pk} " in line
    assert reason in line
    assert not waiting().exists(), "it is not tried again and again"


def test_a_pdf_that_anybody_may_read_but_not_change_is_read() -> None:
    upload("Notat", "notat.pdf", encrypted(pdf("Flodhest"), ""))
    work()
    assert found("flodhest") == ["Notat"]


def test_a_pdf_bomb_ends_within_the_limits() -> None:
    began = time.monotonic()
    upload("Bombe", "bombe.pdf", pdf_bomb())
    work()
    assert time.monotonic() - began < extract.MOST_SECONDS + 10
    assert found("bombe") == ["Bombe"]
    (kept,) = DocumentText.objects.all()
    assert (kept.text.strip(), kept.trouble) == ("", "")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Let another program be the reader, to see what happens to its parent."""

    def put(program: str) -> None:
        script = tmp_path / "reader.py"
        script.write_text(program)
        monkeypatch.setattr(extract, "__file__", str(script))

    return put


def test_a_reader_that_never_ends_is_ended(reader: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_SECONDS", 1)
    reader("import time; time.sleep(60)")
    upload("Notat", "notat.docx", word("Flodhest"))
    work()
    assert DocumentText.objects.get().trouble == "time"


def test_a_reader_that_dies_takes_nobody_along(reader: Callable[[str], None]) -> None:
    reader("import os; os.kill(os.getpid(), 9)")
    upload("Notat", "notat.docx", word("Flodhest"))
    work()
    assert DocumentText.objects.get().trouble == "limits"


def test_the_reader_knows_no_secrets(reader: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "kanariefugl")
    reader("import os, sys; print(sorted(os.environ.values()), sys.flags.isolated)")
    upload("Notat", "notat.docx", word("Flodhest"))
    work()
    said = DocumentText.objects.get().text
    assert "kanariefugl" not in said
    assert said.strip().endswith("1")


def test_pages_characters_and_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    upload("Langt", "langt.docx", word("Flodhest i vandet " * 20_000))
    work()
    assert extract.MOST_CHARACTERS * 0.9 < len(DocumentText.objects.get().text) <= extract.MOST_CHARACTERS
    monkeypatch.setattr(reading, "MOST_BYTES", 1000)
    upload("Stort", "stort.docx", word("Flodhest"))
    work()
    assert DocumentText.objects.get(document__title="Stort").trouble == "size"


def test_a_storage_that_is_away_is_asked_again_later() -> None:
    document = upload("Notat", "notat.docx", word("Flodhest"))
    path = Path(document.file.path)
    kept = path.rename(path.with_suffix(".away"))
    work()
    assert DocumentText.objects.get().trouble == "storage"
    assert not waiting().exists()
    kept.rename(path)
    with time_machine.travel(timezone.now() + timedelta(hours=7), tick=False):
        read_waiting()
        while outbox.drain():
            pass
        assert found("flodhest") == ["Notat"]


def test_a_storage_with_errors_of_its_own_keeps_no_other_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class ClientError(Exception):
        """Of a library that the portal does not know."""

    def read(file: Any, kind: str) -> str:
        if kind == "pdf":
            raise ClientError("kanariefugl")
        return reading.read(file, kind)

    monkeypatch.setattr("portal.pages.documents.texts.read", read)
    away = upload("Krokodille", "krokodille.pdf", b"%PDF")
    upload("Notat", "notat.docx", word("Flodhest"))
    work()
    assert found("flodhest") == ["Notat"]
    assert DocumentText.objects.get(document_id=away.pk).trouble == "storage"
    assert f"Document {away.pk} could not be fetched: ClientError" in caplog.text
    assert "kanariefugl" not in caplog.text


def test_nothing_is_read_inside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    depths: list[int] = []
    outside = len(connection.savepoint_ids)

    def read(*args: Any) -> str:
        depths.append(len(connection.savepoint_ids) - outside)
        return ""

    monkeypatch.setattr("portal.pages.documents.texts.read", read)
    upload("Notat", "notat.docx", word("Flodhest"))
    read_waiting()
    assert depths == [0]


def test_a_look_that_finds_nothing_costs_one_query() -> None:
    upload("Notat", "notat.docx", word("Flodhest"))
    work()
    with CaptureQueriesContext(connection) as queries:
        read_waiting()
    assert len(queries) == 1
