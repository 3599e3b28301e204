"""A real Elasticsearch is killed, hangs, is too busy, loses its data, takes no writing: nobody who searches notices."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test import Client

from portal.core.failpoints import set_failpoint
from portal.core.models import OutboxMessage
from search import mirror, rebuilding, store, troubles
from search.engines.elasticsearch import connection
from search.engines.elasticsearch.connection import indexing_client
from search.models import EngineTrouble, IndexChange, MirrorIndex
from tests.search.conftest import Index
from tests.search.mirroring import SOURCE, build, delivered, is_in_step, live, over_there, shown
from tests.support.elasticsearch import Server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on_breakable_elasticsearch")]

# What one search may take of Elasticsearch's time, and in all: a connection and an answer, each within the time-out.
TIMEOUT = 0.5
SOON = 2.5


@dataclass
class Harm:
    """Something that is done to a server, and how it is made good."""

    do: Callable[[Server], object]
    undo: Callable[[Server], object]
    # What the note for administrators says of it.
    said: str
    # It still answers what it has.
    answers: bool = False


def _set(server: Server, **settings: Any) -> None:
    with server.client() as client:
        client.cluster.put_settings(persistent={name.replace("__", "."): value for name, value in settings.items()})


def _busy(server: Server) -> None:
    # Less memory than any request takes: the server's own way of saying 429.
    _set(server, network__breaker__inflight_requests__limit="1b")


def _at_ease(server: Server) -> None:
    _set(server, network__breaker__inflight_requests__limit=None)


def _red(server: Server) -> None:
    """Let the live index's only shard be lost, as on a broken disk: what it was committed as is cut to nothing."""
    name = live().name
    with server.client() as client:
        client.indices.close(index=name)
        uuid = client.indices.get(index=name, expand_wildcards="all")[name]["settings"]["index"]["uuid"]
        for file in (server.folder / "data" / "indices" / uuid / "0" / "index").glob("segments_*"):
            file.write_bytes(b"")
        client.indices.open(index=name, wait_for_active_shards=0)
        client.cluster.health(index=name, wait_for_no_initializing_shards=True, timeout="10s")
        assert client.cluster.health(index=name)["status"] == "red"


def _block(server: Server, *, on: bool = True) -> None:
    with server.client() as client:
        client.indices.put_settings(
            index=[one.name for one in MirrorIndex.objects.all()], settings={"index.blocks.read_only": on or None}
        )


HARMS = {
    "killed": Harm(Server.kill, Server.start, "no connection"),
    "hanging": Harm(Server.suspend, Server.resume, "no answer in time"),
    "too busy": Harm(_busy, _at_ease, "too busy (429"),
    "red": Harm(_red, lambda server: rebuilding.rebuild(), "503"),
    "read-only": Harm(_block, lambda server: _block(server, on=False), "not writable (403", answers=True),
}


@pytest.fixture(params=list(HARMS.values()), ids=list(HARMS))
def harm(request: pytest.FixtureRequest) -> Harm:
    harm: Harm = request.param
    return harm


@pytest.fixture
def server(portal_on_breakable_elasticsearch: Server) -> Server:
    return portal_on_breakable_elasticsearch


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    monkeypatch.setattr(rebuilding, "BATCH", 3)
    settings.ELASTICSEARCH_INDEX_TIMEOUT = 5
    forget_process()
    yield
    set_failpoint("rebuild.after_batch", None)
    forget_process()


def forget_process() -> None:
    """As if the worker and the web server had run for a while, or were new."""
    troubles.forget_process()
    mirror.forget_process()
    connection.breaker.reset()


def test_who_searches_gets_the_page_from_the_database_and_all_is_made_good(
    index: Index, server: Server, harm: Harm, settings: Any, client: Client
) -> None:
    for number in range(3):
        index(str(number), title=f"Borgerkontakt {number}")
    build()
    assert shown("borgerkontakt")[0] == "elasticsearch"
    settings.ELASTICSEARCH_TIMEOUT = TIMEOUT
    harm.do(server)

    _the_page_is_there(client, harm)
    index("3", title="Borgerkontakt 3")
    store.remove(SOURCE, ["0"])
    delivered()
    assert IndexChange.objects.count() == 2
    assert not OutboxMessage.objects.exclude(state=OutboxMessage.State.DONE).exists()
    _the_page_is_there(client, harm)
    assert harm.said in EngineTrouble.objects.get(is_open=True).reason

    settings.ELASTICSEARCH_TIMEOUT = 20.0
    harm.undo(server)
    forget_process()
    mirror.look_after()
    assert is_in_step()
    assert sorted(shown("borgerkontakt")[1]) == ["Borgerkontakt 1", "Borgerkontakt 2", "Borgerkontakt 3"]
    assert shown("borgerkontakt")[0] == "elasticsearch"
    assert not EngineTrouble.objects.filter(is_open=True).exists()


