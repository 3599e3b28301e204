"""Hold the index in Elasticsearch against the rows it mirrors: before it answers, each day, and when somebody doubts it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from search import mirror
from search.engines.base import EngineUnavailableError
from search.engines.elasticsearch import bulk, index
from search.engines.elasticsearch.connection import configured, indexing_client
from search.engines.elasticsearch.failures import unavailable
from search.models import IndexChange, IndexedDocument, MirrorIndex
from search.troubles import DIFFERENT

logger = logging.getLogger(__name__)

_AT_ONCE = 2000
_NAMED = 10
# What changed and was sent while one look was under way looks wrong in that one only.
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures, and by key what is not as it should be. What is still to be sent is neither right nor wrong."""

    rows: int
    documents: int
    pending: int
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    # Not taken, by what they hold; the log says why.
    refused: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Tell whether nothing but what Elasticsearch refused is missing."""
        return not self.wrong

    @property
    def wrong(self) -> frozenset[str]:
        """Return the keys of all that is not as it should be."""
        return frozenset((*self.missing, *self.surplus, *self.outdated))

    def lines(self) -> list[str]:
        """Return the figures and some of the keys, to be read by who looks after the portal."""
        told = [
            f"{self.rows} documents in the database, {self.documents} in Elasticsearch, {self.pending} on their way"
        ]
        lists = {
            "missing in Elasticsearch": self.missing,
            "too many in Elasticsearch": self.surplus,
            "in another version": self.outdated,
            "refused by Elasticsearch": self.refused,
        }
        for what, keys in lists.items():
            if keys:
                named = ", ".join(keys[:_NAMED]) + (" …" if len(keys) > _NAMED else "")
                told.append(f"{len(keys)} {what}: {named}")
        return told


def compare(name: str) -> Comparison:
    """Compare every key and version of an index with the rows.

    Raises:
        EngineUnavailableError: the server does not answer.
    """
    # What changes while this looks is on its way before or after, and is left out of the judgement.
    pending = _pending()
    bulk.refresh(name)
    rows = dict(IndexedDocument.objects.order_by("key").values_list("key", "version").iterator())
    there: dict[str, int] = {}
    refused: set[str] = set()
    for key, version, is_removed in _documents(name):
        if is_removed:
            refused.add(key)
        else:
            there[key] = version
    pending |= _pending()
    settled = rows.keys() - pending
    return Comparison(
        rows=len(rows),
        documents=len(there),
        pending=len(pending),
        missing=tuple(sorted(settled - there.keys() - refused)),
        surplus=tuple(sorted(there.keys() - rows.keys() - pending)),
        outdated=tuple(sorted(key for key in settled & there.keys() if there[key] != rows[key])),
        refused=tuple(sorted(refused & rows.keys())),
    )


def give_up_if_different() -> None:
    """Let the database answer if the index is not as it is, with nothing on its way: no sending would mend that.

    An index that answers late, or not at all, or is being caught up with, is no worse than it was.
    """
    live = MirrorIndex.objects.filter(state=MirrorIndex.LIVE, fingerprint=index.fingerprint()).first()
    if live is None or not configured():
        return
    try:
        wrong = _always_wrong(live.name)
    except EngineUnavailableError as error:
        logger.warning("Search: Elasticsearch was not compared with the database: %s", error)
        return
    if wrong:
        named = ", ".join(sorted(wrong)[:_NAMED])
        logger.error("Search: %s documents of %s are not as in the database: %s", len(wrong), live.name, named)
        mirror.give_up(live, DIFFERENT)


def _always_wrong(name: str) -> frozenset[str]:
    """Return what is wrong each time that one looks; nothing while changes are on their way."""
    wrong: frozenset[str] | None = None
    for _look in range(_LOOKS):
        if IndexChange.objects.exists():
            return frozenset()
        found = compare(name)
        wrong = found.wrong if wrong is None else wrong & found.wrong
        if not wrong or found.pending:
            return frozenset()
    return wrong or frozenset()


def _pending() -> set[str]:
    return set(IndexChange.objects.values_list("key", flat=True))


def _documents(name: str) -> Iterator[tuple[str, int, bool]]:
    """Yield key and version of each document, and whether it stands for one that was refused."""
    after: list[Any] | None = None
    client = indexing_client()
    shown = {"bool": {"should": [{"term": {"removed": False}}, {"term": {"refused": True}}]}}
    while True:
        with unavailable():
            found = client.search(
                index=name,
                query=shown,
                sort=[{"key": "asc"}],
                docvalue_fields=[{"field": "removed"}],
                version=True,
                size=_AT_ONCE,
                search_after=after,
                allow_partial_search_results=False,
            )["hits"]["hits"]
        for hit in found:
            yield hit["sort"][0], hit["_version"], hit["fields"]["removed"][0]
        if len(found) < _AT_ONCE:
            return
        after = found[-1]["sort"]
