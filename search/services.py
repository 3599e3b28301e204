"""Keep the index in step with the content, through the outbox: a change and its index job stand or fall together.

A job names the object, not its content; whoever delivers it reads the object afresh. So jobs may be lost to a newer one,
repeated or late, and the index still ends where the content is.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import translation
from wagtail.models import Page

from portal.core import outbox
from portal.core.failpoints import failpoint
from portal.core.models.outbox import OutboxMessage
from search import store
from search.audiences import narrowed, page_audiences
from search.documents import SearchDocument
from search.sources import (
    Source,
    UnknownSourceError,
    source_named,
    source_of,
    sources,
    sources_listed_on,
    sources_told_by,
)

logger = logging.getLogger(__name__)

INDEX = "search.index"
TREE = "search.tree"
SOURCE = "search.source"


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
    store.remove(source.name, [str(obj.pk)])


def hide_object(obj: Model) -> None:
    """Hide an object at once, for as long as the caller knows it may not be described; who hides it queues its return.

    Raises:
        UnknownSourceError: nobody registered the object's model.
    """
    store.remove(_source(obj).name, [str(obj.pk)])


def reindex_tree(page: Page) -> None:
    """Queue a page with everything below it: after a move, a new slug or a changed restriction."""
    outbox.enqueue(TREE, {"page": page.pk}, key=f"page:{page.pk}")


def reindex_listed(page: Page) -> None:
    """Queue the objects that have no page of their own and are shown on this one."""
    for source in (*sources_listed_on(type(page)), *sources_told_by(type(page))):
        outbox.enqueue(SOURCE, {"source": source.name}, key=source.name)


def hide_tree(page: Page) -> None:
    """Take a page and everything below it out at once, in the caller's transaction; `reindex_tree` brings back what may."""
    pages = list(Page.objects.descendant_of(page, inclusive=True).select_related("content_type"))
    _one_tree_at_a_time(pages)
    for source in sources():
        if issubclass(source.model, Page):
            store.remove(source.name, [str(one.pk) for one in pages])
    for model in {one.specific_class for one in pages}:
        hide_listed(model)


def _one_tree_at_a_time(pages: Iterable[Page]) -> None:
    names = [source.name for source in sources() if issubclass(source.model, Page)]
    store.one_at_a_time(*(f"{name}:{page.pk}" for page in pages for name in names))


def hide_listed(model: type[Page] | None) -> None:
    """Take out at once what is shown on pages of this type."""
    if model is None:
        return
    for source in sources_listed_on(model):
        store.remove(source.name, store.object_ids(source.name))
    for source in sources_told_by(model):
        store.forget_facets(source.name)


def index_now(source: Source, pk: Any) -> int:
    """Bring the index in step with one object, read afresh, and return how many documents it has now."""
    store.one_at_a_time(f"{source.name}:{pk}")
    try:
        obj = source.model._default_manager.filter(pk=pk).first()
    except (ValueError, ValidationError):
        # The index is older than the model's kind of key.
        obj = None
    with translation.override(settings.LANGUAGE_CODE):
        documents = [] if obj is None else list(_described(source, obj))
    failpoint("search.described")
    store.replace(source.name, str(pk), documents)
    return len(documents)


def _described(source: Source, obj: Model) -> Iterable[SearchDocument]:
    shown_on = obj if isinstance(obj, Page) else _list_page(source)
    if not getattr(obj, "live", True) or (source.listed_on is not None and shown_on is None):
        return
    allowed = page_audiences(shown_on) if shown_on is not None else None
    for document in source.documents(obj):
        if document.kind not in source.kinds:
            raise UndeclaredKindError(f"Search source {source.name!r} did not register the kind {document.kind!r}.")
        yield replace(document, audiences=narrowed(document.audiences, allowed))


def _list_page(source: Source) -> Page | None:
    if source.listed_on is None:
        return None
    page: Page | None = source.listed_on._default_manager.filter(live=True).order_by("path").first()
    return page


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
        store.remove(message.payload["source"], [message.payload["pk"]])
        return
    index_now(source, message.payload["pk"])


@outbox.handler(TREE)
def deliver_tree(message: OutboxMessage) -> None:
    """Index every page of a subtree; each in a job of its own would be thousands of rows for one move."""
    top = Page.objects.filter(pk=message.payload["page"]).first()
    if top is None:
        return
    listed: set[str] = set()
    _one_tree_at_a_time(Page.objects.descendant_of(top, inclusive=True).only("pk"))
    below = Page.objects.descendant_of(top, inclusive=True).select_related("content_type").order_by("path")
    for page in below.iterator(chunk_size=100):
        model = page.specific_class
        if model is None:
            continue
        source = source_of(model)
        if source is not None:
            index_now(source, page.pk)
        listed.update(source.name for source in (*sources_listed_on(model), *sources_told_by(model)))
    for name in sorted(listed):
        _reindex_named(name)


@outbox.handler(SOURCE)
def deliver_source(message: OutboxMessage) -> None:
    """Index everything of one source."""
    name = message.payload["source"]
    store.one_at_a_time(*(f"{name}:{pk}" for pk in store.object_ids(name)))
    _reindex_named(name)


def _reindex_named(name: str) -> None:
    source = source_named(name)
    if source is not None:
        for _failures in reindex_source(source):
            pass


def reindex_source(source: Source) -> Iterable[int]:
    """Index all objects of a source and look again at what the index has beyond them; yields the failures so far.

    Each object is read afresh when its turn comes, so that a change made meanwhile is not written over. One that cannot
    be described is logged by its key and keeps no other out.
    """
    known = store.object_ids(source.name)
    failures = 0
    for pk in _keys(source.all()):
        known.discard(str(pk))
        failures += not _indexed(source, pk)
        yield failures
    for pk in sorted(known):
        failures += not _indexed(source, pk)
        yield failures


def _keys(objects: Iterable[Any]) -> list[Any]:
    if isinstance(objects, QuerySet):
        return list(objects.values_list("pk", flat=True))
    return [obj.pk for obj in objects]


def _indexed(source: Source, pk: Any) -> bool:
    try:
        with transaction.atomic():
            index_now(source, pk)
    except Exception:
        logger.exception("Search could not index %s %s", source.name, pk)
        return False
    return True


def reindex_all() -> None:
    """Bring everything in step, once a day: documents may say "next time", which moves without anybody changing them."""
    for source in sources():
        _reindex_named(source.name)
    store.keep_only_sources([source.name for source in sources()])
