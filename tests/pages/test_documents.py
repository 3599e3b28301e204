"""Uploaded files: what they say is found by who may open them, and no file takes the worker along."""

import io
import logging
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import docx
import pytest
import time_machine
import typst
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader, PdfWriter
from pypdf.generic import EncodedStreamObject, NameObject
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from portal.core import outbox
from portal.core.principal import ANONYMOUS, Principal
from portal.pages.documents import extract, reading
from portal.pages.documents.texts import read_waiting, waiting
from portal.pages.models import DocumentText
from search.api import SearchQuery, search

pytestmark = pytest.mark.django_db


def pdf(text: str) -> bytes:
    made: Any = typst.compile(f"#set document(title: [Prøve])\n{text}".encode())
    return bytes(made)


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    cell: Any = document.add_table(rows=1, cols=1).rows[0].cells[0]
    cell.text = "I en tabel står skrivebordet"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


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


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": backend}


@pytest.fixture
def collection() -> Collection:
    made: Collection = Collection.get_first_root_node().add_child(name="Personale")
    return made


def upload(title: str, name: str, content: bytes, collection: Collection | None = None) -> Any:
    values = {"collection": collection} if collection else {}
    model = get_document_model()
    return model._default_manager.create(title=title, file=ContentFile(content, name), **values)


def superuser() -> Any:
    users: Any = get_user_model()._default_manager
    return users.create_superuser(email="drift@example.org", password="not-a-real-password")


def work() -> None:
    """Do what the worker does, a while later."""
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        read_waiting()
        while outbox.drain():
            pass


def found(text: str, principal: Principal = ANONYMOUS) -> list[str]:
    return [hit.title_text for hit in search(SearchQuery(text=text, principal=principal, with_help=False)).hits]


# --- Found ---------------------------------------------------------------------------------------------------------


def test_a_document_is_found_by_its_text_and_leads_to_the_file(client: Client) -> None:
    upload("Vejledning", "en_vejledning.pdf", pdf("Borgerkontakt i receptionen.\n\nOg jour-#linebreak()naler."))
    upload("Notat", "notat.docx", word("Sagsbehandling af byggesager", "Mere om det"))
    work()
    (hit,) = search(SearchQuery(text="receptionen")).hits
    assert (hit.title_text, hit.kind, hit.note, hit.url.rsplit("/", 1)[1]) == (
        "Vejledning",
        "document",
        "PDF",
        "en_vejledning.pdf",
    )
    response: Any = client.get(hit.url)
    assert response.getvalue().startswith(b"%PDF")
    for close in response._resource_closers:
        close()
    assert "receptionen" in "".join(part.text for part in hit.excerpt)
    assert found("journaler") == ["Vejledning"], "a word that was parted at the end of a line"
    assert found("byggesager") == found("skrivebordet") == ["Notat"]
    assert found("xyzzyx") == []


def test_the_title_is_found_before_the_file_has_been_read() -> None:
    upload("Vejledning om ferie", "ferie.pdf", pdf("Feriekalender"))
    while outbox.drain():
        pass
    assert found("vejledning") == ["Vejledning om ferie"]
    assert found("feriekalender") == []


def test_another_file_is_read_again_and_the_same_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    document = upload("Notat", "notat.docx", word("Krokodille"))
    work()
    document.title = "Referat"
    document.save()
    work()
    assert found("krokodille") == ["Referat"]
    assert not waiting().exists()
    document.file = ContentFile(word("Flodhest"), "notat.docx")
    document.save()
    assert waiting().exists()
    work()
    assert found("flodhest") == ["Referat"]
    assert found("krokodille") == []


def test_a_deleted_document_is_gone_at_once() -> None:
    document = upload("Notat", "notat.docx", word("Krokodille"))
    work()
    document.delete()
    assert found("krokodille") == []
    assert not DocumentText.objects.exists()


def test_files_of_other_kinds_are_found_by_their_titles() -> None:
    upload("Billeder", "sommer_fest.zip", b"PK")
    work()
    assert found("billeder") == ["Billeder"]
    assert DocumentText.objects.get().trouble == ""


# --- Privacy -------------------------------------------------------------------------------------------------------


def restrict(collection: Collection, kind: str, *groups: str) -> None:
    restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type=kind, password="x")
    restriction.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])


SIGNED_IN = Principal(user_uuid=uuid4())
EDITOR = Principal(user_uuid=uuid4(), groups=frozenset({"HR"}))


