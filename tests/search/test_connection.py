"""The portal's connection, to real servers: open, and with TLS by an authority of its own, a user and an API key."""

import json
import os
import re
import threading
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from elastic_transport import ConnectionError as NoConnectionError
from elastic_transport import ConnectionTimeout, TlsError
from elasticsearch import AuthenticationException, AuthorizationException, BadRequestError, NotFoundError

from search.engines.breaker import BreakerOpenError
from search.engines.elasticsearch import connection
from tests.support.elasticsearch import Cluster, Server
from tests.support.postgres import free_port
from tests.support.services import ROOT


@pytest.fixture
def secured(secure_elasticsearch: Server, settings: Any) -> Server:
    """The secured server, and the portal told its address and whose word to take, but not yet who it is."""
    settings.ELASTICSEARCH_URL = secure_elasticsearch.url
    settings.ELASTICSEARCH_CA_CERTS = str(secure_elasticsearch.credentials.ca_certs)
    settings.ELASTICSEARCH_TIMEOUT = 20.0
    return secure_elasticsearch


def reason_of(error: TlsError) -> str:
    """Return the library's own words, which the client keeps in one place or another."""
    return f"{error} {error.errors} {error.__cause__!r}"


def log_in(settings: Any, server: Server) -> None:
    settings.ELASTICSEARCH_USERNAME = server.credentials.user
    settings.ELASTICSEARCH_PASSWORD = server.credentials.password


def asked_by() -> str:
    """Return whom the server takes the portal for."""
    return str(connection.client().security.authenticate()["username"])


def test_without_an_address_there_is_nothing_to_ask() -> None:
    assert not connection.configured()


def test_an_open_server_is_asked_without_credentials(portal_on_elasticsearch: Cluster) -> None:
    assert connection.configured()
    assert connection.client().info()["version"]["number"].startswith("8.")


def test_with_tls_and_a_user(secured: Server, settings: Any) -> None:
    log_in(settings, secured)
    assert connection.addresses()[0].startswith("https://")
    assert asked_by() == secured.credentials.user


def test_with_tls_and_an_api_key(secured: Server, settings: Any) -> None:
    settings.ELASTICSEARCH_API_KEY = secured.credentials.api_key
    assert connection.client().security.authenticate()["authentication_type"] == "api_key"


@pytest.mark.parametrize("make", [connection.client, connection.indexing_client])
def test_without_credentials_or_with_wrong_ones_nobody_gets_in(
    make: Callable[[], Any], secured: Server, settings: Any
) -> None:
    with pytest.raises(AuthenticationException):
        make().info()
    log_in(settings, secured)
    settings.ELASTICSEARCH_PASSWORD = "wrong"
    with pytest.raises(AuthenticationException):
        make().info()
    settings.ELASTICSEARCH_USERNAME = settings.ELASTICSEARCH_PASSWORD = ""
    settings.ELASTICSEARCH_API_KEY = "d3Jvbmc6d3Jvbmc="
    with pytest.raises(AuthenticationException):
        make().info()


def test_a_certificate_that_nobody_of_trust_signed_ends_the_conversation(secured: Server, settings: Any) -> None:
    """Neither a strange authority nor the public ones vouch for it; the credentials have not been sent then."""
    log_in(settings, secured)
    for authority in (str(secured.credentials.strangers_ca_certs), ""):
        settings.ELASTICSEARCH_CA_CERTS = authority
        with pytest.raises(TlsError) as refused:
            connection.client().info()
        assert "CERTIFICATE_VERIFY_FAILED" in reason_of(refused.value)


def test_a_certificate_for_another_name_is_none(secured: Server, settings: Any) -> None:
    """It is made out to 127.0.0.1; the same server by another of its names might be somebody else."""
    log_in(settings, secured)
    settings.ELASTICSEARCH_URL = secured.url.replace("127.0.0.1", "localhost")
    with pytest.raises(TlsError) as refused:
        connection.client().info()
    assert "CERTIFICATE_VERIFY_FAILED" in reason_of(refused.value)


def test_the_key_that_the_documentation_describes_is_enough_and_opens_nothing_else(
    secured: Server, settings: Any
) -> None:
    """It makes an index, fills, switches, asks and deletes it; what belongs to others is closed to it."""
    name = settings.ELASTICSEARCH_INDEX_PREFIX + "-test"
    settings.ELASTICSEARCH_API_KEY = narrow_key(secured)
    client = connection.indexing_client()
    client.indices.create(index=name, aliases={f"{name}-write": {}})
    client.index(index=f"{name}-write", id="1", document={"title": "Borgerkontakt"}, version=7, version_type="external")
    client.indices.refresh(index=name)
    client.indices.update_aliases(actions=[{"add": {"index": name, "alias": f"{name}-read"}}])
    assert connection.client().count(index=f"{name}-read")["count"] == 1
    assert client.cluster.health()["status"] in {"green", "yellow"}
    with pytest.raises(AuthorizationException):
        client.indices.create(index="somebody-elses")
    with pytest.raises(AuthorizationException):
        client.security.create_api_key(name="another")
    client.indices.delete(index=name)


