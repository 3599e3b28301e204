"""One property for every engine: the answer for an asker is the answer of an index that holds only what she may see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.principal import Grant, Principal
from search import store
from search.api import FacetTerm, Kind, SearchDocument, SearchQuery, register_source, search, suggest, unregister_source
from search.models import IndexedDocument
from tests.search.engines import EngineInTurn

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

SOURCE = "tests.worlds"
NOW = datetime(2026, 11, 18, 11, tzinfo=UTC)
KINDS = ("page", "course", "profile")
AUDIENCES = ("public", "signed-in", "role:editor", "group:Ledere", "nobody")
ASKERS = (
    Principal(),
    Principal(user_uuid=uuid4()),
    Principal(user_uuid=uuid4(), grants=(Grant("editor", party="hk"),)),
    Principal(user_uuid=uuid4(), groups=frozenset({"Ledere"})),
)
WORDS = re.findall(
    r"\w+",
    "borgerkontakt kontakt borgere borgerkontrakt sagsbehandling behandling sager ældrepleje pleje ældre jura juraen "
    "økonomi økologi MUS medarbejderudviklingssamtale kanariefugl",
)
TYPED = (*WORDS, "borgrkontakt", "behandlng", "kontak", "ær", "bor", "med", "aeldrepleje", "kanriefugl", "zzzz")

texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
facets = st.tuples(st.sampled_from(["sector", "region"]), st.sampled_from(["a", "b"]))


@dataclass(frozen=True)
class Question:
    """What somebody asks, as an address would."""

    text: str
    kinds: tuple[str, ...]
    filters: dict[str, tuple[str, ...]]


questions = st.builds(
    Question,
    text=st.lists(st.sampled_from(TYPED), min_size=1, max_size=3).map(" ".join),
    kinds=st.lists(st.sampled_from(KINDS), max_size=1).map(tuple),
    filters=st.dictionaries(
        st.sampled_from(["sector", "region", "date"]),
        st.sampled_from([("a",), ("b",), ("coming",), ("over",)]),
        max_size=1,
    ),
)
documents: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    title=names,
    labels=st.lists(names, max_size=2).map(tuple),
    summary=texts,
    body=texts,
    kind=st.sampled_from(KINDS),
    audiences=st.lists(st.sampled_from(AUDIENCES), max_size=2).map(tuple),
    facets=st.lists(facets, max_size=2).map(lambda found: tuple(FacetTerm(n, v, v.upper()) for n, v in found)),
    starts_at=st.sampled_from([None, NOW - timedelta(days=9), NOW + timedelta(days=9)]),
)
worlds = st.lists(documents, min_size=1, max_size=8)

_numbers = count()


@pytest.fixture(autouse=True)
def _source() -> Iterator[None]:
    kinds = {name: Kind(name.capitalize(), f"{name.capitalize()}s") for name in KINDS}
    register_source(SOURCE, model=_NoModel, documents=lambda obj: (), all=list, kinds=kinds)  # type: ignore[arg-type]
    yield
    unregister_source(SOURCE)


class _NoModel:
    """Stands for a model; the documents are put into the index by hand."""


@time_machine.travel(NOW, tick=False)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=worlds, asked=st.lists(questions, min_size=1, max_size=4), who=st.sampled_from(ASKERS))
def test_the_answer_is_that_of_an_index_of_what_the_asker_may_see(
    engine: EngineInTurn, world: list[dict[str, Any]], asked: list[Question], who: Principal
) -> None:
    with _indexed(world):
        among_others = [_answer(engine, question, who) for question in asked]
        seen = IndexedDocument.objects.filter(audiences__name__in=sorted(who.audiences))
        hidden = IndexedDocument.objects.filter(source=SOURCE).exclude(pk__in=seen.values("pk"))
        store.remove(SOURCE, list(hidden.values_list("object_id", flat=True)))
        alone = [_answer(engine, question, who) for question in asked]
    assert among_others == alone


def _answer(engine: EngineInTurn, question: Question, who: Principal) -> dict[str, Any]:
    """Return all that the asker reads, each hit with its highlights.

    The order of hits is left out: how rare a word is in the index is measured over all documents, so one that is hidden may
    move those that are shown. It says nothing of what it is or whether it is there. What is offered while somebody types has
    no such measure: its order counts.
    """
    with engine.alone():
        result = search(
            SearchQuery(text=question.text, kinds=question.kinds, filters=question.filters, principal=who, page_size=50)
        )
        offered = suggest(question.text, principal=who, kinds=question.kinds)
    return {
        "hits": sorted(result.hits, key=lambda hit: hit.key),
        "near": sorted(result.near, key=lambda hit: hit.key),
        "total": result.total,
        "pages": (result.page, result.pages),
        "facets": result.facets,
        "any_word": result.any_word,
        "did_you_mean": result.did_you_mean,
        "ignored": result.ignored,
        "offered": offered,
    }


@contextmanager
def _indexed(world: list[dict[str, Any]]) -> Iterator[None]:
    """Have these documents in the index, under keys that no other example has."""
    with transaction.atomic():
        described = [SearchDocument(key=f"{next(_numbers):06}", url="/x/", **values) for values in world]
        store.replace_many(SOURCE, {document.key: [document] for document in described})
        yield
        transaction.set_rollback(True)
