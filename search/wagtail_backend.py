"""Wagtail's own search, for the admin's boxes, with every question tidied first.

The stock SQLite backend hands what was typed to FTS5: a quotation mark, NUL, a lone space or 500 words is an HTTP 500. The
stock backend of whatever database is in use stays behind this one, so its index and its results are Wagtail's.
"""

from typing import Any

from django.db.models import QuerySet
from wagtail.search.backends.database import SearchBackend as _StockBackend
from wagtail.search.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from search.danish import MAX_CHARACTERS, MAX_WORDS, WORD, clean

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


class TidyMixin:
    """Tidy the question, and answer one without words with nothing."""

    def _search(self, compiler: Any, query: Any, model_or_queryset: Any, **options: Any) -> Any:
        tidied = tidy(query)
        if tidied is not None:
            return super()._search(compiler, tidied, model_or_queryset, **options)  # type: ignore[misc]
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
