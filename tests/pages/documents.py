"""Uploaded files for tests, and what the worker makes of them."""

import io
from datetime import timedelta
from typing import Any

import docx
import time_machine
import typst
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Collection

from portal.core import outbox
from portal.core.principal import ANONYMOUS, Principal
from portal.pages.documents.texts import read_waiting
from search.api import SearchQuery, search


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


def upload(title: str, name: str, content: bytes, collection: Collection | None = None) -> Any:
    values = {"collection": collection} if collection else {}
    model = get_document_model()
    return model._default_manager.create(title=title, file=ContentFile(content, name), **values)


def work() -> None:
    """Do what the worker does, a while later."""
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        read_waiting()
        while outbox.drain():
            pass


def found(text: str, principal: Principal = ANONYMOUS) -> list[str]:
    return [hit.title_text for hit in search(SearchQuery(text=text, principal=principal, with_help=False)).hits]
