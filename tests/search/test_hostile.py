"""Whatever is typed, sent or indexed: a normal page, a bounded number of queries, on every engine.

A seeded part runs every time; `make nightly` tries ten thousand strings.
"""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.api import SearchQuery, search, suggest
from tests.search.conftest import Index
from tests.search.engines import EngineInTurn
from tests.search.hostile import HOSTILE

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

# What a whole page may ask of the database, the header and the counting of searches with it.
MOST_QUERIES = 60
PARAMETERS = ("q", "type", "side", "dato", "sektor", "ukendt")

_FRAGMENTS = (
    *HOSTILE.values(), "borger", "Borgerkontakt", "ældrepleje", "jura", "og", "=borg", "_bo", "+borge", '"', "'", "\\", "''",
    '""', "(", ")", "{", "}", "[", "]", "*", ":*", "<->", "&", "|", "!", "~1", "^2", "/", "-", "AND", "OR", "NOT", "NEAR",
    "%s", "%", "_", ";", "--", "/*", "\x00", "\ud800", "\ufffe", "\u202e", "\u0130", "ß", "ﬁ", "ǅ", "한국어", "日本語", "İ",
    "🇩🇰", "a" * 65, "1" * 400, "\u0301", "½", "²",
)  # fmt: skip
# What people write, what engines take for their own, and anything at all.
hostile_texts = st.one_of(
    st.lists(st.one_of(st.sampled_from(_FRAGMENTS), st.text(max_size=20)), max_size=8).map("".join),
    st.lists(st.sampled_from(_FRAGMENTS), max_size=12).map(" ".join),
    st.text(st.characters(), max_size=300),
)
searched = given(text=hostile_texts, place=st.sampled_from(PARAMETERS))
_checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def world(index: Index) -> None:
    """Something to be found, however little is understood."""
    index("1", title="Borgerservice", body="borger")
    index("2", title="Ældrepleje og jura", labels=("Borgerkontakt",), kind="course")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_known_hostile_text_is_asked_and_indexed(index: Index, engine: EngineInTurn, text: str) -> None:
    index("1", title="Borgerservice", body="borger")
    index("2", title=f"Titel {text}"[:200], labels=(text,), summary=text, body=text, note=text, kind_label=text)
    result = engine.ask(text, kinds=(text,), filters={text: (text,), "sector": (text,)})
    assert len(result.text) <= 200
    assert "Titel" in "".join(engine.titles("titel"))
    assert "Titel" in "".join(engine.suggestions("tit"))
    assert len(engine.suggestions(text)) <= 8


@pytest.mark.usefixtures("world")
@searched
@settings(max_examples=300, derandomize=True, suppress_health_check=_checks)
def test_any_text_gives_a_normal_page(engine: EngineInTurn, text: str, place: str) -> None:
    _is_answered(engine, text, place)


@pytest.mark.nightly
@pytest.mark.usefixtures("world")
@searched
@settings(max_examples=10_000, suppress_health_check=_checks)
def test_ten_thousand_texts_give_a_normal_page(engine: EngineInTurn, text: str, place: str) -> None:
    _is_answered(engine, text, place)


def _is_answered(engine: EngineInTurn, text: str, place: str) -> None:
    """Ask by the addresses that anybody may write, and as other packages ask."""
    client = Client(raise_request_exception=True)
    values = {"q": "borger", place: text}
    address = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in values.items())
    with engine.alone():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/soeg/?{address}")
            offered = client.get(f"/soeg/forslag/?{address}")
        assert (page.status_code, offered.status_code) == (200, 200)
        assert b"</html>" in page.content
        assert len(queries) <= MOST_QUERIES
        result = search(SearchQuery(text=text, kinds=(text,), filters={"sector": (text,), text: (text,)}))
        assert len(result.text) <= 200
        assert result.total <= 2
        assert len(suggest(text)) <= 2


@pytest.mark.parametrize("words", [1, 12, 500])
def test_more_words_ask_no_more_questions(index: Index, engine: EngineInTurn, words: int) -> None:
    index("1", title="Borgerservice")
    text = " ".join(f"ord{number}" for number in range(words))
    with engine.alone():
        search(SearchQuery(text=text))
        with CaptureQueriesContext(connection) as queries:
            search(SearchQuery(text=text))
    assert len(queries) <= 20
