"""What every engine must do, asked through the public search.

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
from search.phrases import Rule
from search.synonyms import overridden
from search.understanding import understand
from tests.search.conftest import Index
from tests.search.engines import EngineInTurn

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

EDITOR = Principal(user_uuid=uuid4(), grants=(Grant("editor", party="hk"),))
SIGNED_IN = Principal(user_uuid=uuid4())


def marked(result: SearchResult) -> list[str]:
    return [part.text for hit in result.hits for part in hit.excerpt if part.match]


def counts(result: SearchResult, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in result.facet(facet).values}


class TestWords:
    """What is found, and what is not."""

    @pytest.mark.parametrize(
        ("indexed", "asked"),
        [
            ("Borgerservice", "borgerservice"),
            ("Borgerservice", "BORGERSERVICE"),
            ("Borgerservice", "borgers"),
            ("Ældrepleje", "aeldrepleje"),
            ("Ældrepleje", "ældr"),
            ("Aeldrepleje", "ældrepleje"),
            ("Ældrepleje", "ældrepleje"),
            ("Åben dør", "aaben doer"),
            ("Aaben doer", "åben dør"),
            ("A\u030aben", "åben"),
            ("Kommune i Aalborg", "ålborg"),
            ("Göteborg", "gøteborg"),
            ("Café", "cafe"),
            ("Vejledning af borgere", "vejledninger borger"),
            ("Sags\u00adbehandling", "sagsbehandling"),
            ("E-læring", "e-læring"),
            ("GDPR i 2026", "2026"),
        ],
    )
    def test_a_word_is_found_however_it_is_written(
        self, index: Index, engine: EngineInTurn, indexed: str, asked: str
    ) -> None:
        index("1", title=indexed)
        index("2", title="Noget helt andet")
        assert [hit.key for hit in engine.ask(asked).hits] == ["tests.items:1"]

    @pytest.mark.parametrize(
        ("indexed", "asked"),
        [
            ("Kontakt med borgere", "borgerkontakt"),
            ("Specialist i borgerkontakt", "kontakt med borgere"),
            ("Behandling af sager", "sagsbehandling"),
            ("Sagsbehandling", "behandling af sager"),
            ("Borgerservice", "service"),
            ("Pleje af ældre", "ældrepleje"),
        ],
    )
    @pytest.mark.parametrize("place", ["title", "summary", "body", "labels"])
    def test_compounds_and_their_parts_find_each_other(
        self, index: Index, engine: EngineInTurn, indexed: str, asked: str, place: str
    ) -> None:
        values: dict[str, Any] = {"title": "Overskrift", place: (indexed,) if place == "labels" else indexed}
        index("1", **values)
        index("2", title="Noget helt andet", body="Om en kontakt i en kommune")
        result = engine.ask(asked)
        assert [hit.key for hit in result.hits] == ["tests.items:1"]
        assert not result.any_word

    @pytest.mark.parametrize(
        ("indexed", "asked"),
        [
            ("Ældrepleje", "aldrepleje"),
            ("Ø-kommuner", "o"),
            ("Møde", "mode"),
            ("Borger", "borg1"),
            ("Kontakt", "tak"),
            ("Fremstilling", "stilling"),
        ],
    )
    def test_other_words_are_not_found(self, index: Index, engine: EngineInTurn, indexed: str, asked: str) -> None:
        index("1", title=indexed)
        assert engine.titles(asked) == []

    def test_all_words_are_wanted_and_some_are_better_than_nothing(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Digital post")
        index("2", title="Digital dannelse")
        every, some = engine.ask("digital post"), engine.ask("digital frokost")
        assert [hit.title_text for hit in every.hits] == ["Digital post"]
        assert not every.any_word
        assert some.any_word
        assert some.total == 2

    def test_the_words_may_stand_in_different_texts(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Jura", summary="For ledere", body="I kommunen")
        assert engine.titles("kommune jura leder") == ["Jura"]

    def test_stop_words_do_not_narrow(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Specialist i borgerkontakt")
        result = engine.ask("specialist for borgerkontakt")
        assert [hit.title_text for hit in result.hits] == ["Specialist i borgerkontakt"]
        assert not result.any_word

    @pytest.mark.parametrize(
        ("indexed", "asked"),
        [
            ("Medarbejderudviklingssamtaler", "MUS"),
            ("Før din MUS", "medarbejderudviklingssamtale"),
            ("Arbejdsmarkedsuddannelser", "AMU"),
            ("Mødet i kommunekontaktrådet", "KKR"),
        ],
    )
    def test_abbreviations_of_the_field_and_what_they_stand_for(
        self, index: Index, engine: EngineInTurn, indexed: str, asked: str
    ) -> None:
        index("1", title=indexed)
        index("2", title="Noget helt andet")
        assert engine.titles(asked) == [indexed]

    def test_editors_synonyms_find_behind_what_was_typed(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Reception")
        index("2", title="Skranke")
        with overridden([Rule(words=("skranke",), means=("reception",))]):
            assert engine.titles("skranke") == ["Skranke", "Reception"]
            assert engine.titles("reception") == ["Reception"]


class TestOrder:
    """What stands first."""

    def test_title_comes_before_summary_before_body(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Første", body="Her står jura som et ord blandt andre ord.")
        index("2", title="Anden", summary="Her står jura som et ord blandt andre ord.")
        index("3", title="Lidt jura blandt andre ord")
        assert engine.titles("jura") == ["Lidt jura blandt andre ord", "Anden", "Første"]

    def test_the_exact_title_comes_first_and_then_another_name_that_is_exactly_so(
        self, index: Index, engine: EngineInTurn
    ) -> None:
        for number in range(5):
            index(str(number), title="Jobcenter jobcenter jobcenter i byen", body="jobcenter " * 50)
        index("8", title="Beskæftigelse", labels=("Center", "Jobcenter"))
        index("9", title="Jobcenter")
        assert engine.titles("jobcenter")[:2] == ["Jobcenter", "Beskæftigelse"]

    def test_the_exact_title_is_first_among_more_than_are_put_in_order_afterwards(
        self, index: Index, engine: EngineInTurn
    ) -> None:
        for number in range(130):
            index(f"{number:03}", title="Jura jura", labels=("Jura og jura",), body="jura")
        index("999", title="Jura", body="Noget andet. " * 500)
        assert engine.titles("jura")[0] == "Jura"

    def test_each_name_is_ranked_alone(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Kontor", labels=("Leder af kantine", "Sekretær i skole", "Koordinator for jura", "Chef"))
        index("2", title="Sekretariat", labels=("Skolesekretær",))
        index("3", title="Koordinator for sekretærer, skole, kantine, jura og chefer")
        assert engine.titles("skolesekretær")[0] == "Sekretariat"
        assert engine.titles("sekretær i skole")[0] == "Kontor"

    def test_many_names_are_no_advantage(self, index: Index, engine: EngineInTurn) -> None:
        for number in range(20):
            index(f"other {number}", title=f"Noget helt andet {number}")
        index("1", title="Andet", labels=tuple(f"Opgaver med jura, del {number} af mange" for number in range(6)))
        index("2", title="Opgaver med jura")
        assert engine.titles("opgaver jura")[0] == "Opgaver med jura"

    def test_a_phrase_in_a_title_comes_before_the_same_words_apart(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Post der er digital")
        index("2", title="Den digital post")
        assert engine.titles("digital post")[0] == "Den digital post"

    @time_machine.travel("2026-11-22T12:00:00+01:00", tick=False)
    def test_what_comes_soon_stands_before_what_is_over(self, index: Index, engine: EngineInTurn) -> None:
        now = timezone.now()
        for key, days in (("over", -30), ("later", 300), ("soon", 3)):
            index(key, title="Fyraftensmøde om jura", starts_at=now + timedelta(days=days))
        keys = [hit.key.rpartition(":")[2] for hit in engine.ask("jura").hits]
        assert keys == ["soon", "later", "over"]


class TestHelp:
    """Slips of the pen, near misses, corrections, type-ahead."""

    @pytest.mark.parametrize("asked", ["borgerkontatk", "borgrkontakt", "bogerkontakt", "borgerkontaktt"])
    def test_a_slip_of_the_pen_finds_what_is_near_and_says_it(
        self, index: Index, engine: EngineInTurn, asked: str
    ) -> None:
        index("1", title="Borgerkontakt")
        index("2", title="Økonomistyring")
        result = engine.ask(asked)
        assert [hit.title_text for hit in (*result.hits, *result.near)] == ["Borgerkontakt"]
        assert result.did_you_mean == "borgerkontakt"

    def test_what_is_near_is_not_counted(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Borgerkontakt", facets=(FacetTerm("sector", "a", "A"),))
        result = engine.ask("borgrkontakt")
        assert (result.total, len(result.near)) == (0, 1)
        assert not any(value.count for facet in result.facets for value in facet.values)

    def test_what_has_the_words_is_not_near_as_well(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Borgerkontakt")
        index("2", title="Borgerkontrakt")
        result = engine.ask("borgerkontakt")
        assert [hit.title_text for hit in result.hits] == ["Borgerkontakt"]
        assert [hit.title_text for hit in result.near] == ["Borgerkontrakt"]
        assert result.did_you_mean == ""

    @pytest.mark.parametrize(
        ("typed", "offered"),
        [
            ("ær", ["Ældrepleje"]),
            ("æld", ["Ældrepleje"]),
            ("aeld", ["Ældrepleje"]),
            ("plej", ["Ældrepleje"]),
            ("ældrpl", ["Ældrepleje"]),
            ("kontakt med bo", ["Kontakt med borgere"]),
            ("borgere kon", ["Kontakt med borgere"]),
            ("receptio", ["Kontakt med borgere"]),
            ("zzz", []),
            ("b", []),
            ("", []),
        ],
    )
    def test_names_are_offered_while_somebody_types(
        self, index: Index, engine: EngineInTurn, typed: str, offered: list[str]
    ) -> None:
        index("1", title="Ældrepleje")
        index("2", title="Kontakt med borgere", labels=("Receptionist",))
        index("3", title="Økonomi")
        assert engine.suggestions(typed) == offered

    def test_names_that_begin_so_are_offered_first_and_then_short_ones(
        self, index: Index, engine: EngineInTurn
    ) -> None:
        index("1", title="Stor skole i byen")
        index("2", title="Skolesekretær med meget lang titel")
        index("3", title="Skolesekretær")
        index("4", title="Ny skole", kind="course")
        assert engine.suggestions("skol") == [
            "Skolesekretær",
            "Skolesekretær med meget lang titel",
            "Ny skole",
            "Stor skole i byen",
        ]
        assert engine.suggestions("skol", limit=1) == ["Skolesekretær"]
        assert engine.suggestions("skol", kinds=("course", "unknown")) == ["Ny skole"]


class TestHighlights:
    def test_highlights_are_parts_and_the_excerpt_is_where_the_word_is(
        self, index: Index, engine: EngineInTurn
    ) -> None:
        index("1", title="Kursus", body="Fyld. " * 200 + "Her møder du <b>borgerne</b> hver dag. " + "Fyld. " * 200)
        result = engine.ask("borger")
        text = "".join(part.text for part in result.hits[0].excerpt)
        assert marked(result) == ["borgerne"]
        assert "<b>borgerne</b>" in text
        assert text.startswith("…")
        assert text.endswith("…")
        assert len(text) < 300

    def test_a_title_that_says_it_leaves_the_excerpt_to_the_summary(self, index: Index, engine: EngineInTurn) -> None:
        index("1", title="Borgerkontakt", summary="Resumé.", body="Her står borgerkontakt i teksten.")
        index("2", title="Kursus", summary="Resumé.", body="Her står borgerkontakt i teksten.")
        excerpts = ["".join(part.text for part in hit.excerpt) for hit in engine.ask("borgerkontakt").hits]
        assert excerpts == ["Resumé.", "Her står borgerkontakt i teksten."]


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
        for size in (2, 40):
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
