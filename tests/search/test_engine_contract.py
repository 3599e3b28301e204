"""What every engine must do. Runs on the embedded engine and, in the second round, on PostgreSQL."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.principal import Grant, Principal
from search.api import FacetTerm, SearchQuery, SearchResult, search
from search import store
from search.models import IndexedDocument
from tests.search.conftest import Index
from tests.search.hostile import HOSTILE

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

EDITOR = Principal(user_uuid=uuid4(), grants=(Grant("editor", party="hk"),))
SIGNED_IN = Principal(user_uuid=uuid4())


def found(text: str, **values: Any) -> list[str]:
    return [hit.title_text for hit in search(SearchQuery(text=text, **values)).hits]


def marked(result: SearchResult) -> list[str]:
    return [part.text for hit in result.hits for part in hit.excerpt if part.match]


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
def test_a_word_is_found_however_it_is_written(index: Index, indexed: str, asked: str) -> None:
    index("1", title=indexed)
    index("2", title="Noget helt andet")
    assert [hit.key for hit in search(SearchQuery(text=asked)).hits] == ["tests.items:1"]


@pytest.mark.parametrize(
    ("indexed", "asked"),
    [
        ("Borgerservice", "service"),
        ("Ældrepleje", "aldrepleje"),
        ("Ø-kommuner", "o"),
        ("Møde", "mode"),
        ("Borger", "borg1"),
        ("Kontakt", "tak"),
    ],
)
def test_other_words_are_not_found(index: Index, indexed: str, asked: str) -> None:
    index("1", title=indexed)
    assert found(asked) == []


def test_title_comes_before_summary_before_body(index: Index) -> None:
    index("1", title="Første", body="Her står jura som et ord blandt andre ord.")
    index("2", title="Anden", summary="Her står jura som et ord blandt andre ord.")
    index("3", title="Lidt jura blandt andre ord")
    assert found("jura") == ["Lidt jura blandt andre ord", "Anden", "Første"]


def test_the_exact_title_comes_first(index: Index) -> None:
    for number in range(5):
        index(str(number), title="Jobcenter jobcenter jobcenter i byen", body="jobcenter " * 50)
    index("9", title="Jobcenter")
    assert found("jobcenter")[0] == "Jobcenter"


def test_all_words_are_wanted_and_some_are_better_than_nothing(index: Index) -> None:
    index("1", title="Digital post")
    index("2", title="Digital dannelse")
    every = search(SearchQuery(text="digital post"))
    some = search(SearchQuery(text="digital frokost"))
    assert [hit.title_text for hit in every.hits] == ["Digital post"]
    assert not every.any_word
    assert some.any_word
    assert some.total == 2


def test_stop_words_do_not_narrow(index: Index) -> None:
    index("1", title="Specialist i borgerkontakt")
    assert found("specialist for borgerkontakt") == ["Specialist i borgerkontakt"]
    assert not search(SearchQuery(text="specialist for borgerkontakt")).any_word


def test_highlights_are_parts_and_the_excerpt_is_where_the_word_is(index: Index) -> None:
    index("1", title="Kursus", body="Fyld. " * 200 + "Her møder du <b>borgerne</b> hver dag. " + "Fyld. " * 200)
    result = search(SearchQuery(text="borger"))
    text = "".join(part.text for part in result.hits[0].excerpt)
    assert marked(result) == ["borgerne"]
    assert "<b>borgerne</b>" in text
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(text) < 300


def test_a_title_that_says_it_leaves_the_excerpt_to_the_summary(index: Index) -> None:
    index("1", title="Borgerkontakt", summary="Resumé.", body="Her står borgerkontakt i teksten.")
    index("2", title="Kursus", summary="Resumé.", body="Her står borgerkontakt i teksten.")
    excerpts = ["".join(part.text for part in hit.excerpt) for hit in search(SearchQuery(text="borgerkontakt")).hits]
    assert excerpts == ["Resumé.", "Her står borgerkontakt i teksten."]


def test_kinds_filter_and_facets_count_without_their_own_filter(index: Index) -> None:
    index("1", title="Jura", kind="course")
    index("2", title="Jura", kind="course")
    index("3", title="Jura", kind="profile")
    index("4", title="Andet", kind="page")
    everything = search(SearchQuery(text="jura"))
    courses = search(SearchQuery(text="jura", kinds=("course", "unknown", "' OR 1=1")))
    counts = [(value.value, value.label, value.count) for value in everything.facet("kind").values]
    assert counts == [("course", "Courses", 2), ("profile", "Profiles", 1)]
    assert courses.total == 2
    assert {hit.kind for hit in courses.hits} == {"course"}
    assert [(v.value, v.count, v.selected) for v in courses.facet("kind").values] == [
        ("course", 2, True),
        ("profile", 1, False),
    ]
    assert search(SearchQuery(text="jura", kinds=("unknown",))).total == 3
    assert search(SearchQuery(text="jura", kinds=("page",))).total == 0


def test_other_facets_filter_and_count(index: Index) -> None:
    job, it = FacetTerm("sector", "job", "Jobcenter"), FacetTerm("sector", "it", "IT")
    fyn = FacetTerm("region", "fyn", "Fyn")
    index("1", title="Jura", facets=(job, fyn))
    index("2", title="Jura", facets=(it,))
    index("3", title="Jura", facets=(it, job))
    index("4", title="Andet", facets=(it,))
    result = search(SearchQuery(text="jura", filters={"sector": ("job",)}))
    assert result.total == 2
    assert {value.value: (value.count, value.selected) for value in result.facet("sector").values} == {
        "job": (2, True),
        "it": (2, False),
    }
    assert [(value.label, value.count) for value in result.facet("region").values] == [("Fyn", 1)]
    assert search(SearchQuery(text="jura", filters={"sector": ("job",), "region": ("fyn",)})).total == 1
    assert search(SearchQuery(text="jura", filters={"sector\x00": ("x'\x00",)})).total == 0


def test_what_the_asker_may_not_see_is_nowhere(index: Index) -> None:
    secret = FacetTerm("sector", "canary-sector", "Kanarie")
    index("1", title="Åbent referat")
    index("2", title="Kanarie referat", kind="course", audiences=("role:editor",), facets=(secret,), body="kanariefugl")
    index("3", title="Lukket referat", kind="profile", audiences=("signed-in",))
    index("4", title="Ingens referat", audiences=())
    public, signed_in, editor = (
        search(SearchQuery(text="referat", principal=who)) for who in (Principal(), SIGNED_IN, EDITOR)
    )
    assert (public.total, signed_in.total, editor.total) == (1, 2, 3)
    assert "anarie" not in repr(public)
    assert "anarie" not in repr(signed_in)
    assert "course" not in repr(public)
    assert "Kanarie" in repr(editor)
    assert "Ingens" not in repr(editor)
    assert search(SearchQuery(text="kanariefugl")).total == 0
    assert search(SearchQuery(text="referat kanariefugl")).total == 1


def test_pages_divide_the_result_and_stay_within_it(index: Index) -> None:
    for number in range(45):
        index(f"{number:02}", title="Møde")
    pages = [search(SearchQuery(text="møde", page=page)) for page in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [20, 20, 5]
    assert len({hit.key for page in pages for hit in page.hits}) == 45
    for page, lands_on in ((-1, 1), (0, 1), (99_999_999_999, 3)):
        assert search(SearchQuery(text="møde", page=page)).page == lands_on


def test_replacing_and_removing_leave_nothing_behind(index: Index) -> None:
    index("1", title="Gammelt navn", audiences=("signed-in",), facets=(FacetTerm("a", "b", "c"),))
    index("2", title="En anden")
    index("1", title="Nyt navn")
    assert found("gammelt", principal=SIGNED_IN) == []
    assert found("nyt") == ["Nyt navn"]
    assert search(SearchQuery(text="nyt")).facet("a").values == ()
    store.remove("tests.items", ["1"])
    assert found("nyt") == []
    assert found("anden") == ["En anden"]
    assert store.object_ids("tests.items") == {"2"}
    store.keep_only_sources([])
    assert IndexedDocument.objects.count() == 0


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_asked_and_indexed_without_failing(index: Index, text: str) -> None:
    index("1", title="Borgerservice", body="borger")
    index("2", title=f"Titel {text}"[:200], summary=text, body=text, note=text, kind_label=text)
    result = search(SearchQuery(text=text, kinds=(text,), filters={text: (text,)}))
    assert len(result.text) <= 200
    assert "Titel" in "".join(found("titel"))


def test_the_number_of_queries_is_constant(index: Index) -> None:
    counts = []
    for size in (1, 60):
        for number in range(size):
            index(str(number), title="Kursus i jura", facets=(FacetTerm("a", str(number % 3), "x"),))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            search(SearchQuery(text="jura"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_a_text_without_words_asks_no_database(index: Index, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert search(SearchQuery(text=" \x00 *\u200b")).total == 0