def narrow_key(server: Server) -> str:
    """Return a key with the privileges that docs/configuration.md names, word for word."""
    described = re.search(
        r"_security/api_key\n(\{.*?\})\n```", (ROOT / "docs" / "configuration.md").read_text(), re.DOTALL
    )
    with server.client() as administrator:
        return str(administrator.security.create_api_key(**json.loads(described[1]))["encoded"])


def test_verification_is_left_out_only_where_that_is_asked_for(secured: Server, settings: Any) -> None:
    log_in(settings, secured)
    settings.ELASTICSEARCH_CA_CERTS = ""
    settings.ELASTICSEARCH_VERIFY = False
    assert asked_by() == secured.credentials.user


def test_unencrypted_words_to_an_encrypted_server_are_an_error_like_any_other(secured: Server, settings: Any) -> None:
    settings.ELASTICSEARCH_URL = secured.url.replace("https:", "http:")
    settings.ELASTICSEARCH_CA_CERTS = ""
    with pytest.raises(NoConnectionError):
        connection.client().info()


def test_nobody_there_is_one_try(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"
    client = connection.client()
    node = next(iter(client.transport.node_pool.all()))
    tried = Mock(side_effect=node.perform_request)
    monkeypatch.setattr(node, "perform_request", tried)
    with pytest.raises(NoConnectionError):
        client.search(index="x")
    assert tried.call_count == 1


def test_several_nodes_stand_in_for_each_other(elasticsearch: Cluster, settings: Any) -> None:
    """The one that does not answer is left out for a while: no more than one question is lost by it."""
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}, {elasticsearch.url}"
    settings.ELASTICSEARCH_TIMEOUT = 20.0
    answered = 0
    for _ in range(4):
        try:
            connection.client().info()
            answered += 1
        except NoConnectionError:
            pass
    assert answered >= 3


def test_a_server_that_hangs_is_waited_for_no_longer_than_the_setting_says(
    portal_on_breakable_elasticsearch: Server, settings: Any
) -> None:
    settings.ELASTICSEARCH_TIMEOUT = 0.3
    portal_on_breakable_elasticsearch.suspend()
    begun = time.monotonic()
    with pytest.raises(ConnectionTimeout):
        connection.client().info()
    # Generous, since the machine may be busy; the indexing client would take 30 seconds.
    assert time.monotonic() - begun < 10


def test_one_client_for_a_process_and_its_settings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9299"
    first = connection.client()
    assert connection.client() is first
    assert connection.indexing_client() is not first
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9298"
    assert connection.client() is not first
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9299"
    assert connection.client() is first
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert connection.client() is not first, "a child process makes connections of its own"


def test_all_threads_share_it(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9299"
    seen: list[Any] = []
    threads = [threading.Thread(target=lambda: seen.append(connection.client())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, seen))) == 1


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://search.example", "https://search.example:443"),
        ("http://search.example/behind", "http://search.example:80/behind"),
        ("https://search.example:9243", "https://search.example:9243"),
        ("http://[::1]", "http://[::1]:80"),
    ],
)
def test_an_address_without_a_port_has_the_one_of_its_scheme(given: str, address: str, settings: Any) -> None:
    settings.ELASTICSEARCH_URL = given
    assert connection.addresses() == (address,)
    assert len(connection.client().transport.node_pool.all()) == 1


def test_a_question_that_cannot_be_read_is_not_the_servers_trouble(portal_on_elasticsearch: Cluster) -> None:
    with pytest.raises(BadRequestError) as bad:
        connection.client().search(query={"no_such_query": {}})
    with pytest.raises(NotFoundError) as missing:
        connection.client().search(index="there-is-none")
    assert not connection.is_trouble(bad.value)
    assert connection.is_trouble(missing.value)


def test_the_breaker_leaves_a_killed_server_alone_and_finds_it_again(
    portal_on_breakable_elasticsearch: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.monotonic()]
    monkeypatch.setattr(connection.breaker, "_clock", lambda: now[0])

    def ask() -> Any:
        with connection.breaker.call():
            return connection.client().info()

    portal_on_breakable_elasticsearch.kill()
    for _ in range(3):
        with pytest.raises(NoConnectionError):
            ask()
    assert connection.breaker.status().last_error == "no connection"
    with pytest.raises(BreakerOpenError):
        ask()
    portal_on_breakable_elasticsearch.start()
    with pytest.raises(BreakerOpenError):
        ask()
    now[0] += 60
    assert ask()["tagline"]
    assert connection.breaker.state == "closed"
