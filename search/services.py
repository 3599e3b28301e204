"""Keep the index in step with the content, through the outbox: a change and its index job stand or fall together.

A job names the object, not its content; whoever delivers it reads the object afresh. So jobs may be lost to a newer one,
repeated or late, and the index still ends where the content is.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import translation
from wagtail.models import Page

from portal.core import outbox
from portal.core.models.outbox import OutboxMessage
from search.audiences import narrowed, page_audiences
from search.documents import SearchDocument
from search.engines import engine
from search.sources import Source, UnknownSourceError, source_named, source_of, sources

logger = logging.getLogger(__name__)

INDEX = "search.index"
TREE = "search.tree"


class UndeclaredKindError(ValueError):
    """A document has a kind that its source did not register, so no filter could name it."""


def reindex_object(obj: Model) -> None:
    """Queue one object for indexing: published it is described anew, otherwise it leaves the index.

    Raises:
        UnknownSourceError: nobody registered the object's model.
        NotInTransactionError: the caller has no transaction open.
    """
    _enqueue(_source(obj), obj.pk)


def remove_object(obj: Model) -> None:
    """Hide an object at once and queue its removal; call it before the object loses its primary key.

    Raises:
        UnknownSourceError: nobody registered the object's model.
        NotInTransactionError: the caller has no transaction open.
    """
    source = _source(obj)
    _enqueue(source, obj.pk)
    engine().remove(source.name, [str(obj.pk)])


def reindex_tree(page: Page) -> None:
    """Queue a page with everything below it: after a move, a new slug or a changed restriction."""
    outbox.enqueue(TREE, {"page": page.pk}, key=f"page:{page.pk}")


def hide_tree(page: Page) -> None:
    """Take a page and everything below it out at once, in the caller's transaction; `reindex_tree` brings back what may."""
    pages = [str(pk) for pk in Page.objects.descendant_of(page, inclusive=True).values_list("pk", flat=True)]
    for source in sources():
        if issubclass(source.model, Page):
            engine().remove(source.name, pages)


def index_now(source: Source, pk: Any) -> int:
    """Bring the index in step with one object and return how many documents it has now."""
    obj = source.model._default_manager.filter(pk=pk).first()
    if obj is None or not getattr(obj, "live", True):
        engine().remove(source.name, [str(pk)])
        return 0
    return index_object_now(source, obj)


def index_object_now(source: Source, obj: Model) -> int:
    """Describe one object that is at hand and return how many documents it has now."""
    with translation.override(settings.LANGUAGE_CODE):
        documents = list(_described(source, obj))
    engine().replace(source.name, str(obj.pk), documents)
    return len(documents)


def _described(source: Source, obj: Model) -> Iterable[SearchDocument]:
    if not getattr(obj, "live", True):
        return
    allowed = page_audiences(obj) if isinstance(obj, Page) else None
    for document in source.documents(obj):
        if document.kind not in source.kinds:
            raise UndeclaredKindError(f"Search source {source.name!r} did not register the kind {document.kind!r}.")
        yield replace(document, audiences=narrowed(document.audiences, allowed))


def _source(obj: Model) -> Source:
    source = source_of(type(obj))
    if source is None:
        raise UnknownSourceError(f"No search source for {obj._meta.label}.")
    return source


def _enqueue(source: Source, pk: Any) -> None:
    outbox.enqueue(INDEX, {"source": source.name, "pk": str(pk)}, key=f"{source.name}:{pk}")


@outbox.handler(INDEX)
def deliver_index(message: OutboxMessage) -> None:
    """Index or remove the object that a message names."""
    source = source_named(message.payload["source"])
    if source is None:
        engine().remove(message.payload["source"], [message.payload["pk"]])
        return
    _one_at_a_time(message.key)
    index_now(source, message.payload["pk"])


@outbox.handler(TREE)
def deliver_tree(message: OutboxMessage) -> None:
    """Index every page of a subtree; each in a job of its own would be thousands of rows for one move."""
    top = Page.objects.filter(pk=message.payload["page"]).first()
    if top is None:
        return
    for page in Page.objects.descendant_of(top, inclusive=True).order_by("path").specific().iterator(chunk_size=100):
        source = source_of(type(page))
        if source is not None:
            _one_at_a_time(f"{source.name}:{page.pk}")
            index_now(source, page.pk)


def _one_at_a_time(key: str) -> None:
    """Keep two workers from reading the same object in one order and writing it in the other.

    SQLite has one writer at a time already; PostgreSQL reads afresh after the lock is had (READ COMMITTED).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"search:{key}"])


def reindex_source(source: Source, objects: Iterable[Any]) -> Iterable[int]:
    """Index many objects, then remove what the source no longer has; yields the failures so far after each object.

    One object that cannot be described is logged by its key and keeps no one else out.
    """
    seen: set[str] = set()
    failures = 0
    for obj in objects:
        seen.add(str(obj.pk))
        try:
            with transaction.atomic():
                index_object_now(source, obj)
        except Exception:
            logger.exception("Search could not index %s %s", source.name, obj.pk)
            failures += 1
        yield failures
    engine().keep_only(source.name, seen)
