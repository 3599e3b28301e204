"""A page is unpublished while a worker indexes it: it is gone afterwards, and no version goes down.

The first test runs again with the lock away, and must then go wrong: otherwise it shows nothing.
"""

import threading
from typing import Any

import pytest
from django.db import OperationalError, transaction
from wagtail.models import Page

from portal.core.failpoints import set_failpoint
from search import mirror, store
from search.api import SearchDocument, remove_object
from search.models import IndexChange, IndexedDocument
from search.services import index_now
from search.sources import source_named
from tests.support.race import together, without_locks

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("page_source"),
]


@pytest.fixture
def section(settings: Any) -> Page:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    return Page.objects.get(depth=1).add_child(instance=Page(title="Jobcenter", slug="jobcenter"))


def unpublish_beside_a_worker(section: Page) -> None:
    """Let the worker describe the live page, and somebody unpublish it before the worker has written."""
    source = source_named("tests.pages")
    described, unpublished = threading.Event(), threading.Event()

    def wait() -> None:
        described.set()
        # Under the lock the other one cannot come through, and that is right.
        unpublished.wait(1)

    def act(number: int) -> None:
        if number:
            index_now_in_a_transaction(source, section)
            return
        assert described.wait(10)
        with transaction.atomic():
            Page.objects.filter(pk=section.pk).update(live=False)
            remove_object(section)
        unpublished.set()

    set_failpoint("search.described", wait)
    try:
        assert together(act, threads=2) == [None, None]
    finally:
        set_failpoint("search.described", None)


def index_now_in_a_transaction(source: Any, section: Page) -> None:
    with transaction.atomic():
        index_now(source, section.pk)


def test_what_is_unpublished_while_a_worker_describes_it_is_gone(section: Page) -> None:
    unpublish_beside_a_worker(section)
    assert not IndexedDocument.objects.exists()


def test_negative_control_without_the_lock_it_stays(section: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "one_at_a_time", lambda *objects: None)
    unpublish_beside_a_worker(section)
    assert IndexedDocument.objects.exists()


def writings_at_once(threads: int) -> None:
    def act(number: int) -> None:
        document = SearchDocument(key="1", kind="page", title=f"Jobcenter {number}", url="/")
        store.replace("tests.pages", "1", [document])

    assert together(act, threads=threads) == [None] * threads


def test_the_change_that_waits_has_the_version_of_what_was_written_last(section: Page) -> None:
    for _round in range(5):
        writings_at_once(6)
        assert IndexChange.objects.get(key="tests.pages:1").version == IndexedDocument.objects.get().version


def test_many_objects_in_opposite_orders_do_not_wait_for_each_other(section: Page) -> None:
    names = [str(number) for number in range(60)]

    def act(number: int) -> None:
        store.remove("tests.pages", names if number % 2 else names[::-1])

    for name in names:
        store.replace("tests.pages", name, [SearchDocument(key=name, kind="page", title="Jobcenter", url="/")])
    assert together(act, threads=6) == [None] * 6
    assert not IndexedDocument.objects.exists()


def publish_beside_the_mirror() -> list[Any]:
    """Let somebody write "2" and then "1" in one transaction, while the mirror forgets the changes of both."""
    for name in ("1", "2"):
        store.replace("tests.pages", name, [SearchDocument(key=name, kind="page", title="Jobcenter", url="/")])
    written, forgotten = threading.Event(), threading.Event()

    def act(number: int) -> None:
        if number:
            assert written.wait(10)
            mirror.catch_up()
            forgotten.set()
            return
        with transaction.atomic():
            store.remove("tests.pages", ["2"])
            written.set()
            # Whoever waits for this transaction cannot be ready before it is over.
            forgotten.wait(1)
            store.remove("tests.pages", ["1"])

    return together(act, threads=2)


def test_the_mirror_and_who_publishes_do_not_wait_for_each_other(section: Page) -> None:
    assert publish_beside_the_mirror() == [None, None]
    assert set(IndexChange.objects.values_list("key", flat=True)) == {"tests.pages:1", "tests.pages:2"}
    mirror.catch_up()
    assert not IndexChange.objects.exists()


def test_negative_control_without_the_lock_they_do(section: Page) -> None:
    with without_locks():
        assert any(isinstance(outcome, OperationalError) for outcome in publish_beside_the_mirror())
