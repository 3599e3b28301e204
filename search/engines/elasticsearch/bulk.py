"""Write documents with the versions that the database gave them: late, repeated and out of order changes nothing."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from elasticsearch import helpers

from search.engines.base import EngineUnavailableError
from search.engines.elasticsearch import connection, index
from search.engines.elasticsearch.documents import Body, UnfitKeyError, body_of, identity, tombstone
from search.engines.elasticsearch.failures import unavailable
from search.models import IndexedDocument, IndexVersion
from search.troubles import NEWER

logger = logging.getLogger(__name__)

# One request holds so many bytes at most: hosted clusters take 10 MB and more.
_MOST_BYTES = 5_000_000
_OUTDATED = 409
_UNFIT = 400
_MISSING = 404


class MissingIndexError(EngineUnavailableError):
    """The index is not there, or not as the portal made it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document at one version; without a row it is gone."""

    key: str
    version: int
    row: IndexedDocument | None = None


def send(name: str, entries: Sequence[Entry]) -> list[str]:
    """Write the entries to an index and return the keys of those that it did not take.

    What is over there in a newer version stays. A document that is not taken is logged, and a tombstone takes its place, so
    that no older version of it is found; the others are written all the same.

    Raises:
        MissingIndexError: there is no such index, or it has versions that this database never gave.
        EngineUnavailableError: not all was written; nothing is wrong with sending it again.
    """
    refused = _write(name, _described(entries))
    unfit = [entry for entry in entries if entry.key in refused]
    now = timezone.now()
    _write(name, ((entry, tombstone(entry.key, now, refused=True)) for entry in unfit))
    return [entry.key for entry in unfit]


def _described(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Body]]:
    now = timezone.now()
    for entry in entries:
        if entry.row is None:
            yield entry, tombstone(entry.key, now)
            continue
        try:
            body = body_of(entry.row)
        except Exception:
            # A row that cannot even be described keeps no other out.
            logger.exception("Search: %s cannot be described to Elasticsearch", entry.key)
            body = tombstone(entry.key, now, refused=True)
        yield entry, body


def _write(name: str, documents: Iterator[tuple[Entry, Body]] | Any) -> set[str]:
    sent: list[Entry] = []
    refused: set[str] = set()
    overtaken: list[str] = []

    def actions() -> Iterator[dict[str, Any]]:
        for entry, body in documents:
            if action := _action(name, entry, body):
                sent.append(entry)
                yield action

    with unavailable():
        answers = helpers.streaming_bulk(
            connection.indexing_client(),
            actions(),
            chunk_size=200,
            max_chunk_bytes=_MOST_BYTES,
            raise_on_error=False,
            max_retries=0,
            require_alias=True,
            timeout=f"{max(1, int(settings.ELASTICSEARCH_INDEX_TIMEOUT * 1000))}ms",
        )
        for place, (is_written, answer) in enumerate(answers):
            if not is_written and answer["index"]["status"] == _OUTDATED:
                overtaken.append(sent[place].key)
            elif not is_written and _is_refused(sent[place], answer["index"]):
                refused.add(sent[place].key)
    _see_whether_ours(name, overtaken)
    return refused


def _see_whether_ours(name: str, keys: Sequence[str]) -> None:
    """Look at what was newer over there: a database that was brought back from a backup counts from lower numbers again.

    Such a document would stay as it was before for ever, since nothing that is written has a higher version.

    Raises:
        MissingIndexError: a version over there is higher than this database gave.
    """
    if not keys:
        return
    with unavailable():
        found = connection.indexing_client().mget(
            index=index.write_alias(name), ids=[identity(key) for key in keys], stored_fields="_none_"
        )["docs"]
    # Read after what is over there: what was sent in the meantime was given here before.
    rows = dict(IndexedDocument.objects.filter(key__in=keys).values_list("key", "version"))
    highest = IndexVersion.next()
    if any(there["_version"] > rows.get(there["_id"], highest) for there in found if there.get("found")):
        raise MissingIndexError(NEWER)


def _action(name: str, entry: Entry, body: Body) -> dict[str, Any] | None:
    try:
        known_as = identity(entry.key)
    except UnfitKeyError:
        logger.exception("Search: Elasticsearch cannot hold %s", entry.key[:80])
        return None
    return {
        "_op_type": "index",
        "_index": index.write_alias(name),
        "_id": known_as,
        "version": entry.version,
        "version_type": "external",
        "_source": body,
    }


def _is_refused(entry: Entry, answer: dict[str, Any]) -> bool:
    """Tell whether this document is at fault.

    Raises:
        EngineUnavailableError: it is not; the server cannot take it now.
    """
    status = answer["status"]
    kind = answer.get("error", {}).get("type", "")
    if status == _MISSING:
        raise MissingIndexError(f"the index is gone ({kind})")
    if status != _UNFIT:
        raise EngineUnavailableError(f"not writable ({status} {kind})")
    logger.error("Search: Elasticsearch does not take %s: %s", entry.key, answer["error"].get("reason", kind))
    return True


def refresh(name: str) -> None:
    """Let searches see what was written.

    Raises:
        MissingIndexError: there is no such index.
        EngineUnavailableError: not all of the index sees it.
    """
    with unavailable():
        answer = connection.indexing_client().indices.refresh(index=name, ignore_unavailable=True)
    if not answer["_shards"]["total"]:
        raise MissingIndexError("the index is gone")
    if answer["_shards"]["failed"]:
        raise EngineUnavailableError("a part of the index does not answer")
