"""The index itself: rows of the portal's own database, written in the transaction of whoever changes them.

Every engine answers from these rows or from a copy of them, so a document that is gone or private here is so for all.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.db import connection, transaction
from django.db.models import QuerySet

from portal.core import outbox
from search import troubles
from search.danish import TOKENS_VERSION, clean, words
from search.documents import SearchDocument
from search.engines.elasticsearch.connection import configured
from search.models import (
    IndexChange,
    IndexedAudience,
    IndexedDocument,
    IndexedFacet,
    IndexedLabel,
    IndexVersion,
    MirrorIndex,
)

if TYPE_CHECKING:
    from search.engines.database import DatabaseEngine

# What is kept and searched of a text, in characters: some twenty pages. Beyond it nobody reads an excerpt, and one
# document of a thousand pages would answer every question.
STORED_BODY = 60_000
MOST_LABELS = 50
MIRROR = "search.mirror"
# Advisory locks are numbers that all of the database shares; the first of two is ours.
_LOCK_SPACE = 0x5EA2C4
_LOCKS = 1024


def replace(source: str, object_id: str, documents: Sequence[SearchDocument]) -> None:
    """Make these the object's documents, whatever it had before."""
    with transaction.atomic():
        one_at_a_time(f"{source}:{object_id}")
        keys = {f"{source}:{document.key}" for document in documents}
        mine = IndexedDocument.objects.filter(source=source, object_id=object_id)
        _delete(mine.exclude(key__in=keys))
        known = dict(mine.values_list("key", "digest"))
        for document in documents:
            digest = _digest(document)
            # The daily look at everything must not write everything: each writing goes on to the mirror.
            if known.get(f"{source}:{document.key}") != digest:
                _write(source, object_id, document, digest)
            elif _tokens_anew.get():
                _tokens().write_tokens(mine.get(key=f"{source}:{document.key}"))


def replace_many(source: str, documents: Mapping[str, Sequence[SearchDocument]]) -> None:
    """Make these the documents of their objects (object -> documents), thousands at once: a few queries for hundreds."""
    with transaction.atomic():
        for some in _chunks(documents.items(), size=250):
            remove(source, [object_id for object_id, _documents in some])
            _add(source, [(object_id, document) for object_id, theirs in some for document in theirs])


def remove(source: str, object_ids: Collection[str]) -> None:
    """Forget these objects: no engine shows them any more, from this transaction on."""
    with transaction.atomic():
        # Before looking: a worker may be writing one that was live when it looked.
        one_at_a_time(*(f"{source}:{object_id}" for object_id in object_ids))
        for some in _chunks(object_ids):
            _delete(IndexedDocument.objects.filter(source=source, object_id__in=some))


def forget_facets(source: str) -> None:
    """Take the facets of all documents of a source away, until each is described again."""
    with transaction.atomic():
        objects = {
            key: f"{source}:{object_id}"
            for key, object_id in IndexedDocument.objects.filter(source=source, facets__isnull=False)
            .distinct()
            .values_list("key", "object_id")
        }
        one_at_a_time(*objects.values())
        for some in _chunks(objects.items()):
            mine = IndexedDocument.objects.filter(key__in=[key for key, _name in some])
            IndexedFacet.objects.filter(document__in=mine).delete()
            # Without a digest the next look at the object writes it, whatever it says.
            mine.update(version=_note_changes(dict(some)), digest="")


def object_ids(source: str) -> set[str]:
    """Return the objects of a source that are in the index."""
    return set(IndexedDocument.objects.filter(source=source).values_list("object_id", flat=True))


def keep_only_sources(sources: Collection[str]) -> None:
    """Forget every source but these."""
    _delete(IndexedDocument.objects.exclude(source__in=sources))


def count(source: str) -> int:
    """Return how many documents a source has in the index."""
    return IndexedDocument.objects.filter(source=source).count()


def one_at_a_time(*objects: str) -> None:
    """Keep two workers from reading the same object in one order and writing it in the other.

    Objects go by "source:id". Name all that a transaction will touch in one call: locks are taken in one order then, and
    two transactions cannot wait for each other. They share a thousand locks, since a server has room for some thousands and
    a tree of pages may be larger. SQLite has one writer at a time already; PostgreSQL reads afresh after the lock is had
    (READ COMMITTED).
    """
    if connection.vendor == "postgresql":
        locks = sorted({crc32(name.encode()) % _LOCKS for name in objects})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, lock) FROM unnest(%s::int[]) lock", [_LOCK_SPACE, locks])


@contextmanager
def scratch() -> Iterator[None]:
    """Give an index that nobody else sees and that is gone at the end: for measuring. Nothing of it is mirrored."""
    token = _mirrored.set(False)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        _mirrored.reset(token)


@contextmanager
def tokens_anew() -> Iterator[None]:
    """Write the tokens of what says nothing new as well: a database that was restored or loaded may have lost them."""
    token = _tokens_anew.set(True)
    try:
        yield
    finally:
        _tokens_anew.reset(token)


_mirrored: ContextVar[bool] = ContextVar("_mirrored", default=True)
_tokens_anew: ContextVar[bool] = ContextVar("_tokens_anew", default=False)
# With another list of words compounds part elsewhere: the same text becomes other tokens.
_MADE_BY = f"{TOKENS_VERSION}, words {version_of('wordfreq')}"


