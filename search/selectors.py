"""Ask the index: understand the question, let the engine answer, and dress the answer for the asker's language."""

from dataclasses import replace
from time import perf_counter

from django.conf import settings
from django.urls import translate_url
from django.utils import translation

from search.danish import MAX_CHARACTERS, Term, clean, terms, words
from search.engines import engine
from search.engines.base import EngineHit, EngineRequest, EngineResult
from search.highlights import excerpt, highlighted
from search.results import Facet, FacetValue, SearchHit, SearchQuery, SearchResult
from search.sources import Kind, kinds

# The name of the facet that every document has.
KIND = "kind"


def search(query: SearchQuery) -> SearchResult:
    """Answer a question; a text without words finds nothing and asks no database."""
    started = perf_counter()
    text = clean(query.text[: MAX_CHARACTERS * 4])[:MAX_CHARACTERS]
    wanted = terms(text)
    if not wanted:
        return SearchResult(text=text)
    request = _request(query, text, wanted)
    found = engine().search(request)
    # No document has all the words, whatever its kind: show those that have some.
    if not found.kinds and len(wanted) > 1:
        request = replace(request, any_word=True)
        found = engine().search(request)
    with translation.override(query.language):
        return SearchResult(
            text=text,
            hits=tuple(_hit(hit, wanted, query.language) for hit in found.hits),
            total=found.total,
            page=found.page,
            pages=found.pages,
            facets=_facets(found, request),
            any_word=request.any_word and found.total > 0,
            took_ms=(perf_counter() - started) * 1000,
        )


def _request(query: SearchQuery, text: str, wanted: tuple[Term, ...]) -> EngineRequest:
    known = kinds()
    filters = {clean(name): tuple(clean(value) for value in values) for name, values in query.filters.items() if values}
    return EngineRequest(
        terms=wanted,
        audiences=query.principal.audiences,
        page_size=query.page_size,
        title_key=" ".join(words(text)),
        kinds=tuple(kind for kind in dict.fromkeys(query.kinds) if kind in known),
        filters=filters,
        page=query.page,
    )


def _hit(hit: EngineHit, wanted: tuple[Term, ...], language: str) -> SearchHit:
    return SearchHit(
        key=hit.key,
        kind=hit.kind,
        kind_label=hit.kind_label or str(_kind(hit.kind).one),
        note=hit.note,
        title=highlighted(hit.title, wanted),
        excerpt=excerpt(hit.title, hit.summary, hit.body, wanted),
        url=localised(hit.url, language),
        starts_at=hit.starts_at,
    )


def localised(url: str, language: str) -> str:
    """Return the same address with the interface in another language; what has no language stays as it is."""
    if language == settings.LANGUAGE_CODE:
        return url
    with translation.override(settings.LANGUAGE_CODE):
        return translate_url(url, language)


def _facets(found: EngineResult, request: EngineRequest) -> tuple[Facet, ...]:
    # A chosen kind without hits stays in the list: it must be possible to let go of it.
    counted = {count.value: count.count for count in found.kinds}
    shown = [*counted, *(kind for kind in request.kinds if kind not in counted)]
    of_kind = tuple(
        FacetValue(kind, str(_kind(kind).many), counted.get(kind, 0), kind in request.kinds) for kind in shown
    )
    others = tuple(
        Facet(
            name,
            tuple(
                FacetValue(count.value, count.label, count.count, count.value in (request.filters or {}).get(name, ()))
                for count in counts
            ),
        )
        for name, counts in sorted(found.facets.items())
    )
    return (Facet(KIND, of_kind), *others)


def _kind(key: str) -> Kind:
    """Return a kind; one that is indexed but no longer registered goes by its key until the next reindex."""
    return kinds().get(key, Kind(key, key))
