"""What is SQLite's own: a table for each kind of token, an order of reading that needs no statistics, weights of ways."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from search import store
from search.api import FacetTerm
from search.danish import STEM_MARK, Way, rank_tokens, term, terms
from search.documents import PUBLIC
from search.engines.base import DateBucket, EngineRequest, Match
from search.engines.sqlite import GRAMS, PIECES, TEXTS, TOGETHER, WORDS, SqliteEngine
from search.models import IndexedDocument
from tests.search.conftest import Index

pytestmark = pytest.mark.django_db

TABLES = (TEXTS, PIECES, GRAMS, WORDS, TOGETHER)
EVERYBODY = frozenset({PUBLIC})


def request(text: str, **values: object) -> EngineRequest:
    return EngineRequest(terms=terms(text), audiences=EVERYBODY, rank=rank_tokens(text), title_key=text, **values)  # type: ignore[arg-type]


def keys(asked: EngineRequest) -> list[str]:
    return [candidate.key.removeprefix("tests.items:") for candidate in SqliteEngine().search(asked).candidates]


def kept() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {table: cursor.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in TABLES}  # noqa: S608


def test_tokens_are_replaced_and_go_with_their_document(index: Index) -> None:
    index("1", title="Ældrepleje", labels=("Plejehjem", "Hjemmepleje"))
    assert kept() == {TEXTS: 1, PIECES: 3, GRAMS: 3, WORDS: 3, TOGETHER: 1}
    index("1", title="Ældrepleje", labels=("Plejehjem",))
    index("2", title="Borgerservice")
    assert kept() == {TEXTS: 2, PIECES: 3, GRAMS: 3, WORDS: 3, TOGETHER: 2}
    store.remove("tests.items", ["1"])
    assert kept() == dict.fromkeys(TABLES, 1)
    store.keep_only_sources([])
    assert kept() == dict.fromkeys(TABLES, 0)


def test_as_many_names_as_a_document_may_have_are_kept_apart_from_the_next_one(index: Index) -> None:
    index("1", title="Det første", labels=tuple(f"Navn {number}" for number in range(80)))
    index("2", title="Det andet")
    assert kept()[PIECES] == store.MOST_LABELS + 2
    store.remove("tests.items", ["1"])
    assert kept()[PIECES] == 1
    assert keys(request("andet")) == ["2"]


def test_the_best_name_decides_and_many_names_are_no_advantage(index: Index) -> None:
    index("many", title="Kontor", labels=tuple(f"jura {number}" for number in range(20)))
    index("one", title="Jura")
    assert keys(request("jura")) == ["one", "many"]


def test_a_heavier_way_stands_before_a_lighter_one(index: Index) -> None:
    index("light", title="Skema", body="mus mus mus")
    index("heavy", title="Papir", body="samtale")
    word = term("samtale")
    asked = replace(
        request("samtale"),
        terms=(replace(word, ways=(*word.ways, Way((f"{STEM_MARK}mus",), 0.1))),),
        rank=rank_tokens(""),
    )
    assert keys(asked) == ["heavy", "light"]


def test_all_tokens_of_a_way_are_needed_in_whatever_text(index: Index) -> None:
    index("apart", title="Kontakt", body="Mød vores borgere.")
    index("half", title="Kontakt")
    assert keys(request("borgerkontakt")) == ["apart"]


def test_no_table_is_read_from_end_to_end_though_nothing_was_analysed(index: Index) -> None:
    index("1", title="Jura", facets=(FacetTerm("sector", "job", "Jobcenter"),))
    buckets = (DateBucket("over"),)
    asked = request("jura", filters={"sector": ("job",)}, kinds=("page",), buckets=buckets)
    with CaptureQueriesContext(connection) as queries:
        assert SqliteEngine().search(asked).total == 1
        assert SqliteEngine().search(replace(asked, match=Match.NEAR)).candidates
        assert SqliteEngine().suggest(["ju"], audiences=EVERYBODY, kinds=(), limit=8)
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            # The text of the captured statement, its parameters filled in.
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"), [])
            steps = [row[3] for row in cursor.fetchall()]
        read = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
        assert all("subquery" in step or step == "SCAN scored" for step in read), read


def test_a_part_beyond_the_end_is_the_last_one(index: Index) -> None:
    for number in range(7):
        index(str(number), title="Møde")
    found = SqliteEngine().search(request("møde", offset=10_000, limit=3))
    assert (found.offset, found.total, len(found.candidates)) == (6, 7, 1)
    assert SqliteEngine().search(request("møde", offset=-5, limit=3)).offset == 0
    assert SqliteEngine().search(request("møde", limit=0)).total == 7


def test_what_is_typed_may_go_on_or_be_one_letter_wrong(index: Index) -> None:
    def suggested(*beginnings: str, limit: int = 8) -> list[str]:
        found = SqliteEngine().suggest(beginnings, audiences=EVERYBODY, kinds=(), limit=limit)
        return [candidate.key.removeprefix("tests.items:") for candidate in found]

    index("pleje", title="Ældrepleje")
    index("råd", title="Ældreråd")
    index("hemmelig", title="Ældresagen", audiences=("signed-in",))
    index("kontakt", title="Borgerkontakt")
    assert suggested("æl") == ["råd", "pleje"]
    assert suggested("ær") == ["råd", "pleje"]
    assert suggested("kont") == suggested("konr") == ["kontakt"]
    assert suggested("ældre", "x") == suggested("xx") == suggested("a" * 64) == suggested() == []
    assert suggested("æl", limit=1) == ["råd"]
    assert suggested("æl", limit=0) == []


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_whatever_is_asked_is_answered(text: str) -> None:
    engine = SqliteEngine()
    for match in Match:
        assert engine.search(request(text, match=match)).candidates == ()
    assert engine.suggest(tuple(word.word for word in terms(text)), audiences=EVERYBODY, kinds=(), limit=8) == ()
    assert not IndexedDocument.objects.exists()
