"""The second stage, near misses and corrections, through the public search."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from portal.core.principal import Principal
from search.api import FacetTerm, SearchQuery, SearchResult, search
from search.asking import ask
from search.engines import database_engine
from search.engines.base import Candidate, EngineRequest, EngineResult
from search.engines.choice import answering
from search.ranking import WINDOW, Ranked, register_stage, unregister_stage
from search.requests import request_for
from search.understanding import Understood, understand
from tests.search.conftest import Index

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]


def asked(text: str, **values: object) -> SearchResult:
    return search(SearchQuery(text=text, **values))  # type: ignore[arg-type]


def titles(text: str, **values: object) -> list[str]:
    return [hit.title_text for hit in asked(text, **values).hits]


def test_a_name_that_is_exactly_so_comes_first(index: Index) -> None:
    index("1", title="Sagsbehandler sagsbehandler og sagsbehandlere", summary="sagsbehandler " * 20)
    index("2", title="Sagsbehandler")
    index("3", title="Koordinator", labels=("Sagsbehandler",))
    assert titles("sagsbehandler")[:2] == ["Sagsbehandler", "Koordinator"]


def test_words_in_the_order_they_were_typed_come_before_the_same_words_apart(index: Index) -> None:
    index("1", title="Kommunikation i job og om borger")
    index("2", title="Om borger og kommunikation i job")
    assert titles("borger og kommunikation")[0] == "Om borger og kommunikation i job"


@time_machine.travel("2026-11-22T12:00:00+01:00", tick=False)
def test_a_meeting_that_comes_soon_stands_before_one_that_is_over(index: Index) -> None:
    now: datetime = timezone.now()
    for key, days in (("over", -30), ("later", 300), ("soon", 3)):
        index(key, title="Fyraftensmøde om jura", starts_at=now + timedelta(days=days))
    assert [hit.key.rpartition(":")[2] for hit in asked("jura").hits] == ["soon", "later", "over"]


def test_a_stage_of_another_package_has_the_last_word(index: Index) -> None:
    def turned(question: Understood, candidates: Sequence[Ranked]) -> Sequence[Ranked]:
        assert question.text == "jura"
        return [replace(one, score=-one.score) for one in candidates]

    index("1", title="Jura")
    index("2", title="Noget helt andet", body="lidt jura i en lang tekst om andre ting")
    before = titles("jura")
    register_stage("tests", turned)
    try:
        assert titles("jura") == before[::-1]
    finally:
        unregister_stage("tests")
    assert titles("jura") == before


def test_pages_within_and_beyond_the_window_hold_each_document_once(index: Index) -> None:
    for number in range(WINDOW + 45):
        index(str(number), title="Kursus i jura", body="jura " * (number % 7))
    seen = [hit.key for number in range(1, 9) for hit in asked("jura", page=number).hits]
    first = asked("jura")
    assert (first.total, first.pages) == (WINDOW + 45, 8)
    assert len(seen) == len(set(seen)) == WINDOW + 45
    assert asked("jura", page=10_000).page == 8
    assert asked("jura", page=10_000).hits == asked("jura", page=8).hits


def test_few_hits_are_followed_by_what_is_like_them_and_is_not_counted(index: Index) -> None:
    index("1", title="Pædagogisk leder")
    index("2", title="Pædagogmedhjælper")
    index("3", title="Vejmand")
    result = asked("pædagogisk")
    assert [hit.title_text for hit in result.hits] == ["Pædagogisk leder"]
    assert [hit.title_text for hit in result.near] == ["Pædagogmedhjælper"]
    assert result.total == 1
    assert sum(value.count for value in result.facet("kind").values) == 1


def test_gibberish_is_like_nothing(index: Index) -> None:
    index("1", title="Pædagogisk leder")
    result = asked("xqzwv")
    assert (result.total, result.near, result.did_you_mean) == (0, (), "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("borgerservise", "borgerservice"),
        ("bogerservice", "borgerservice"),
        ("borgerservcie", "borgerservice"),
        ("leder i borgersevice", "leder i borgerservice"),
    ],
)
def test_a_slip_of_the_pen_is_corrected(index: Index, typed: str, meant: str) -> None:
    index("1", title="Leder i Borgerservice")
    index("2", title="Vejmand")
    assert asked(typed).did_you_mean == meant
    assert asked(meant).did_you_mean == ""


def test_a_correction_never_tells_of_what_the_asker_may_not_see(index: Index) -> None:
    index("1", title="Hemmelighedsprojekt", audiences=("signed-in",))
    assert asked("hemmelighedsprojkt").did_you_mean == ""
    assert asked("hemmelighedsprojkt").near == ()
    member = Principal(user_uuid=uuid4())
    assert asked("hemmelighedsprojkt", principal=member).did_you_mean == "hemmelighedsprojekt"


def test_a_list_without_help_is_the_hits_alone(index: Index) -> None:
    index("1", title="Pædagogmedhjælper")
    result = asked("pædagogisk", with_help=False)
    assert (result.near, result.did_you_mean, result.promoted) == ((), "", ())


def test_unknown_filters_are_left_aside_and_named(index: Index) -> None:
    index("1", title="Jura")
    result = asked(
        "jura", kinds=("findes-ikke",), filters={"sector": ("x",), "farve": ("blå",), "date": ("coming", "y")}
    )
    assert result.total == 0
    assert result.ignored == ("kind", "sector", "farve", "date")
    assert asked("jura", filters={"farve": ("blå",)}).total == 1


def test_a_value_that_only_hidden_documents_have_is_as_unknown_as_any_other(index: Index) -> None:
    index("1", title="Jura")
    index("2", title="Jura", audiences=("signed-in",), facets=(FacetTerm("sector", "hemmelig", "Hemmelig"),))
    hidden, unknown = (asked("jura", filters={"sector": (value,)}) for value in ("hemmelig", "findes-ikke"))
    assert hidden.ignored == unknown.ignored == ("sector",)
    assert hidden.total == unknown.total == 1
    assert hidden.facets == unknown.facets


def test_a_correction_that_finds_nothing_is_not_offered(index: Index) -> None:
    index("1", title="Leder i Borgerservice")
    assert asked("borgersevice").did_you_mean == "borgerservice"
    assert asked("borgersevice zebra").did_you_mean == ""


def test_what_may_not_be_shown_is_not_near_either(index: Index) -> None:
    index("1", title="Pædagogmedhjælper")
    query = SearchQuery(text="pædagogisk")
    question = understand(query.text)
    request, _ignored = request_for(query, question)
    for without in (frozenset[str](), frozenset({"tests.items:1"})):
        answer = ask(database_engine(), query, question, replace(request, without=without))
        assert answer.near == tuple({"tests.items:1"} - without)


def test_a_document_that_is_no_longer_for_the_asker_is_not_shown_whatever_the_engine_says(index: Index) -> None:
    index("1", title="Jura")

    class Stale(type(database_engine())):
        """Answers as it was before the document became private."""

        def search(self, request: EngineRequest) -> EngineResult:
            return EngineResult(candidates=(Candidate("tests.items:1", 1.0),), total=1)

    with answering(Stale()):
        assert titles("jura") == ["Jura"]
        index("1", title="Jura", audiences=("signed-in",))
        assert titles("jura") == []
