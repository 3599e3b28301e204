"""What every engine must do about filters, visibility, pages and keeping, asked through the public search.

Runs on SQLite and on a real Elasticsearch, and in the second round on PostgreSQL.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core.principal import Grant, Principal
from search import store
from search.api import FacetTerm, SearchQuery, SearchResult, search, suggest
from search.engines.base import EngineRequest
from search.engines.database import DatabaseEngine
from search.facets import COMING, OVER, THIS_MONTH, THIS_WEEK
from search.models import IndexedDocument
from search.understanding import understand
from tests.search.conftest import Index
from tests.search.engines import EngineInTurn

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

EDITOR = Principal(user_uuid=uuid4(), grants=(Grant("editor", party="hk"),))
SIGNED_IN = Principal(user_uuid=uuid4())


def counts(result: SearchResult, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in result.facet(facet).values}


class TestFacets:
    """Every filter with its counts, its own choice left aside."""

    def test_kinds_filter_and_facets_count_without_their_own_filter(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Jura", kind="course")
        index("2", title="Jura", kind="course")
        index("3", title="Jura", kind="profile")
        index("4", title="Andet", kind="page")
        everything = engine.ask("jura")
        courses = engine.ask("jura", kinds=("course", "unknown", "' OR 1=1"))
        shown = [(value.value, value.label, value.count) for value in everything.facet("kind").values]
        assert shown == [("course", "Courses", 2), ("profile", "Profiles", 1)]
        assert courses.total == 2
        assert {hit.kind for hit in courses.hits} == {"course"}
        assert [(v.value, v.count, v.selected) for v in courses.facet("kind").values] == [
            ("course", 2, True),
            ("profile", 1, False),
        ]
        assert engine.ask("jura", kinds=("unknown",)).total == 3
        assert engine.ask("jura", kinds=("page",)).total == 0

    @pytest.mark.parametrize("name", ["sector", "region", "municipality", "level", "provider"])
    def test_other_facets_filter_and_count(self, index: Index, engine: EngineInTurn, name: str) -> None:
        job, it = FacetTerm(name, "job", "Jobcenter"), FacetTerm(name, "it", "IT")
        other = "region" if name == "sector" else "sector"
        fyn = FacetTerm(other, "fyn", "Fyn")
        index("1", title="Jura", facets=(job, fyn))
        index("2", title="Jura", facets=(it,), kind="course")
        index("3", title="Jura", facets=(it, job), kind="course")
        index("4", title="Andet", facets=(it,))
        result = engine.ask("jura", filters={name: ("job",)})
        assert {hit.key for hit in result.hits} == {"tests.items:1", "tests.items:3"}
        assert result.total == 2
        assert {value.value: (value.label, value.count, value.selected) for value in result.facet(name).values} == {
            "job": ("Jobcenter", 2, True),
            "it": ("IT", 2, False),
        }
        assert counts(result, other) == {"fyn": 1}
        assert counts(result, "kind") == {"page": 1, "course": 1}
        both = engine.ask("jura", filters={name: ("job", "it"), other: ("fyn",)}, kinds=("page",))
        assert both.total == 1
        assert counts(both, other) == {"fyn": 1}

    def test_a_filter_that_nothing_has_is_left_aside_and_named(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Jura", facets=(FacetTerm("sector", "it", "IT"),))
        result = engine.ask("jura", filters={"sector": ("x'\x00",), "nonsense\x00": ("1",)})
        assert result.total == 1
        assert "sector" in result.ignored

    @time_machine.travel("2026-11-18T12:00:00+01:00", tick=False)
    def test_dates_are_counted_and_filter(self, index: Index, engine: EngineInTurn) -> None:
        now = timezone.now()
        days = {"past": -3, "hour": 0.1, "friday": 2, "in a week": 7, "december": 20}
        for key, after in days.items():
            index(key, title="Jura", starts_at=now + timedelta(days=after))
        index("always", title="Jura", kind="course")
        result = engine.ask("jura")
        assert counts(result, "date") == {COMING: 4, THIS_WEEK: 2, THIS_MONTH: 3, OVER: 1}
        week = engine.ask("jura", filters={"date": (THIS_WEEK,)})
        assert {hit.key.rpartition(":")[2] for hit in week.hits} == {"hour", "friday"}
        assert counts(week, "date") == counts(result, "date")
        assert counts(week, "kind") == {"page": 2}
        two = engine.ask("jura", filters={"date": (THIS_WEEK, OVER)}, kinds=("page",))
        assert two.total == 3


class TestVisibility:
    def test_what_the_asker_may_not_see_is_nowhere(self, index: Index, engine: EngineInTurn) -> None:
        secret = FacetTerm("sector", "canary-sector", "Kanarie")
        index("1", title="Åbent referat")
        index(
            "2",
            title="Kanarie referat",
            kind="course",
            audiences=("role:editor",),
            facets=(secret,),
            body="kanariefugl",
        )
        index("3", title="Lukket referat", kind="profile", audiences=("signed-in",))
        index("4", title="Ingens referat", audiences=())
        public, signed_in, editor = (engine.ask("referat", principal=who) for who in (Principal(), SIGNED_IN, EDITOR))
        assert (public.total, signed_in.total, editor.total) == (1, 2, 3)
        assert "anarie" not in repr(public)
        assert "anarie" not in repr(signed_in)
        assert "course" not in repr(public)
        assert "Kanarie" in repr(editor)
        assert "Ingens" not in repr(editor)
        assert engine.ask("kanariefugl").total == 0
        assert engine.ask("referat kanariefugl").total == 1
        assert engine.suggestions("kanar") == []
        assert engine.suggestions("kanar", principal=EDITOR) == ["Kanarie referat"]

    def test_documents_of_which_the_engine_has_an_old_form_are_left_out(
        self, index: Index, engine: EngineInTurn
    ) -> None:
        index("1", title="Jura", facets=(FacetTerm("sector", "a", "A"),))
        index("2", title="Jura", facets=(FacetTerm("sector", "a", "A"),))
        engine.ready()
        asked, without = understand("jura"), frozenset({"tests.items:1"})
        request = EngineRequest(
            terms=asked.terms, rank=asked.rank, audiences=frozenset({"public"}), without=without, title_key="jura"
        )
        found = engine.engine.search(request)
        assert [candidate.key for candidate in found.candidates] == ["tests.items:2"]
        assert (found.total, [kind.count for kind in found.kinds]) == (1, [1])
        assert [count.count for count in (found.facets or {})["sector"]] == [1]
        offered = engine.engine.suggest(("jur",), audiences=frozenset({"public"}), kinds=(), limit=8, without=without)
        assert [candidate.key for candidate in offered] == ["tests.items:2"]


class TestPages:
    def test_pages_divide_the_result_and_stay_within_it(self, index: Index, engine: EngineInTurn) -> None:
        for number in range(45):
            index(f"{number:02}", title="Møde")
        pages = [engine.ask("møde", page=page) for page in (1, 2, 3)]
        assert [len(page.hits) for page in pages] == [20, 20, 5]
        assert len({hit.key for page in pages for hit in page.hits}) == 45
        for page, lands_on in ((-1, 1), (0, 1), (10_000, 3), (99_999_999_999, 3)):
            result = engine.ask("møde", page=page)
            assert (result.page, len(result.hits)) == (lands_on, len(pages[lands_on - 1].hits))

    def test_pages_beyond_those_that_are_put_in_order_afterwards(self, index: Index, engine: EngineInTurn) -> None:
        for number in range(130):
            index(f"{number:03}", title="Møde")
        seen = [hit.key for page in range(1, 8) for hit in engine.ask("møde", page=page).hits]
        assert len(seen) == len(set(seen)) == 130
        assert engine.ask("møde", page=10_000).page == 7


class TestKeeping:
    def test_replacing_and_removing_leave_nothing_behind(self, index: Index, engine: EngineInTurn) -> None:
        old = FacetTerm("sector", "b", "c")
        index("1", title="Gammelt navn", audiences=("signed-in",), facets=(old,), labels=("Forrige",))
        index("2", title="En anden")
        index("1", title="Nyt navn")
        for gone in ("gammelt", "forrige"):
            assert engine.titles(gone, principal=SIGNED_IN) == []
            assert engine.suggestions(gone, principal=SIGNED_IN) == []
        assert engine.titles("nyt") == ["Nyt navn"]
        assert engine.ask("nyt").facet("sector").values == ()
        store.remove("tests.items", ["1"])
        result = engine.ask("nyt navn")
        assert (result.hits, result.near) == ((), ())
        assert engine.titles("anden") == ["En anden"]
        assert store.object_ids("tests.items") == {"2"}
        store.keep_only_sources([])
        assert IndexedDocument.objects.count() == 0
        assert engine.ask("anden").total == 0


class TestEffort:
    """What a question costs does not hang on what there is."""

    @pytest.mark.parametrize("asked", ["jura", "jura frokost", "jurra", "kursus jura økonomi ledelse"])
    def test_the_number_of_queries_is_constant(self, index: Index, engine: EngineInTurn, asked: str) -> None:
        numbers = []
        for size in (12, 60):
            for number in range(size):
                facet = FacetTerm("sector", str(number % 3), "x")
                index(str(number), title=f"Kursus i jura {number}", facets=(facet,), labels=("Om jura",))
            with engine.alone():
                search(SearchQuery(text=asked))
                with CaptureQueriesContext(connection) as queries:
                    search(SearchQuery(text=asked))
            numbers.append(len(queries))
        assert numbers[0] == numbers[1] <= 20

    def test_the_number_of_queries_of_type_ahead_is_constant(self, index: Index, engine: EngineInTurn) -> None:
        numbers = []
        for size in (3, 40):
            for number in range(size):
                index(str(number), title=f"Kursus i jura {number}")
            with engine.alone(), CaptureQueriesContext(connection) as queries:
                suggest("jur")
            numbers.append(len(queries))
        assert numbers[0] == numbers[1] <= 4

    def test_a_text_without_words_asks_no_database(
        self, index: Index, engine: EngineInTurn, django_assert_num_queries: Any
    ) -> None:
        with engine.alone(), django_assert_num_queries(0):
            assert search(SearchQuery(text=" \x00 *\u200b")).total == 0
            assert suggest(" \x00 *\u200b") == ()


def test_the_run_asks_the_engine_of_its_own_database(engine: EngineInTurn) -> None:
    if isinstance(engine.engine, DatabaseEngine):
        assert engine.engine.name == connection.vendor
    else:
        assert engine.engine.name == "elasticsearch"
