"""The test servers themselves: what tests of the engine do to a server really happens to it."""

import pytest
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout
from elasticsearch import ApiError

from tests.support.elasticsearch import Cluster, Server

NAME = "portal-test-servers"


def write(cluster: Cluster) -> None:
    with cluster.client() as client:
        client.index(index=NAME, document={"title": "Borgerkontakt"}, refresh=True)


def count(cluster: Cluster, **options: float) -> int:
    with cluster.client(**options) as client:
        return int(client.count(index=NAME)["count"])


def test_an_index_of_ones_own_is_removed_by_its_prefix(elasticsearch: Cluster) -> None:
    write(elasticsearch)
    assert count(elasticsearch) == 1
    elasticsearch.remove(NAME)
    with elasticsearch.client() as client:
        assert not client.indices.exists(index=NAME)


def test_a_killed_server_refuses_and_comes_back_with_its_data(breakable_elasticsearch: Server) -> None:
    server = breakable_elasticsearch
    write(server)
    address = server.url
    server.kill()
    with pytest.raises(NoConnection):
        count(server)
    server.start()
    assert server.url == address
    assert count(server) == 1


def test_a_suspended_server_hangs_until_it_is_resumed(breakable_elasticsearch: Server) -> None:
    server = breakable_elasticsearch
    write(server)
    server.suspend()
    with pytest.raises(ConnectionTimeout):
        count(server, request_timeout=0.3)
    server.resume()
    assert count(server) == 1


def test_whatever_was_done_to_a_server_it_is_whole_for_the_next_test(breakable_elasticsearch: Server) -> None:
    server = breakable_elasticsearch
    write(server)
    with server.client() as client:
        client.cluster.put_settings(persistent={"cluster.routing.allocation.enable": "none"})
        client.indices.put_settings(index=NAME, settings={"index.blocks.read_only": True})
    with pytest.raises(ApiError):
        write(server)
    server.suspend()
    server.mend()
    with server.client() as client:
        assert not client.indices.exists(index=NAME)
        assert not client.cluster.get_settings(flat_settings=True)["persistent"]
    write(server)
    assert count(server) == 1
