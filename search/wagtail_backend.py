"""Wagtail's own search, for the admin's boxes, with every question tidied first.

The stock SQLite backend hands what was typed to FTS5: a quotation mark, NUL, a lone space or 500 words is an HTTP 500. The
stock backend of whatever database is in use stays behind this one: what is published is found as readers find it, and
drafts, images, users and the rest by Wagtail's own index.
"""

from collections import Counter
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from modelsearch.backends.base import BaseSearchResults, EmptySearchResults
from wagtail.search.backends.database import SearchBackend as _StockBackend
from wagtail.search.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from search.danish import MAX_CHARACTERS, MAX_WORDS, WORD, clean
from search.objects import found_keys, spellings

# So many of the stock index are put behind what readers find; a list in the admin is not turned over further.
_MOST_STOCK = 1000

_QUOTES = str.maketrans(dict.fromkeys("\"'\\`´‘’“”„»«", " "))


def tidy(query: Any) -> Any:
    """Return the same question within what every database takes; None when no word is left.

    Words keep their letters: the stock index folds in its own way. What cannot be in a word of the index is parted.
    """
    if isinstance(query, str):
        return _tidy_text(query) or None
    if isinstance(query, PlainText):
        return _rebuilt(query, operator=query.operator, boost=query.boost)
    if isinstance(query, Fuzzy):
        return _rebuilt(query, operator=query.operator)
    if isinstance(query, Phrase):
        return _rebuilt(query)
    if isinstance(query, And | Or):
        parts = [part for part in map(tidy, query.subqueries[:MAX_WORDS]) if part is not None]
        return (type(query)(parts) if len(parts) > 1 else parts[0]) if parts else None
    return _tidy_wrapped(query)


def _tidy_wrapped(query: Any) -> Any:
    if not isinstance(query, Not | Boost):
        return query
    inner = tidy(query.subquery)
    if inner is None:
        return None
    return Not(inner) if isinstance(query, Not) else Boost(inner, query.boost)


def _rebuilt(query: Any, **values: Any) -> Any:
    text = _tidy_text(query.query_string)
    return type(query)(text, **values) if text else None


def _tidy_text(text: str) -> str:
    plain = clean(text[: MAX_CHARACTERS * 4])[:MAX_CHARACTERS].translate(_QUOTES)
    return " ".join([piece for piece in plain.split() if WORD.search(piece)][:MAX_WORDS])


class MergedResults(BaseSearchResults):
    """What readers would find first, then what Wagtail's own index has beside it: drafts, and what is not in ours.

    Both within the queryset that the admin asks about, and so within what the editor may see.
    """

    supports_facet = True

    def __init__(self, backend: Any, query_compiler: Any, prefetch_related: Any = None) -> None:
        super().__init__(backend, query_compiler, prefetch_related=prefetch_related)
        self._first: list[Any] = []
        self._stock: list[Any] = []
        self._keys: list[Any] | None = None

    @classmethod
    def of(cls, first: list[Any], stock: list[Any]) -> "MergedResults":
        """Merge keys, best first, with results of the stock backend."""
        merged = cls(stock[0].backend, stock[0].query_compiler)
        merged._first, merged._stock = first, stock
        return merged

    def keys(self) -> list[Any]:
        """Return the keys of all results, in order."""
        if self._keys is None:
            own = [results.get_queryset().values_list("pk", flat=True)[:_MOST_STOCK] for results in self._stock]
            wanted = list(dict.fromkeys([*self._first, *chain.from_iterable(own)]))
            allowed = set(self._within(wanted).values_list("pk", flat=True))
            self._keys = [key for key in wanted if key in allowed]
        return self._keys

    def _within(self, keys: list[Any]) -> Any:
        return self.query_compiler.queryset.filter(pk__in=keys)

    def _clone(self) -> "MergedResults":
        clone: MergedResults = super()._clone()
        clone._first, clone._stock, clone._keys = self._first, self._stock, self._keys
        return clone

    def _do_search(self) -> list[Any]:
        if not self.query_compiler.order_by_relevance:
            return list(self._within(self.keys())[self.start : self.stop])
        shown = self.keys()[self.start : self.stop]
        rows = {row.pk: row for row in self._within(shown)}
        return [rows[key] for key in shown if key in rows]

    def _do_count(self) -> int:
        return len(self.keys()[self.start : self.stop])

    def facet(self, field_name: str) -> dict[Any, int]:
        """Count the results by a field, the most frequent value first."""
        values = self._within(self.keys()).order_by().values_list(field_name, flat=True)
        return dict(Counter(values).most_common())


class TidyMixin:
    """Tidy the question, answer one without words with nothing, and find what readers would find."""

    def _search(self, compiler: Any, query: Any, model_or_queryset: Any, **options: Any) -> Any:
        tidied = tidy(query)
        if tidied is None:
            return self._nothing(compiler, model_or_queryset, options)
        search = super()._search  # type: ignore[misc]
        stock = search(compiler, tidied, model_or_queryset, **options)
        # A list of fields, or a question put together by code, means exactly what it says.
        text = tidied.query_string if type(tidied) is PlainText else tidied
        if not isinstance(text, str) or options.get("fields") is not None or isinstance(stock, EmptySearchResults):
            return stock
        others = [search(compiler, other, model_or_queryset, **options) for other in spellings(text)[1:]]
        first = found_keys(text, stock.model)
        return MergedResults.of(first, [stock, *others]) if first or others else stock

    def _nothing(self, compiler: Any, model_or_queryset: Any, options: dict[str, Any]) -> Any:
        is_queryset = isinstance(model_or_queryset, QuerySet)
        nothing = (model_or_queryset if is_queryset else model_or_queryset.objects).none()
        # Real results of an empty set: the admin asks them for facets and the like.
        return super()._search(compiler, MATCH_ALL, nothing, **options)  # type: ignore[misc]


_classes: dict[type, type] = {}


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    """Return the stock backend of the database in use, with tidied questions."""
    stock = type(_StockBackend(dict(params)))
    tidying = _classes.setdefault(stock, type(f"Tidy{stock.__name__}", (TidyMixin, stock), {}))
    return tidying(params)
