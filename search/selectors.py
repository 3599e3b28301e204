"""Ask the index: understand the question, let an engine answer, and dress the answer for the asker."""

from dataclasses import replace
from time import perf_counter

from django.utils import translation

from portal.core.principal import ANONYMOUS, Principal
from search.asking import Answer, ask, has_all
from search.corrections import corrected
from search.danish import words
from search.dressing import KIND, facets_of, hits_of, localised, rows_of, suggestion_of
from search.engines.base import EngineRequest, SearchEngine
from search.engines.choice import with_engine
from search.models import IndexedDocument
from search.promotions import promoted_for
from search.requests import request_for
from search.results import SearchHit, SearchQuery, SearchResult, Suggestion
from search.sources import kinds as known_kinds
from search.understanding import Understood, understand

__all__ = ["KIND", "localised", "search", "suggest"]


def search(query: SearchQuery) -> SearchResult:
    """Answer a question; a text without words finds nothing and asks no database."""
    started = perf_counter()
    asked = understand(query.text)
    if not asked.terms:
        return SearchResult(text=asked.text)
    request, ignored = request_for(query, asked)

    def answer(engine: SearchEngine, without: frozenset[str]) -> SearchResult:
        mine = replace(request, without=without)
        return _dressed(query, asked, mine, ask(engine, query, asked, mine), engine)

    result = with_engine(answer)
    return replace(result, ignored=ignored, took_ms=(perf_counter() - started) * 1000)


def suggest(
    text: str,
    *,
    principal: Principal = ANONYMOUS,
    language: str = "da",
    kinds: tuple[str, ...] = (),
    limit: int = 8,
) -> tuple[Suggestion, ...]:
    """Return what may be meant by what is typed so far; nothing before the second letter."""
    beginnings = tuple(words(understand(text).text))
    if not beginnings or len(beginnings[-1]) < 2:
        return ()
    chosen = tuple(kind for kind in kinds if kind in known_kinds())
    candidates = with_engine(
        lambda engine, without: engine.suggest(
            beginnings, audiences=principal.audiences, kinds=chosen, limit=limit, without=without
        )
    )
    rows = rows_of((candidate.key for candidate in candidates), principal.audiences)
    with translation.override(language):
        found = [suggestion_of(rows[candidate.key], language) for candidate in candidates if candidate.key in rows]
    return tuple(found)


def _dressed(
    query: SearchQuery, asked: Understood, request: EngineRequest, answer: Answer, engine: SearchEngine
) -> SearchResult:
    rows = rows_of((*answer.keys, *answer.near), request.audiences)
    hits = [rows[key] for key in answer.keys if key in rows]
    near = [rows[key] for key in answer.near if key in rows]
    meant = _meant(query, asked, request, engine, hits + near) if _found_little(query, answer) else ""
    with translation.override(query.language):
        promoted = _promoted(query, asked, request)
        first = {hit.key for hit in promoted}
        return SearchResult(
            text=asked.text,
            hits=hits_of([row for row in hits if row.key not in first], asked.terms, query.language),
            total=answer.found.total,
            page=answer.page,
            pages=answer.pages,
            facets=facets_of(answer.found, request),
            any_word=answer.any_word,
            promoted=promoted,
            near=hits_of([row for row in near if row.key not in first], asked.terms, query.language),
            did_you_mean=meant,
            engine=answer.engine,
        )


def _found_little(query: SearchQuery, answer: Answer) -> bool:
    return query.with_help and (answer.any_word or not answer.found.total)


def _meant(
    query: SearchQuery,
    asked: Understood,
    request: EngineRequest,
    engine: SearchEngine,
    rows: list[IndexedDocument],
) -> str:
    """Return the corrected question, if it finds something for this asker."""
    meant = corrected(asked, (name for row in rows for name in (row.title, *row.labels)))
    return meant if meant and has_all(engine, understand(meant), request) else ""


def _promoted(query: SearchQuery, asked: Understood, request: EngineRequest) -> tuple[SearchHit, ...]:
    """Return what editors put first, as far as the asker may see it; on the first page of an unfiltered answer."""
    if not query.with_help or query.page > 1 or request.kinds or request.filters or request.dates:
        return ()
    objects = promoted_for(asked.text)
    if not objects:
        return ()
    pairs = [tuple(name.rsplit(":", 1)) for name in objects]
    keys = IndexedDocument.objects.filter(
        source__in=[source for source, _pk in pairs], object_id__in=[pk for _source, pk in pairs]
    ).values_list("source", "object_id", "key")
    by_object: dict[tuple[str, ...], str] = {}
    for source, object_id, key in keys.order_by("-key"):
        by_object[source, object_id] = key
    wanted = [by_object[pair] for pair in pairs if pair in by_object]
    rows = rows_of(wanted, request.audiences)
    return hits_of([rows[key] for key in wanted if key in rows], asked.terms, query.language)
