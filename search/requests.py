"""The question in the engines' terms; what an address asks for and nobody has is left aside."""

from collections.abc import Mapping

from search.danish import clean
from search.dressing import KIND
from search.engines.base import DATE, EngineRequest
from search.facets import FACETS, date_buckets
from search.models import IndexedFacet
from search.results import SearchQuery
from search.sources import kinds
from search.understanding import Understood

Filters = dict[str, tuple[str, ...]]

# An address can name any number of values; more than a hundred municipalities there are not.
_MOST_VALUES = 120


def request_for(query: SearchQuery, asked: Understood) -> tuple[EngineRequest, tuple[str, ...]]:
    """Return the request, and the names of the filters that were left aside since nothing could be found by them."""
    known = kinds()
    chosen = tuple(dict.fromkeys(kind for kind in query.kinds if kind in known))
    buckets = date_buckets()
    dates = tuple(bucket.value for bucket in buckets if bucket.value in query.filters.get(DATE, ()))
    wanted = _cleaned(query.filters)
    filters = _held_by_something(wanted, query.principal.audiences)
    request = EngineRequest(
        terms=asked.terms,
        audiences=query.principal.audiences,
        limit=query.page_size,
        rank=asked.rank,
        title_key=asked.title_key,
        kinds=chosen,
        filters=filters,
        buckets=buckets,
        dates=dates,
    )
    held = {**filters, KIND: chosen, DATE: dates}
    asked_for = {KIND: tuple(query.kinds), **{name: tuple(values) for name, values in query.filters.items()}}
    return request, tuple(name for name, values in asked_for.items() if set(values) - set(held.get(name, ())))


def _cleaned(filters: Mapping[str, tuple[str, ...]]) -> Filters:
    return {
        name: tuple(dict.fromkeys(clean(value)[:80] for value in values[:_MOST_VALUES]))
        for name, values in filters.items()
        if name in FACETS and name != DATE and values
    }


def _held_by_something(wanted: Filters, audiences: frozenset[str]) -> Filters:
    """Return the values that a document has which the asker may see: others would tell of documents that she may not."""
    if not wanted:
        return {}
    rows = set(
        IndexedFacet.objects.filter(
            name__in=list(wanted),
            value__in=[value for values in wanted.values() for value in values],
            document__audiences__name__in=sorted(audiences),
        ).values_list("name", "value")
    )
    held = {name: tuple(value for value in values if (name, value) in rows) for name, values in wanted.items()}
    return {name: values for name, values in held.items() if values}
