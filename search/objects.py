"""Search for those who edit: the objects that an editor may see anyway, found as readers find them.

The index holds what is published. A draft is found by its words, however Danish letters are written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When

from search.danish import MAX_WORDS, WORD, clean
from search.engines.base import EngineRequest
from search.engines.choice import with_engine
from search.models import IndexedAudience, IndexedDocument
from search.sources import Source, sources
from search.understanding import understand

# A list in the admin is turned over a few pages at most; who needs more writes another word.
MOST_FOUND = 200
_LETTERS = (("æ", "ae"), ("ø", "oe"), ("å", "aa"))


def found_keys(text: str, model: type[Model]) -> list[Any]:
    """Return the primary keys of a model's objects that are published and fit, best first.

    Whom they are for is not asked: whoever calls narrows them to what the editor may see.
    """
    mine = [source for source in sources() if _is_of(source, model)]
    asked = understand(text)
    if not mine or not asked.terms:
        return []
    request = EngineRequest(
        terms=asked.terms,
        audiences=frozenset(IndexedAudience.objects.order_by().values_list("name", flat=True).distinct()),
        limit=MOST_FOUND,
        rank=asked.rank,
        title_key=asked.title_key,
        kinds=tuple(sorted({kind for source in mine for kind in source.kinds})),
        counted=False,
    )
    found = with_engine(lambda engine, without: engine.search(replace(request, without=without)))
    keys = [candidate.key for candidate in found.candidates]
    names = [source.name for source in mine]
    rows = IndexedDocument.objects.filter(key__in=keys, source__in=names).values_list("key", "object_id")
    objects = dict(rows)
    to_python = model._meta.pk.to_python
    return list(dict.fromkeys(to_python(objects[key]) for key in keys if key in objects))


def narrowed(objects: QuerySet[Any], text: str, fields: Iterable[str]) -> QuerySet[Any]:
    """Return the objects that fit, best first: published ones as readers find them, all by words in these fields."""
    said = [_in_one_of(list(fields), word) for word in _words(text)]
    if not said:
        return objects.none()
    wanted = Q()
    for condition in said:
        wanted &= condition
    keys = found_keys(text, objects.model)
    place = Case(
        *(When(pk=key, then=Value(number)) for number, key in enumerate(keys)),
        default=Value(len(keys)),
        output_field=IntegerField(),
    )
    ordering = objects.query.order_by or tuple(objects.model._meta.ordering)
    return objects.filter(Q(pk__in=keys) | wanted).order_by(place, *ordering, "pk")


def spellings(text: str) -> list[str]:
    """Return a text as it is, with Danish letters in place of two, and with two in place of Danish letters."""
    danish = roman = text
    for letter, two in _LETTERS:
        danish = danish.replace(two, letter).replace(two.capitalize(), letter.upper())
        roman = roman.replace(letter, two).replace(letter.upper(), two.capitalize())
    return list(dict.fromkeys([text, danish, roman]))


def _is_of(source: Source, model: type[Model]) -> bool:
    return issubclass(source.model, model) or issubclass(model, source.model)


def _words(text: str) -> list[str]:
    return WORD.findall(clean(text[:400])[:200])[:MAX_WORDS]


def _in_one_of(fields: list[str], word: str) -> Q:
    condition = Q()
    for spelling in _written(word):
        for field in fields:
            condition |= Q(**{f"{field}__icontains": spelling})
    return condition


def _written(word: str) -> Iterator[str]:
    # SQLite compares Danish letters by their case, and others not. Each comparison reads every row.
    for spelling in spellings(word):
        yield from (
            [spelling] if spelling.isascii() else dict.fromkeys([spelling, spelling.lower(), spelling.capitalize()])
        )
