"""What a document says about itself to search: its title at once, its text when the worker has read the file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model

from portal.pages.models import DocumentText
from search.api import Kind, SearchDocument, page_audiences, register_source


def documents(document: Any) -> Iterable[SearchDocument]:
    """Describe a document for those who may open it: its collection's privacy is its own."""
    text = DocumentText.objects.filter(
        document_id=document.pk, file_name=document.file.name, file_hash=document.file_hash
    ).first()
    path = Path(document.filename)
    yield SearchDocument(
        key=str(document.pk),
        kind="document",
        title=document.title,
        body=text.text if text else "",
        labels=(path.stem.replace("_", " ").replace("-", " "),),
        url=document.url,
        note=path.suffix.lstrip(".").upper(),
        audiences=page_audiences(document.collection),
    )


def register() -> None:
    """Make documents findable."""
    model = get_document_model()
    register_source(
        "pages.document",
        model=model,
        documents=documents,
        all=model._default_manager.all,
        kinds={"document": Kind(_("Document"), _("Documents"))},
    )