def _the_page_is_there(client: Client, harm: Harm) -> None:
    began = time.monotonic()
    response = client.get("/soeg/", {"q": "borgerkontakt"})
    took = time.monotonic() - began
    assert response.status_code == 200
    assert "Borgerkontakt 1" in response.content.decode()
    assert took < SOON
    assert shown("borgerkontakt")[0] == ("elasticsearch" if harm.answers else database.vendor)


def test_a_reindex_that_is_broken_off_is_said_and_goes_on_afterwards(
    index: Index, server: Server, harm: Harm, settings: Any
) -> None:
    for number in range(8):
        index(str(number), title=f"Kursus {number}")
    old = build()
    settings.ELASTICSEARCH_TIMEOUT = TIMEOUT
    seen = 0

    def second_batch() -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            harm.do(server)

    set_failpoint("rebuild.after_batch", second_batch)
    # Red is the live index alone; the one being built is whole.
    if harm is HARMS["red"]:
        rebuilding.rebuild()
        assert is_in_step()
        return
    with pytest.raises(CommandError, match="Run again, it goes on where it was"):
        call_command("search_reindex", "--mirror-only", verbosity=0)
    set_failpoint("rebuild.after_batch", None)
    begun = MirrorIndex.objects.get(state=MirrorIndex.BUILDING)
    assert live().name == old
    assert shown("kursus")[1]

    index("8", title="Kursus kommet til imens")
    store.remove(SOURCE, ["0"])
    delivered()
    settings.ELASTICSEARCH_TIMEOUT = 20.0
    harm.undo(server)
    forget_process()
    built = rebuilding.rebuild()
    assert built.name == begun.name
    assert built.resumed
    assert is_in_step()
    assert {name for name, (_version, gone) in over_there().items() if not gone} == set("12345678")
    assert shown("kursus")[0] == "elasticsearch"


def test_a_server_that_dies_while_it_is_asked(index: Index, server: Server, client: Client) -> None:
    index("1", title="Borgerkontakt")
    build()
    server.suspend()
    killer = threading.Timer(0.7, server.kill)
    killer.start()
    began = time.monotonic()
    response = client.get("/soeg/", {"q": "borgerkontakt"})
    took = time.monotonic() - began
    killer.join()
    assert "Borgerkontakt" in response.content.decode()
    assert 0.5 < took < 10, "the question was on its way when the server died"
    assert EngineTrouble.objects.get().is_open
    server.start()
    forget_process()
    mirror.look_after()
    assert shown("borgerkontakt") == ("elasticsearch", ["Borgerkontakt"])
    assert is_in_step()


def test_who_searches_next_does_not_wait_for_a_server_that_hangs(index: Index, server: Server, settings: Any) -> None:
    index("1", title="Borgerkontakt")
    build()
    settings.ELASTICSEARCH_TIMEOUT = TIMEOUT
    server.suspend()
    for _time in range(3):
        assert shown("borgerkontakt")[0] == database.vendor
    began = time.monotonic()
    for _time in range(5):
        assert shown("borgerkontakt") == (database.vendor, ["Borgerkontakt"])
    assert time.monotonic() - began < TIMEOUT


def test_a_disk_that_is_full_leaves_the_answers(index: Index, server: Server) -> None:
    index("1", title="Borgerkontakt")
    name = build()
    client = indexing_client()
    client.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    index("2", title="Sagsbehandling")
    delivered()
    assert shown("borgerkontakt") == ("elasticsearch", ["Borgerkontakt"])
    assert shown("sagsbehandling") == ("elasticsearch", [])
    client.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": None})
    forget_process()
    mirror.look_after()
    assert shown("sagsbehandling") == ("elasticsearch", ["Sagsbehandling"])
