"""The rows of the index: what is written when, and what the mirror is told."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.core.models import OutboxMessage
from search import store
from search.api import FacetTerm, SearchDocument, SearchQuery, search
from search.models import IndexChange, IndexedDocument, MirrorIndex
from tests.search.conftest import Index

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]


@pytest.fixture
def mirrored(settings: Any) -> None:
    """Let there be an Elasticsearch to tell; nobody asks it here."""
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"


def document(key: str = "1", **values: Any) -> SearchDocument:
    values = {"title": "Jobcenter", "kind": "page", "url": "/job/", **values}
    return SearchDocument(key=key, **values)


def version(key: str = "1") -> int:
    return IndexedDocument.objects.get(key=f"tests.items:{key}").version


def changes() -> dict[str, int]:
    return dict(IndexChange.objects.values_list("key", "version"))


def waiting() -> list[str]:
    return list(OutboxMessage.objects.filter(topic="search.mirror").order_by("id").values_list("key", flat=True))


def test_what_says_nothing_new_is_not_written(index: Index, mirrored: None) -> None:
    store.replace("tests.items", "1", [document()])
    before = version()
    IndexChange.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        store.replace("tests.items", "1", [document()])
    assert not [query for query in queries.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert version() == before
    assert changes() == {}


@pytest.mark.parametrize(
    "news",
    [
        {"title": "Jobcenteret"},
        {"summary": "Nyt"},
        {"body": "Nyt"},
        {"labels": ("Beskæftigelse",)},
        {"audiences": ("signed-in",)},
        {"facets": (FacetTerm("sector", "job", "Job"),)},
        {"kind_label": "Side"},
    ],
)
def test_any_news_is_written_with_a_higher_version(index: Index, mirrored: None, news: dict[str, Any]) -> None:
    store.replace("tests.items", "1", [document()])
    before = version()
    store.replace("tests.items", "1", [document(**news)])
    assert version() > before
    assert changes() == {"tests.items:1": version()}


def test_what_is_gone_is_a_change_with_a_version_of_its_own(index: Index, mirrored: None) -> None:
    store.replace("tests.items", "1", [document("1"), document("2")])
    first, second = version("1"), version("2")
    store.replace("tests.items", "1", [document("1")])
    assert changes()["tests.items:1"] == first
    assert changes()["tests.items:2"] > second
    store.remove("tests.items", ["1"])
    assert changes()["tests.items:1"] > first


def test_a_version_is_never_given_again(index: Index, mirrored: None) -> None:
    seen = []
    for number in range(3):
        store.replace("tests.items", "1", [document(title=f"Jobcenter {number}")])
        seen.append(version())
        store.remove("tests.items", ["1"])
        seen.append(changes()["tests.items:1"])
        IndexChange.objects.all().delete()
    assert seen == sorted(set(seen))


def test_a_change_and_its_message_are_undone_with_the_transaction(index: Index, mirrored: None) -> None:
    with transaction.atomic():
        store.replace("tests.items", "1", [document()])
        assert waiting() == ["tests.items:1"]
        transaction.set_rollback(True)
    assert changes() == {}
    assert waiting() == []
    assert search(SearchQuery(text="jobcenter")).total == 0


def test_two_changes_of_an_object_are_one_message(index: Index, mirrored: None) -> None:
    for title in ("Jobcenter", "Jobcenteret"):
        store.replace("tests.items", "1", [document(title=title)])
    assert waiting() == ["tests.items:1"]


def test_without_an_elasticsearch_nothing_waits_for_one_and_an_older_mirror_answers_no_more(index: Index) -> None:
    MirrorIndex.objects.create(name="portal-1", state=MirrorIndex.LIVE, fingerprint="x")
    store.replace("tests.items", "1", [document()])
    assert changes() == {}
    assert waiting() == []
    assert not MirrorIndex.objects.exists()


def test_a_scratch_index_is_seen_inside_and_leaves_nothing(index: Index, mirrored: None) -> None:
    with store.scratch():
        store.replace("tests.items", "1", [document()])
        assert search(SearchQuery(text="jobcenter")).total == 1
        assert changes() == {}
    assert search(SearchQuery(text="jobcenter")).total == 0


def test_filter_values_are_bounded_and_plain(index: Index) -> None:
    terms = (FacetTerm("sector", "a\tb\x00" + "c" * 99, "L\tM" + "l" * 200), FacetTerm("sector", " ", "Intet"))
    store.replace("tests.items", "1", [document(facets=terms)])
    [facet] = search(SearchQuery(text="jobcenter")).facet("sector").values
    assert facet.value == "a b " + "c" * 76
    assert facet.label == "L M" + "l" * 117


def test_texts_are_bounded(index: Index) -> None:
    store.replace(
        "tests.items", "1", [document(title="t" * 999, body="ord " * 100_000, labels=[f"navn {n}" for n in range(999)])]
    )
    row = IndexedDocument.objects.get()
    assert (len(row.title), len(row.labels)) == (255, store.MOST_LABELS)
    assert len(row.body) <= store.STORED_BODY
