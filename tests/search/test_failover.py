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
# What the worker waits while the server is broken, and while it is not: that must not hang on how busy the machine is.
INDEX_TIMEOUT = 1.0
PATIENT = 20.0


@dataclass
class Harm:
    """Something that is done to a server, and how it is made good."""

    do: Callable[[Server], object]
    undo: Callable[[Server], object]
    # What the note for administrators says of it.
    said: str
    # It still answers what it has.
    answers: bool = False
    # What the worker waits while it is made good.
    patience: float = 20.0


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


def _die(server: Server) -> None:
    """Kill the server while it is asked."""
    server.suspend()
    killer = threading.Timer(0.7, server.kill)
    killer.start()
    began = time.monotonic()
    response = Client().get("/soeg/", {"q": "borgerkontakt"})
    took = time.monotonic() - began
    killer.join()
    assert "Borgerkontakt" in response.content.decode()
    assert 0.5 < took < 10, "the question was on its way when the server died"
    assert EngineTrouble.objects.get().is_open


# Whoever builds the index again first tells the broken one, which is waited for.
RED = Harm(_red, lambda server: rebuilding.rebuild(), "503", patience=4.0)
HARMS = {
    "killed": Harm(_die, Server.start, "no connection"),
    "hanging": Harm(Server.suspend, Server.resume, "no answer in time"),
    "too busy": Harm(_busy, _at_ease, "too busy (429"),
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
    settings.ELASTICSEARCH_INDEX_TIMEOUT = PATIENT
    forget_process()
    yield
    set_failpoint("rebuild.after_batch", None)
    forget_process()


def forget_process() -> None:
    """As if the worker and the web server had run for a while, or were new."""
    troubles.forget_process()
    mirror.forget_process()
    connection.breaker.reset()


def test_who_searches_gets_the_page_from_the_database_and_a_broken_reindex_goes_on_afterwards(
    index: Index, server: Server, harm: Harm, settings: Any, client: Client
) -> None:
    for number in range(8):
        index(str(number), title=f"Borgerkontakt {number}")
    old = build()
    assert shown("borgerkontakt")[0] == "elasticsearch"
    at_second_batch(lambda: _broken(server, harm, settings))
    with pytest.raises(CommandError, match="Run again, it goes on where it was"):
        call_command("search_reindex", "--mirror-only", verbosity=0)
    set_failpoint("rebuild.after_batch", None)
    begun = MirrorIndex.objects.get(state=MirrorIndex.BUILDING)
    assert live().name == old

    _nobody_notices(index, client, harm)

    _mended(server, harm, settings)
    assert is_in_step()
    assert sorted(shown("borgerkontakt")[1]) == [f"Borgerkontakt {number}" for number in range(1, 9)]
    assert shown("borgerkontakt")[0] == "elasticsearch"
    assert live().name == old
    assert not EngineTrouble.objects.filter(is_open=True).exists()
    built = rebuilding.rebuild()
    assert built.name == begun.name
    assert built.resumed
    assert is_in_step()
    assert {name for name, (_version, gone) in over_there().items() if not gone} == set("12345678")
    assert shown("borgerkontakt")[0] == "elasticsearch"


def test_an_index_that_is_lost_is_built_again(index: Index, server: Server, settings: Any, client: Client) -> None:
    for number in range(8):
        index(str(number), title=f"Borgerkontakt {number}")
    build()
    _broken(server, RED, settings)
    _nobody_notices(index, client, RED)
    _mended(server, RED, settings)
    assert is_in_step()
    assert sorted(shown("borgerkontakt")[1]) == [f"Borgerkontakt {number}" for number in range(1, 9)]
    assert shown("borgerkontakt")[0] == "elasticsearch"
    assert not EngineTrouble.objects.filter(is_open=True).exists()


def test_an_index_that_is_lost_during_a_reindex_does_not_stop_it(index: Index, server: Server) -> None:
    for number in range(8):
        index(str(number), title=f"Borgerkontakt {number}")
    build()
    # Red is the live index alone; the one being built is whole.
    at_second_batch(lambda: _red(server))
    rebuilding.rebuild()
    assert is_in_step()


def at_second_batch(act: Callable[[], object]) -> None:
    seen = 0

    def hook() -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            act()

    set_failpoint("rebuild.after_batch", hook)


def _broken(server: Server, harm: Harm, settings: Any) -> None:
    harm.do(server)
    settings.ELASTICSEARCH_TIMEOUT, settings.ELASTICSEARCH_INDEX_TIMEOUT = TIMEOUT, INDEX_TIMEOUT


def _nobody_notices(index: Index, client: Client, harm: Harm) -> None:
    _the_page_is_there(client, harm)
    index("8", title="Borgerkontakt 8")
    store.remove(SOURCE, ["0"])
    delivered()
    assert IndexChange.objects.count() == 2
    assert not OutboxMessage.objects.exclude(state=OutboxMessage.State.DONE).exists()
    _the_page_is_there(client, harm)
    assert harm.said in EngineTrouble.objects.get(is_open=True).reason


def _mended(server: Server, harm: Harm, settings: Any) -> None:
    settings.ELASTICSEARCH_TIMEOUT, settings.ELASTICSEARCH_INDEX_TIMEOUT = PATIENT, harm.patience
    harm.undo(server)
    forget_process()
    mirror.look_after()


def _the_page_is_there(client: Client, harm: Harm) -> None:
    began = time.monotonic()
    response = client.get("/soeg/", {"q": "borgerkontakt"})
    took = time.monotonic() - began
    assert response.status_code == 200
    assert "Borgerkontakt 1" in response.content.decode()
    assert took < SOON
    assert shown("borgerkontakt")[0] == ("elasticsearch" if harm.answers else database.vendor)


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