@pytest.mark.parametrize(
    ("kind", "groups", "who"),
    [("login", (), [SIGNED_IN, EDITOR]), ("groups", ("HR",), [EDITOR]), ("password", (), [])],
)
def test_who_may_not_open_it_does_not_find_it(
    collection: Collection, kind: str, groups: tuple[str, ...], who: list[Principal]
) -> None:
    below: Collection = collection.add_child(name="Løn")
    upload("Lønseddel", "loen.docx", word("Krokodille"), below)
    work()
    assert found("krokodille") == ["Lønseddel"]
    restrict(collection, kind, *groups)
    assert found("krokodille") == found("krokodille", EDITOR) == [], "hidden at once"
    work()
    askers = [ANONYMOUS, SIGNED_IN, EDITOR]
    assert [asker for asker in askers if found("krokodille", asker)] == who
    assert not search(SearchQuery(text="krokodille")).facet("kind").values
    CollectionViewRestriction.objects.all().delete()
    work()
    assert found("krokodille") == ["Lønseddel"]


def test_a_document_that_is_put_into_a_private_collection_is_hidden_at_once(collection: Collection) -> None:
    restrict(collection, "groups", "HR")
    document = upload("Lønseddel", "loen.docx", word("Krokodille"))
    work()
    document.collection = collection
    document.save()
    assert found("krokodille") == []
    work()
    assert found("krokodille") == []
    assert found("krokodille", EDITOR) == ["Lønseddel"]


def test_many_that_are_put_there_in_the_admin_are_hidden_at_once(collection: Collection, client: Client) -> None:
    restrict(collection, "groups", "HR")
    document = upload("Lønseddel", "loen.docx", word("Krokodille"))
    work()
    client.force_login(superuser())
    address = reverse("wagtail_bulk_action", args=["wagtaildocs", "document", "add_to_collection"])
    client.post(f"{address}?id={document.pk}", {"collection": collection.pk})
    assert get_document_model().objects.get().collection == collection
    assert found("krokodille") == []
    work()
    assert found("krokodille", EDITOR) == ["Lønseddel"]


def test_a_collection_that_is_moved_into_a_private_one_is_hidden_at_once(
    collection: Collection, client: Client
) -> None:
    restrict(collection, "groups", "HR")
    moved = Collection.get_first_root_node().add_child(name="Løn")
    upload("Lønseddel", "loen.docx", word("Krokodille"), moved)
    work()
    client.force_login(superuser())
    client.post(
        reverse("wagtailadmin_collections:edit", args=[moved.pk]), {"name": "Løn og andet", "parent": collection.pk}
    )
    assert Collection.objects.get(pk=moved.pk).get_parent() == collection
    assert found("krokodille") == []
    work()
    assert found("krokodille") == []
    assert found("krokodille", EDITOR) == ["Lønseddel"]


def test_a_worker_that_comes_between_saving_and_moving_shows_nothing(collection: Collection) -> None:
    """The admin saves a collection and moves it then: two transactions, with the worker in between."""
    restrict(collection, "groups", "HR")
    moved = Collection.get_first_root_node().add_child(name="Løn")
    upload("Lønseddel", "loen.docx", word("Krokodille"), moved)
    work()
    assert found("krokodille") == ["Lønseddel"]
    Collection.objects.get(pk=moved.pk).save()
    while outbox.drain():
        pass
    assert found("krokodille") == []
    Collection.objects.get(pk=moved.pk).move(Collection.objects.get(pk=collection.pk), "sorted-child")
    assert found("krokodille") == []
    work()
    assert found("krokodille") == []
    assert found("krokodille", EDITOR) == ["Lønseddel"]


def test_what_a_file_said_is_gone_at_once_when_another_takes_its_place() -> None:
    document = upload("Notat", "notat.docx", word("Krokodille"))
    work()
    assert found("krokodille") == ["Notat"]
    document.title = "Referat"
    document.save()
    assert found("krokodille") == ["Notat"], "a title is no reason to hide anything"
    document.file = ContentFile(word("Flodhest"), "uden_navn.docx")
    document.save()
    assert found("krokodille") == []
    while outbox.drain():
        pass
    assert found("referat") == ["Referat"]
    assert found("krokodille") == []
    work()
    assert found("flodhest") == ["Referat"]


# --- Files that mean harm ------------------------------------------------------------------------------------------


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