def _delete(documents: QuerySet[IndexedDocument]) -> None:
    with transaction.atomic():
        for some in _chunks(list(documents.order_by("pk").values_list("pk", "source", "object_id", "key"))):
            one_at_a_time(*(f"{source}:{object_id}" for _pk, source, object_id, _key in some))
            pks = [pk for pk, *_rest in some]
            _note_changes({key: f"{source}:{object_id}" for _pk, source, object_id, key in some})
            _tokens().delete_tokens(pks)
            IndexedDocument.objects.filter(pk__in=pks).delete()


def _digest(document: SearchDocument) -> str:
    said = {**asdict(document), "kind_label": str(document.kind_label), "tokens": _MADE_BY}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode("utf-8", "surrogatepass")).hexdigest()


def _write(source: str, object_id: str, document: SearchDocument, digest: str) -> None:
    row = _row(source, object_id, document, digest)
    row.version = _note_changes({row.key: f"{source}:{object_id}"})
    row.pk = IndexedDocument.objects.filter(key=row.key).values_list("pk", flat=True).first()
    row.save()
    for of_document in (IndexedLabel, IndexedAudience, IndexedFacet):
        of_document.objects.filter(document=row).delete()
    _write_beside([(row, document)])
    _tokens().write_tokens(row)


def _add(source: str, documents: Sequence[tuple[str, SearchDocument]]) -> None:
    found = [(_row(source, object_id, document, _digest(document)), document) for object_id, document in documents]
    version = _note_changes({row.key: f"{source}:{row.object_id}" for row, _document in found})
    for row, _document in found:
        row.version = version
    IndexedDocument.objects.bulk_create([row for row, _document in found])
    _write_beside(found)
    _tokens().add_tokens([row for row, _document in found])


def _row(source: str, object_id: str, document: SearchDocument, digest: str) -> IndexedDocument:
    title = clean(document.title)
    names = list(dict.fromkeys(clean(label)[:255] for label in document.labels[:MOST_LABELS]))
    return IndexedDocument(
        key=f"{source}:{document.key}",
        source=source,
        object_id=object_id,
        kind=document.kind,
        kind_label=clean(str(document.kind_label))[:80],
        note=clean(document.note)[:160],
        title=title[:255],
        title_key=key_of(title),
        summary=clean(document.summary),
        # Cut before cleaning too: cleaning a file's whole text for its first pages would be in vain.
        body=clean(document.body[: STORED_BODY * 2])[:STORED_BODY],
        labels=[name for name in names if name and name != title],
        url=document.url,
        starts_at=document.starts_at,
        digest=digest,
    )


def key_of(text: str) -> str:
    """Return a name as it is compared when somebody types exactly that."""
    return " ".join(words(clean(text)))[:255]


def _write_beside(documents: Sequence[tuple[IndexedDocument, SearchDocument]]) -> None:
    """Write names, audiences and filter values of documents that have none."""
    IndexedLabel.objects.bulk_create(
        IndexedLabel(document=row, position=position, text=text, text_key=key_of(text))
        for row, _document in documents
        for position, text in enumerate([row.title, *row.labels])
    )
    IndexedAudience.objects.bulk_create(
        IndexedAudience(document=row, name=name)
        for row, document in documents
        for name in sorted(set(document.audiences))
    )
    IndexedFacet.objects.bulk_create(
        IndexedFacet(document=row, name=name, value=value, label=label)
        for row, document in documents
        for (name, value), label in _facets(document).items()
    )


def _facets(document: SearchDocument) -> dict[tuple[str, str], str]:
    """Return (name, value) -> label as columns and engines take them; of one value twice the last."""
    return {
        (term.name[:40], clean(term.value)[:80]): clean(str(term.label))[:120]
        for term in document.facets
        if clean(term.value)
    }


def _note_changes(keys: Mapping[str, str]) -> int:
    """Note that the mirror does not have these (key -> object) as they are now, and return the version of the change."""
    version = IndexVersion.next()
    if not _mirrored.get() or not keys:
        return version
    if not configured():
        # A mirror that is not told of this may not answer before it is built again.
        if MirrorIndex.objects.all().delete()[0]:
            troubles.note(troubles.UNTOLD, until_closed=True)
        return version
    # In one order: two that write the same documents would hold what the other one waits for.
    known = IndexChange.objects.filter(key__in=list(keys)).select_for_update().order_by("key")
    IndexChange.objects.filter(pk__in=list(known.values_list("pk", flat=True))).delete()
    IndexChange.objects.bulk_create([IndexChange(key=key, version=version) for key in sorted(keys)])
    # By the object, in the order of its lock: one row for all would make two that publish wait for each other.
    for name in sorted(set(keys.values())):
        outbox.enqueue(MIRROR, {}, key=name)
    return version


def _tokens() -> "DatabaseEngine":
    from search.engines import database_engine

    return database_engine()


def _chunks(values: Collection[Any], size: int = 500) -> Iterable[list[Any]]:
    """Return pieces that fit the number of parameters that SQLite takes in one statement."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
