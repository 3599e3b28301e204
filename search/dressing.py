"""The answer as the asker reads it: texts, highlights, addresses and names of filters in her language."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import translate_url
from django.utils import translation

from search.danish import Term
from search.engines.base import DATE, EngineCount, EngineRequest, EngineResult
from search.facets import DATES, FACETS
from search.highlights import excerpt, highlighted
from search.models import IndexedAudience, IndexedDocument
from search.results import Facet, FacetValue, SearchHit, Suggestion
from search.sources import Kind, kinds

# The name of the facet that every document has.
KIND = "kind"


def rows_of(keys: Iterable[str], audiences: frozenset[str]) -> dict[str, IndexedDocument]:
    """Return the documents as they are now; one that went, or is no longer for this asker, is not among them."""
    seen = IndexedAudience.objects.filter(document=OuterRef("pk"), name__in=sorted(audiences))
    wanted = IndexedDocument.objects.filter(Exists(seen), key__in=list(keys))
    return {row.key: row for row in wanted}


def hits_of(rows: Sequence[IndexedDocument], terms: tuple[Term, ...], language: str) -> tuple[SearchHit, ...]:
    """Return the documents as hits, in this order."""
    return tuple(_hit(row, terms, language) for row in rows)


def _hit(row: IndexedDocument, terms: tuple[Term, ...], language: str) -> SearchHit:
    return SearchHit(
        key=row.key,
        kind=row.kind,
        kind_label=row.kind_label or str(kind_of(row.kind).one),
        note=row.note,
        title=highlighted(row.title, terms),
        excerpt=excerpt(row.title, row.summary, row.body, terms),
        url=localised(row.url, language),
        starts_at=row.starts_at,
    )


def suggestion_of(row: IndexedDocument, language: str) -> Suggestion:
    """Return a document as a line under the box."""
    label = row.kind_label or str(kind_of(row.kind).one)
    return Suggestion(text=row.title, kind=row.kind, kind_label=label, url=localised(row.url, language))


def localised(url: str, language: str) -> str:
    """Return the same address with the interface in another language; what has no language stays as it is."""
    if language == settings.LANGUAGE_CODE:
        return url
    with translation.override(settings.LANGUAGE_CODE):
        return translate_url(url, language)


def facets_of(found: EngineResult, request: EngineRequest) -> tuple[Facet, ...]:
    """Return all filters: the kind first, then the others in the order of `FACETS`."""
    others = found.facets or {}
    return (
        _kind_facet(found, request),
        *(
            Facet(name, _values(name, others[name], _chosen(request, name)))
            for name in (*FACETS, *sorted(set(others) - set(FACETS)))
            if others.get(name)
        ),
    )


def _kind_facet(found: EngineResult, request: EngineRequest) -> Facet:
    # A chosen kind without hits stays in the list: it must be possible to let go of it.
    counted = {count.value: count.count for count in found.kinds}
    shown = [*counted, *(kind for kind in request.kinds if kind not in counted)]
    values = (FacetValue(kind, str(kind_of(kind).many), counted.get(kind, 0), kind in request.kinds) for kind in shown)
    return Facet(KIND, tuple(values))


def _chosen(request: EngineRequest, name: str) -> tuple[str, ...]:
    return request.dates if name == DATE else (request.filters or {}).get(name, ())


def _values(name: str, counts: Sequence[EngineCount], chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(
            count.value,
            str(DATES.get(count.value, count.label)) if name == DATE else count.label,
            count.count,
            count.value in chosen,
        )
        for count in counts
    )


def kind_of(key: str) -> Kind:
    """Return a kind; one that is indexed but no longer registered goes by its key until the next reindex."""
    return kinds().get(key, Kind(key, key))
