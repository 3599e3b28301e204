"""Keep the texts of documents in step with the files; done by the worker, outside any transaction.

Reading takes seconds, and a transaction that waits for it would keep every other writer waiting (on SQLite all of them).
"""

import logging
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from wagtail.documents import get_document_model

from portal.pages.documents.reading import UnreadableError, kind_of, read
from portal.pages.models import DocumentText
from search.api import reindex_object

logger = logging.getLogger(__name__)

# In one round of the worker, so that mails do not wait for the texts of a thousand files.
_MOST_AT_ONCE = 5
_AWAY = "storage"
_TRY_AGAIN = timedelta(hours=6)


def waiting() -> QuerySet[Any]:
    """Return the documents whose file has not been read: new ones, exchanged ones, and those that could not be fetched."""
    read_already = Q(search_text__file_name=F("file"), search_text__file_hash=F("file_hash"))
    away = Q(search_text__trouble=_AWAY, search_text__read_at__lt=timezone.now() - _TRY_AGAIN)
    documents: QuerySet[Any] = get_document_model()._default_manager.all()
    return documents.filter(Q(search_text=None) | ~read_already | away).order_by("pk")


def read_waiting() -> None:
    """Read some of those that wait, and tell search."""
    for document in waiting()[:_MOST_AT_ONCE]:
        read_document(document)


def read_document(document: Any) -> None:
    """Read one document's file; what has no text is found by its title, and the log says why."""
    text, trouble = _read(document)
    if trouble:
        logger.warning("Document %s is found by its title only: %s", document.pk, trouble)
    values = {"file_name": document.file.name, "file_hash": document.file_hash, "text": text, "trouble": trouble}
    try:
        with transaction.atomic():
            DocumentText.objects.update_or_create(document_id=document.pk, defaults=values)
            reindex_object(document)
    except IntegrityError:
        # Deleted meanwhile, or read by another worker at the same time.
        logger.info("Document %s changed while it was read", document.pk)


def _read(document: Any) -> tuple[str, str]:
    kind = kind_of(document.file.name)
    if not kind:
        return "", ""
    try:
        with document.file.open("rb") as file:
            # PostgreSQL keeps no NUL.
            return read(file, kind).replace("\x00", " "), ""
    except UnreadableError as error:
        return "", str(error)
    except Exception as error:
        # A storage elsewhere has errors of its own, and none of them may keep the other documents out.
        logger.warning("Document %s could not be fetched: %s", document.pk, type(error).__name__)
        return "", _AWAY
