"""Hold the index in Elasticsearch against the rows it mirrors: before it answers, and whenever somebody doubts it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from search.engines.elasticsearch import bulk
from search.engines.elasticsearch.connection import indexing_client
from search.engines.elasticsearch.failures import unavailable
from search.models import IndexChange, IndexedDocument

_AT_ONCE = 2000
_NAMED = 10


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
        return not (self.missing or self.surplus or self.outdated)

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
