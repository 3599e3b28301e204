"""`manage.py search_reindex` with Elasticsearch: built beside the index that answers, compared, and then switched to."""

import io
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database

from portal.core.failpoints import set_failpoint
from search import mirror, rebuilding, store, troubles
from search.api import SearchDocument, unregister_source
from search.engines.elasticsearch import index as es_index
from search.engines.elasticsearch.connection import indexing_client
from search.models import IndexChange, IndexedDocument, MirrorIndex
from tests.search.conftest import Index
from tests.search.mirroring import SOURCE, aliases, build, delivered, is_in_step, key, live, over_there, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on_elasticsearch")]

_FAILPOINTS = ("rebuild.after_create", "rebuild.after_batch", "rebuild.after_switch")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    troubles.forget_process()
    monkeypatch.setattr(rebuilding, "BATCH", 3)
    yield
    for name in _FAILPOINTS:
        set_failpoint(name, None)
    troubles.forget_process()


class StoppedError(Exception):
    """The process was interrupted."""


def stop() -> None:
    raise StoppedError


def at(name: str, act: Callable[[], object], *, time: int = 1) -> None:
    """Do something when the failpoint is reached for the n-th time, and once."""
    seen = 0

    def hook() -> None:
        nonlocal seen
        seen += 1
        if seen == time:
            act()

    set_failpoint(name, hook)


def fill(index: Index, number: int = 8) -> None:
    for place in range(number):
        index(f"{place:02}", title=f"Kursus {place}")


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("search_reindex", *arguments, stdout=out)
    return out.getvalue()


def ours() -> set[str]:
    return set(indexing_client().indices.get_alias(index=f"{es_index.prefix()}-*"))


@pytest.mark.every_database
def test_a_new_index_takes_over_and_the_old_one_goes(index: Index) -> None:
    fill(index)
    old = build()
    text = run("--mirror-only")
    new = live().name
    assert new != old
    assert ours() == {new}
    assert aliases() == {es_index.alias(): new, es_index.prefix(): new}
    assert "8/8 documents" in text
    assert f"{new} answers" in text
    assert is_in_step()
    assert not MirrorIndex.objects.filter(state=MirrorIndex.BUILDING).exists()


def test_the_whole_command_describes_the_sources_first(index: Index) -> None:
    store.replace("tests.forgotten", "1", [SearchDocument(key="1", kind="page", title="Ingen kilde mere", url="/")])
    unregister_source(SOURCE)
    run()
    assert not IndexedDocument.objects.filter(source="tests.forgotten").exists()
    assert is_in_step()


@pytest.mark.every_database
def test_an_interrupted_build_goes_on_where_it_was(index: Index) -> None:
    fill(index)
    old = build()
    at("rebuild.after_batch", stop, time=3)
    with pytest.raises(StoppedError):
        rebuilding.rebuild()
    begun = MirrorIndex.objects.get(state=MirrorIndex.BUILDING)
    assert begun.last_key == key("05")
    assert shown("kursus", page_size=1)[0] == "elasticsearch"
    assert live().name == old
    sent: list[int] = []
    built = rebuilding.rebuild(progress=lambda done, total: sent.append(done))
    assert built.resumed
    assert built.name == begun.name
    assert sent == [6, 8]
    assert is_in_step()


def test_an_interrupted_build_can_be_begun_anew(index: Index) -> None:
    fill(index)
    at("rebuild.after_batch", stop, time=2)
    with pytest.raises(StoppedError):
        rebuilding.rebuild()
    begun = MirrorIndex.objects.get()
    set_failpoint("rebuild.after_batch", None)
    run("--mirror-only", "--restart")
    assert live().name != begun.name
    assert ours() == {live().name}
    assert is_in_step()


@pytest.mark.parametrize("failpoint", _FAILPOINTS)
def test_wherever_it_stops_the_next_one_finishes(index: Index, failpoint: str) -> None:
    fill(index)
    build()
    at(failpoint, stop)
    with pytest.raises(StoppedError):
        rebuilding.rebuild()
    index("00", title="Kursus ændret imens")
    delivered()
    assert shown("ændret imens") == ("elasticsearch", ["Kursus ændret imens"])
    rebuilding.rebuild()
    assert ours() == {live().name}
    assert aliases() == {es_index.alias(): live().name, es_index.prefix(): live().name}
    assert is_in_step()


@pytest.mark.every_database
def test_what_changes_meanwhile_reaches_both(index: Index) -> None:
    fill(index)
    build()

    def change() -> None:
        index("00", title="Sent før og ændret siden")
        index("07", title="Ændret før den blev sendt")
        store.remove(SOURCE, ["01", "06"])
        index("000", title="Kommet til imens")
        mirror.catch_up()
        assert shown("kommet imens") == ("elasticsearch", ["Kommet til imens"])

    at("rebuild.after_batch", change)
    rebuilding.rebuild()
    assert is_in_step()
    assert {name for name, (_version, gone) in over_there().items() if not gone} == {
        "00",
        "000",
        "02",
        "03",
        "04",
        "05",
        "07",
    }
    assert shown("ændret siden")[1][0] == "Sent før og ændret siden"


