"""An answer in time or none, from servers that are slow in the ways that a client's time-out does not see."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from search.engines.base import EngineRequest, EngineUnavailableError
from search.engines.deadline import within
from search.engines.elasticsearch import connection
from search.engines.elasticsearch.engine import ElasticsearchEngine

REQUEST = EngineRequest(terms=(), audiences=frozenset({"public"}))


def test_a_result_and_an_error_come_through() -> None:
    assert within(5, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


def test_what_takes_longer_is_left_alone_and_many_of_those_are_told_at_once() -> None:
    goes_on = threading.Event()
    started = time.monotonic()
    for _number in range(40):
        with pytest.raises(TimeoutError):
            within(0.01, goes_on.wait)
    assert time.monotonic() - started < 5
    goes_on.set()
    for _number in range(100):
        try:
            assert within(5, lambda: 3) == 3
            break
        except TimeoutError:
            time.sleep(0.05)
    else:
        pytest.fail("no place was given back")


@pytest.fixture(params=["header", "body"])
def dripping(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that sends a byte each tenth of a second, for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        conversation, _address = server.accept()
        conversation.recv(65_536)
        if request.param == "body":
            conversation.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nX-Elastic-Product: Elasticsearch\r\n\r\n")
        while not over.wait(0.1):
            try:
                conversation.sendall(b"H")
            except OSError:
                break
        conversation.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    over.set()
    thread.join(5)
    server.close()


def test_a_server_that_drips_is_given_up_and_counts_as_a_failure(dripping: str, settings: Any) -> None:
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_TIMEOUT = dripping, 0.3
    connection.breaker.reset()
    started = time.monotonic()
    with pytest.raises(EngineUnavailableError, match="no answer in time"):
        ElasticsearchEngine("whatever").search(REQUEST)
    assert time.monotonic() - started < 2
    assert connection.breaker.status().failures == 1
    connection.breaker.reset()
