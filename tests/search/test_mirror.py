"""Elasticsearch follows the index: in order or not, once or twice, with documents that it does not take."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from portal.core import outbox
from portal.core.failpoints import set_failpoint
from portal.core.models import OutboxMessage
from search import comparing, mirror, store, troubles
from search.engines.base import EngineUnavailableError
from search.engines.elasticsearch import bulk, documents
from search.engines.elasticsearch import index as es_index
from search.engines.elasticsearch.connection import indexing_client
from search.models import EngineTrouble, IndexChange, IndexedDocument, MirrorIndex
from tests.search.conftest import Index
from tests.search.mirroring import SOURCE, build, delivered, is_in_step, key, live, over_there, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on_elasticsearch")]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    troubles.forget_process()
    mirror.forget_process()
    yield
    set_failpoint("mirror.after_index", None)
    troubles.forget_process()
    mirror.forget_process()


def version_of(name: str) -> int:
    return IndexedDocument.objects.get(key=key(name)).version


@pytest.mark.every_database
def test_a_change_is_found_when_it_was_delivered_and_hidden_in_its_old_form_until_then(index: Index) -> None:
    index("1", title="Borgerkontakt")
    build()
    index("1", title="Sagsbehandling")
    index("2", title="Borgerservice")
    assert shown("borgerkontakt") == ("elasticsearch", [])
    assert IndexChange.objects.count() == 2
    delivered()
    assert shown("sagsbehandling") == ("elasticsearch", ["Sagsbehandling"])
    assert shown("borgerservice") == ("elasticsearch", ["Borgerservice"])
    assert shown("borgerkontakt")[1] == []
    assert not IndexChange.objects.exists()
    assert is_in_step()


@pytest.mark.every_database
def test_what_is_removed_is_gone_at_once_and_stays_gone(index: Index) -> None:
    index("1", title="Borgerkontakt")
    build()
    before = version_of("1")
    store.remove(SOURCE, ["1"])
    assert shown("borgerkontakt") == ("elasticsearch", [])
    delivered()
    assert shown("borgerkontakt") == ("elasticsearch", [])
    ((version, is_removed),) = over_there().values()
    assert is_removed
    assert version > before
    assert is_in_step()


def test_what_comes_late_or_twice_brings_nothing_old_back(index: Index) -> None:
    index("1", title="Udtryk")
    index("2", title="Fjernes")
    build()
    old = {row.key: row for row in mirror.described()}
    index("1", title="Nyt navn")
    store.remove(SOURCE, ["2"])
    mirror.catch_up()
    now = over_there()
    late = [bulk.Entry(row.key, row.version, row) for row in old.values()]
    for _again in range(2):
        assert bulk.send(live().name, late) == []
        assert over_there() == now
    assert shown("udtryk")[1] == []
    assert shown("fjernes")[1] == []
    assert shown("nyt navn") == ("elasticsearch", ["Nyt navn"])


def test_a_removal_that_comes_before_the_document_wins(index: Index) -> None:
    build()
    index("1", title="Kort liv")
    row = mirror.described().get()
    store.remove(SOURCE, ["1"])
    mirror.catch_up()
    bulk.send(live().name, [bulk.Entry(row.key, row.version, row)])
    assert [gone for _version, gone in over_there().values()] == [True]


@pytest.mark.every_database
def test_a_change_made_while_the_one_before_is_on_its_way_is_not_taken_for_it(index: Index) -> None:
    build()
    index("1", title="Først")
    set_failpoint("mirror.after_index", lambda: _once("mirror.after_index", lambda: index("1", title="Siden")))
    mirror.catch_up(batches=1)
    assert list(IndexChange.objects.values_list("key", "version")) == [(key("1"), version_of("1"))]
    assert shown("først")[1] == []
    mirror.catch_up()
    assert shown("siden") == ("elasticsearch", ["Siden"])
    assert is_in_step()


def _once(name: str, act: Any) -> None:
    set_failpoint(name, None)
    act()


def test_a_document_that_is_not_taken_is_logged_and_keeps_no_other_out(
    index: Index, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index("2", title="Gammel udgave")
    build()
    honest = documents.body_of
    spoilt = {key("2"): {"starts_at": "i går"}, key("3"): {"nobody": "knows this field"}}
    monkeypatch.setattr(bulk, "body_of", lambda row: honest(row) | spoilt.get(row.key, {}))
    for name in ("1", "2", "3", "4"):
        index(name, title=f"Ny udgave {name}")
    with caplog.at_level(logging.ERROR):
        delivered()
    assert shown("udgave") == ("elasticsearch", ["Ny udgave 1", "Ny udgave 4"])
    assert not IndexChange.objects.exists()
    assert key("2") in caplog.text
    assert key("3") in caplog.text
    assert comparing.compare(live().name).refused == (key("2"), key("3"))
    monkeypatch.undo()
    index("2", title="Sund udgave")
    delivered()
    assert shown("sund udgave")[1][0] == "Sund udgave"


def test_a_row_that_cannot_even_be_described_is_no_different(index: Index, caplog: pytest.LogCaptureFixture) -> None:
    build()
    index("1", title="Skadet")
    index("2", title="Hel")
    index("3", title="Lang nøgle")
    IndexedDocument.objects.filter(key=key("1")).update(labels=[7])
    IndexedDocument.objects.filter(key=key("3")).update(key="€" * 255)
    IndexChange.objects.filter(key=key("3")).update(key="€" * 255)
    delivered()
    assert not IndexChange.objects.exists()
    assert shown("hel") == ("elasticsearch", ["Hel"])
    assert key("1") in caplog.text
    assert "€" * 80 in caplog.text


@pytest.mark.every_database
def test_too_many_changes_or_old_ones_let_the_database_answer(index: Index) -> None:
    index("1", title="Borgerkontakt")
    build()
    for number in range(mirror.MOST_PENDING + 1):
        index(f"n{number}", title="Sagsbehandling")
    assert mirror.behind()
    assert shown("borgerkontakt") == (database.vendor, ["Borgerkontakt"])
    delivered(limit=200)
    assert shown("borgerkontakt") == ("elasticsearch", ["Borgerkontakt"])
    index("2", title="Andet")
    with time_machine.travel(datetime.now(UTC) + mirror.LONGEST_PENDING + timedelta(seconds=1), tick=False):
        assert mirror.behind()


@pytest.mark.every_database
def test_its_state_is_one_query_however_much_is_pending(index: Index) -> None:
    build()
    counts = []
    for size in (1, 60):
        for number in range(size):
            index(str(number), title="Kursus")
        with CaptureQueriesContext(database) as queries:
            assert len(mirror.pending_keys()) == size
        counts.append(len(queries))
    assert counts == [1, 1]


@pytest.mark.every_database
def test_changes_made_without_elasticsearch_are_never_answered_from_before(index: Index, settings: Any) -> None:
    index("1", title="Fortrolig")
    build()
    address, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, ""
    store.remove(SOURCE, ["1"])
    index("2", title="Kommet til")
    settings.ELASTICSEARCH_URL = address
    assert shown("fortrolig") == (database.vendor, [])
    assert shown("kommet") == (database.vendor, ["Kommet til"])
    assert "search_reindex" in EngineTrouble.objects.get(is_open=True).reason
    build()
    assert shown("kommet") == ("elasticsearch", ["Kommet til"])
    assert not EngineTrouble.objects.filter(is_open=True).exists()
    assert is_in_step()


def test_an_index_of_other_fields_is_neither_asked_nor_written(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    index("1", title="Før")
    old = build()
    monkeypatch.setattr(es_index, "fingerprint", lambda: "0123abcd")
    index("2", title="Efter")
    delivered()
    assert shown("før") == (database.vendor, ["Før"])
    assert list(IndexChange.objects.values_list("key", flat=True)) == [key("2")]
    assert list(over_there(old)) == ["1"]
    new = build()
    assert "0123abcd" in new
    assert not indexing_client().indices.exists(index=old)
    assert shown("efter") == ("elasticsearch", ["Efter"])
    assert not IndexChange.objects.exists()


def test_an_index_that_is_gone_is_not_made_up_again(index: Index, caplog: pytest.LogCaptureFixture) -> None:
    index("1", title="Borgerkontakt")
    name = build()
    indexing_client().indices.delete(index=name)
    assert shown("borgerkontakt") == (database.vendor, ["Borgerkontakt"])
    index("2", title="Sagsbehandling")
    with pytest.raises(EngineUnavailableError):
        mirror.catch_up()
    assert not indexing_client().indices.exists(index=name)
    assert not MirrorIndex.objects.exists()
    assert name in caplog.text
    build()
    assert is_in_step()


def test_a_server_that_is_away_leaves_no_dead_message_and_all_is_made_good_afterwards(
    index: Index, settings: Any
) -> None:
    index("1", title="Borgerkontakt")
    build()
    address, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:9"
    index("2", title="Sagsbehandling")
    store.remove(SOURCE, ["1"])
    delivered()
    assert not OutboxMessage.objects.exclude(state=OutboxMessage.State.DONE).exists()
    assert IndexChange.objects.count() == 2
    mirror.look_after()
    assert EngineTrouble.objects.get().is_open
    settings.ELASTICSEARCH_URL = address
    mirror.look_after()
    assert IndexChange.objects.count() == 2, "it is left alone for a while first"
    mirror.forget_process()
    mirror.look_after()
    assert is_in_step()
    assert not EngineTrouble.objects.get().is_open
    assert shown("sagsbehandling") == ("elasticsearch", ["Sagsbehandling"])


def test_tombstones_go_after_a_day_and_nothing_else_does(index: Index) -> None:
    index("1", title="Bliver")
    index("2", title="Går")
    build()
    store.remove(SOURCE, ["2"])
    mirror.catch_up()
    mirror.forget_tombstones()
    assert set(over_there()) == {"1", "2"}
    with time_machine.travel(datetime.now(UTC) + mirror.TOMBSTONES + timedelta(minutes=1), tick=False):
        mirror.forget_tombstones()
    assert set(over_there()) == {"1"}


def test_the_same_trouble_is_one_note_and_hardly_a_write(index: Index, settings: Any) -> None:
    build()
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    shown("borgerkontakt")
    with CaptureQueriesContext(database) as queries:
        for _time in range(5):
            shown("borgerkontakt")
    assert not [query for query in queries.captured_queries if "enginetrouble" in query["sql"]]
    troubles.forget_process()
    shown("borgerkontakt")
    assert [(trouble.times, trouble.is_open) for trouble in EngineTrouble.objects.all()] == [(2, True)]


@pytest.mark.every_database
def test_a_note_that_cannot_be_written_breaks_no_page(index: Index, settings: Any) -> None:
    index("1", title="Borgerkontakt")
    build()
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "enginetrouble" in sql:
            from django.db import OperationalError

            raise OperationalError("attempt to write a readonly database")
        return execute(sql, params, many, context)

    with database.execute_wrapper(refuse):
        assert shown("borgerkontakt") == (database.vendor, ["Borgerkontakt"])
    assert not EngineTrouble.objects.exists()


@pytest.mark.every_database
def test_a_message_waits_for_its_own_transaction_before_anybody_is_asked(
    index: Index, django_capture_on_commit_callbacks: Any
) -> None:
    build()
    index("1", title="Sagsbehandling")
    with django_capture_on_commit_callbacks(execute=True):
        outbox.drain()
        assert IndexChange.objects.exists(), "sent while the transaction of the message was open"
    assert is_in_step()
