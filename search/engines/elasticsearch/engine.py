"""Elasticsearch as an engine: asks within a short time, or says that it cannot."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from elasticsearch.dsl import Search

from search import troubles
from search.engines.base import (
    DATE,
    Candidate,
    EngineCount,
    EngineRequest,
    EngineResult,
    EngineUnavailableError,
    filled_up,
)
from search.engines.deadline import within
from search.engines.elasticsearch import connection, index, query
from search.engines.elasticsearch.documents import SEPARATOR
from search.engines.elasticsearch.failures import unavailable

Counts = tuple[EngineCount, ...]
# The client is the first to give up; what comes byte by byte is given up then.
_LATEST = 1.5


class ElasticsearchEngine:
    """The mirror of the index; a hit is a key, and what is shown of it comes from the database."""

    name: ClassVar[str] = "elasticsearch"

    def __init__(self, index_name: str = "") -> None:
        """Ask an index of this name; without one, the one that answers for this code."""
        self.index_name = index_name or index.alias()

    def search(self, request: EngineRequest) -> EngineResult:
        """Answer with one question, or two for a page beyond the end.

        Raises:
            EngineUnavailableError: no answer, a late one, or one that is not whole.
        """
        limit = max(0, min(request.limit, index.MAX_RESULT_WINDOW))
        request = replace(request, limit=limit)
        offset = _within_window(request.offset, limit)
        response = self._ask(query.search(request, offset=offset))
        total = _total(response)
        last = _within_window(max(0, total - 1) // limit * limit if limit else 0, limit)
        if request.counted and offset > last:
            offset = last
            response = self._ask(query.search(request, offset=offset))
        return EngineResult(
            candidates=_candidates(response),
            offset=offset,
            total=total,
            kinds=_kinds(response),
            facets=_facets(response, request),
        )

    def suggest(
        self,
        beginnings: Collection[str],
        *,
        audiences: frozenset[str],
        kinds: tuple[str, ...],
        limit: int,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Candidate, ...]:
        """Return documents with a name that goes on as somebody began; if few do, with one letter another too.

        Raises:
            EngineUnavailableError: no answer, a late one, or one that is not whole.
        """
        words = list(beginnings)
        if not words or limit < 1:
            return ()

        def named(slips: bool) -> tuple[Candidate, ...]:
            asked = query.suggestions(words, audiences, kinds, without, slips=slips)[:limit]
            return _candidates(self._ask(asked))

        return filled_up((partial(named, False), partial(named, True)), limit)

    def _ask(self, asked: Search) -> dict[str, Any]:
        milliseconds = max(1, int(float(settings.ELASTICSEARCH_TIMEOUT) * 1000))
        asked = asked.index(self.index_name).using(connection.client())
        asked = asked.extra(timeout=f"{milliseconds}ms").params(allow_partial_search_results=False)
        with unavailable(), connection.breaker.call():
            response: dict[str, Any] = within(
                _LATEST * settings.ELASTICSEARCH_TIMEOUT, lambda: asked.execute().to_dict()
            )
            if response.get("timed_out") or response["_shards"]["failed"]:
                raise EngineUnavailableError("an answer that is not whole")
        troubles.over()
        return response


def _within_window(offset: int, limit: int) -> int:
    """Return the offset, or the last multiple of the limit from which a whole part can be had."""
    if not limit:
        return 0
    last = (index.MAX_RESULT_WINDOW - limit) // limit * limit
    return max(0, min(offset, last))


def _total(response: dict[str, Any]) -> int:
    total = response["hits"].get("total")
    return int(total["value"]) if total else 0


def _candidates(response: dict[str, Any]) -> tuple[Candidate, ...]:
    found = (hit["sort"] for hit in response["hits"]["hits"])
    return tuple(Candidate(key, score - query.EXACT if score >= query.EXACT else score) for score, key in found)


def _counted(response: dict[str, Any], name: str) -> Any:
    return response["aggregations"][name]["counted"]["buckets"]


def _kinds(response: dict[str, Any]) -> Counts:
    if "aggregations" not in response:
        return ()
    found = _counted(response, query.KIND)
    return tuple(EngineCount(bucket["key"], "", bucket["doc_count"]) for bucket in found)


def _facets(response: dict[str, Any], request: EngineRequest) -> dict[str, Counts]:
    if "aggregations" not in response:
        return {}
    facets = _by_name(_counted(response, "others"))
    for name in request.filters or {}:
        facets[name] = _by_name(_counted(response, f"chosen:{name}")).get(name, ())
    if request.buckets:
        found = _counted(response, DATE)
        dates = ((bucket.value, found[str(place)]["doc_count"]) for place, bucket in enumerate(request.buckets))
        facets[DATE] = tuple(EngineCount(value, "", number) for value, number in dates if number)
    return {name: counts for name, counts in sorted(facets.items()) if counts}


def _by_name(buckets: list[dict[str, Any]]) -> dict[str, Counts]:
    """Divide the values by their filter. One value under two labels, an old and a new one, is one value."""
    numbers: dict[tuple[str, str], tuple[str, int]] = {}
    for bucket in buckets:
        name, value, label = bucket["key"].split(SEPARATOR, 2)
        known, number = numbers.get((name, value), ("", 0))
        numbers[name, value] = (max(known, label), number + bucket["doc_count"])
    facets: dict[str, list[EngineCount]] = {}
    for (name, value), (label, number) in numbers.items():
        facets.setdefault(name, []).append(EngineCount(value, label, number))
    return {name: tuple(sorted(counts, key=lambda one: (-one.count, one.value))) for name, counts in facets.items()}
