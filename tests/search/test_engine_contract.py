"""What every engine must do about words, order, help and highlights, asked through the public search.

Runs on SQLite and on a real Elasticsearch, and in the second round on PostgreSQL.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from portal.core.principal import Grant, Principal
from search.api import FacetTerm, SearchResult
from search.phrases import Rule
from search.synonyms import overridden
from tests.search.conftest import Index
from tests.search.engines import EngineInTurn

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

EDITOR = Principal(user_uuid=uuid4(), grants=(Grant("editor", party="hk"),))
SIGNED_IN = Principal(user_uuid=uuid4())


def marked(result: SearchResult) -> list[str]:
    return [part.text for hit in result.hits for part in hit.excerpt if part.match]


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
