"""Fixtures that start Elasticsearch when the first test of a run asks for it, and keep it to one worker.

What needs one is known by its fixtures: no test marks itself. All of them go to the same worker, so that a run starts
one server; those with servers of their own go to one worker too.
"""

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, NoReturn, TypeVar

import pytest

from tests.support.elasticsearch import Cluster, Server, own_server, secure_server, server
from tests.support.elasticsearch_home import ElasticsearchError
from tests.support.services import required

_Running = TypeVar("_Running", bound=Cluster)
_OWN = {"secure_elasticsearch", "breakable_elasticsearch"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark and group what asks for a server, before xdist reads the groups."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if own := asked & _OWN:
            item.add_marker("own_elasticsearch")
        if "elasticsearch" in asked or own:
            item.add_marker("elasticsearch")
            item.add_marker(pytest.mark.xdist_group("elasticsearch"))


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[Cluster]:
    """One cluster for all tests of the run, without security: they choose names of their own and break nothing."""
    with _or_skipped(server()) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def secure_elasticsearch() -> Iterator[Server]:
    """A server with TLS, a user and an API key; tests break nothing."""
    with _or_skipped(secure_server()) as secured:
        yield secured


@pytest.fixture(scope="session")
def _breakable_server() -> Iterator[Server]:
    with _or_skipped(own_server()) as own:
        yield own


@pytest.fixture
def breakable_elasticsearch(_breakable_server: Server) -> Iterator[Server]:
    """A server that this test may kill, suspend, forbid to write or fill; whole and empty again afterwards."""
    yield _breakable_server
    _breakable_server.mend()


@pytest.fixture
def portal_on_elasticsearch(elasticsearch: Cluster, settings: Any) -> Iterator[Cluster]:
    """The portal connected to the cluster, with indexes of this test's own."""
    with _connected(elasticsearch, settings):
        yield elasticsearch


@pytest.fixture
def portal_on_breakable_elasticsearch(breakable_elasticsearch: Server, settings: Any) -> Iterator[Server]:
    """The portal connected to a server that this test may break."""
    with _connected(breakable_elasticsearch, settings):
        yield breakable_elasticsearch
        breakable_elasticsearch.mend()


@contextmanager
def _connected(cluster: Cluster, settings: Any) -> Iterator[None]:
    from search.engines.elasticsearch.connection import breaker

    settings.ELASTICSEARCH_URL = cluster.url
    settings.ELASTICSEARCH_INDEX_PREFIX = f"test-{secrets.token_hex(6)}"
    # Ample: what a test shows must not hang on how busy the machine is. A test of hanging sets its own.
    settings.ELASTICSEARCH_TIMEOUT = 20.0
    breaker.reset()
    yield
    breaker.reset()
    cluster.remove(settings.ELASTICSEARCH_INDEX_PREFIX)


@contextmanager
def _or_skipped(starting: AbstractContextManager[_Running]) -> Iterator[_Running]:
    """Skip where there is no server to be had, in words; fail where services are required."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(starting)
        except ElasticsearchError as error:
            _no_server(str(error))
        yield running


def _no_server(reason: str) -> NoReturn:
    if required():
        pytest.fail(f"REQUIRE_SERVICES=1, but {reason}", pytrace=False)
    pytest.skip(reason)