def test_what_changes_meanwhile_without_a_worker_is_sent_before_the_switch(index: Index) -> None:
    fill(index)
    build()

    def change() -> None:
        index("00", title="Ændret")
        store.remove(SOURCE, ["01"])

    at("rebuild.after_batch", change)
    rebuilding.rebuild()
    assert not IndexChange.objects.exists()
    assert is_in_step()


def test_an_index_that_is_not_whole_does_not_take_over(index: Index) -> None:
    fill(index)
    old = build()
    at("rebuild.after_batch", lambda: _lose("01"))
    with pytest.raises(CommandError, match=r"8 documents in the database, 7 in Elasticsearch") as failed:
        run("--mirror-only")
    assert key("01") in str(failed.value)
    assert live().name == old
    assert aliases() == {es_index.alias(): old, es_index.prefix(): old}
    assert shown("kursus 1")[0] == "elasticsearch"
    set_failpoint("rebuild.after_batch", None)
    run("--mirror-only", "--restart")
    assert is_in_step()


def _lose(name: str) -> None:
    building = MirrorIndex.objects.get(state=MirrorIndex.BUILDING)
    indexing_client().delete(index=building.name, id=key(name), refresh=True)


def test_a_document_that_is_not_taken_does_not_stop_the_switch_and_is_named(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.engines.elasticsearch import bulk, documents

    fill(index)
    honest = documents.body_of
    spoilt = {key("04"): {"starts_at": "i går"}}
    monkeypatch.setattr(bulk, "body_of", lambda row: honest(row) | spoilt.get(row.key, {}))
    text = run("--mirror-only")
    assert f"1 refused by Elasticsearch: {key('04')}" in text
    assert len([None for _version, gone in over_there().values() if not gone]) == 7
    with pytest.raises(CommandError):
        run("--check")


@pytest.mark.every_database
def test_two_at_a_time_are_refused(index: Index) -> None:
    fill(index)
    refused: list[Exception] = []

    def second() -> None:
        try:
            rebuilding.rebuild()
        except Exception as error:
            refused.append(error)
        finally:
            database.close()

    def begin() -> None:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=30)

    at("rebuild.after_batch", begin)
    rebuilding.rebuild()
    assert [type(error) for error in refused] == [rebuilding.BusyError]
    assert is_in_step()


def test_the_check_writes_nothing_and_tells_by_its_code(index: Index) -> None:
    fill(index, 3)
    with pytest.raises(CommandError, match="run search_reindex"):
        run("--check")
    build()
    assert "3 documents in the database, 3 in Elasticsearch, 0 on their way" in run("--check")
    client = indexing_client()
    client.delete(index=live().name, id=key("00"), refresh=True)
    IndexedDocument.objects.filter(key=key("01")).update(version=10_000)
    IndexedDocument.objects.filter(key=key("02")).delete()
    out = io.StringIO()
    with pytest.raises(CommandError, match="not as the database is"):
        call_command("search_reindex", "--check", stdout=out)
    assert f"1 missing in Elasticsearch: {key('00')}" in out.getvalue()
    assert f"1 in another version: {key('01')}" in out.getvalue()
    assert f"1 too many in Elasticsearch: {key('02')}" in out.getvalue()
    assert live().name in ours()


def test_foreign_indexes_of_the_cluster_are_left_alone(index: Index) -> None:
    client = indexing_client()
    prefix = es_index.prefix()
    foreign = [f"{prefix}-andre", f"{prefix}-01234567-20261122x", f"{prefix}2-01234567-20261122000000"]
    for name in foreign:
        client.indices.create(index=name)
    client.indices.create(index=f"{prefix}-01234567-20261122000000", aliases={prefix: {}})
    build()
    build()
    assert set(client.indices.get_alias(index=f"{prefix}*")) == {*foreign, live().name}


def test_without_elasticsearch_it_is_said(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = ""
    for argument in ("--check", "--mirror-only"):
        with pytest.raises(CommandError, match="ELASTICSEARCH_URL"):
            run(argument)


def test_a_server_that_is_away_is_said(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="no connection"):
        run("--mirror-only")


def test_a_new_version_builds_its_index_once(index: Index) -> None:
    index("1", title="Borgerkontakt")
    assert "answers" in run("--if-missing", "--mirror-only")
    built = live().name
    assert (run("--if-missing", "--mirror-only"), live().name) == ("", built)
    MirrorIndex.objects.update(fingerprint="another")
    run("--if-missing", "--mirror-only")
    assert live().name != built


def test_where_there_is_no_elasticsearch_none_is_missing(index: Index, settings: Any) -> None:
    settings.ELASTICSEARCH_URL = ""
    assert run("--if-missing", "--mirror-only") == ""
