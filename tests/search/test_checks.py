"""Settings of Elasticsearch that cannot work are refused by `manage.py check`, each by its own words."""

from pathlib import Path
from typing import Any

import pytest
from django.core import checks

from tests.support.elasticsearch_security import write_security

WORKS = {"ELASTICSEARCH_URL": "https://search.example:9200", "ELASTICSEARCH_API_KEY": "c2VjcmV0OmtleQ=="}


def found(settings: Any, *, deployment: bool = False, **given: Any) -> dict[str, str]:
    """Return the messages about search by their ids, under these settings."""
    for name, value in {**WORKS, **given}.items():
        setattr(settings, name, value)
    messages = checks.run_checks(include_deployment_checks=deployment)
    return {str(one.id): one.msg for one in messages if str(one.id).startswith("search.")}


def login(name: str, password: str) -> dict[str, str]:
    return {"ELASTICSEARCH_API_KEY": "", "ELASTICSEARCH_USERNAME": name, "ELASTICSEARCH_PASSWORD": password}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    _lines, credentials = write_security(tmp_path)
    return credentials.ca_certs


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"ELASTICSEARCH_URL": "https://one.example:9200, https://two.example"},
        {"ELASTICSEARCH_URL": "http://[::1]:9200/behind/a/proxy", "ELASTICSEARCH_API_KEY": ""},
        login("portal", "secret"),
        {"ELASTICSEARCH_TIMEOUT": 1, "ELASTICSEARCH_INDEX_TIMEOUT": 0.5, "ELASTICSEARCH_REPLICAS": 0},
        {"ELASTICSEARCH_INDEX_PREFIX": "7-portal_test"},
    ],
)
def test_what_works_passes(given: dict[str, Any], settings: Any) -> None:
    assert found(settings, deployment=True, **given) == {}


def test_a_certificate_that_can_be_read_passes(certificate: Path, settings: Any) -> None:
    assert found(settings, ELASTICSEARCH_CA_CERTS=str(certificate)) == {}


def test_without_an_address_nothing_is_asked_of_the_rest(settings: Any) -> None:
    given = {"ELASTICSEARCH_USERNAME": "portal", "ELASTICSEARCH_SHARDS": "many", "ELASTICSEARCH_VERIFY": False}
    assert found(settings, deployment=True, ELASTICSEARCH_URL="", **given) == {}


@pytest.mark.parametrize(
    ("number", "given", "words"),
    [
        ("E001", {"ELASTICSEARCH_URL": "search.example:9200"}, "address 1"),
        ("E001", {"ELASTICSEARCH_URL": "https://one.example:9200,ftp://two.example"}, "address 2"),
        ("E001", {"ELASTICSEARCH_URL": "https://search.example:port"}, "address 1"),
        ("E001", {"ELASTICSEARCH_URL": "https://search.example:99999"}, "address 1"),
        ("E001", {"ELASTICSEARCH_URL": "https://[search.example"}, "address 1"),
        ("E001", {"ELASTICSEARCH_URL": "https://"}, "address 1"),
        ("E001", {"ELASTICSEARCH_URL": "https://search.example/?index=a"}, "address 1"),
        ("E001", {"ELASTICSEARCH_URL": " , "}, "names no address"),
        ("E002", {"ELASTICSEARCH_URL": "https://portal:secret@search.example"}, "ELASTICSEARCH_PASSWORD"),
        ("E003", login("portal", ""), "ELASTICSEARCH_PASSWORD is not"),
        ("E003", login("", "secret"), "ELASTICSEARCH_USERNAME is not"),
        ("E004", {"ELASTICSEARCH_USERNAME": "portal", "ELASTICSEARCH_PASSWORD": "secret"}, "one of them is enough"),
        ("E005", {"ELASTICSEARCH_CA_CERTS": "/nowhere/ca.crt"}, "No such file"),
        ("E005", {"ELASTICSEARCH_CA_CERTS": __file__}, "no certificate"),
        ("E005", {"ELASTICSEARCH_CA_CERTS": str(Path(__file__).parent)}, "cannot be read"),
        ("E006", {"ELASTICSEARCH_TIMEOUT": 0}, "ELASTICSEARCH_TIMEOUT"),
        ("E006", {"ELASTICSEARCH_TIMEOUT": "soon"}, "not 'soon'"),
        ("E006", {"ELASTICSEARCH_TIMEOUT": float("inf")}, "not inf"),
        ("E006", {"ELASTICSEARCH_INDEX_TIMEOUT": -1.5}, "ELASTICSEARCH_INDEX_TIMEOUT"),
        ("E007", {"ELASTICSEARCH_SHARDS": 0}, "at least 1"),
        ("E007", {"ELASTICSEARCH_REPLICAS": -1}, "at least 0"),
        ("E007", {"ELASTICSEARCH_REPLICAS": "two"}, "not 'two'"),
        ("E007", {"ELASTICSEARCH_SHARDS": True}, "not True"),
        ("E008", {"ELASTICSEARCH_INDEX_PREFIX": ""}, "ELASTICSEARCH_INDEX_PREFIX"),
        ("E008", {"ELASTICSEARCH_INDEX_PREFIX": "Portal"}, "small letter"),
        ("E008", {"ELASTICSEARCH_INDEX_PREFIX": "_portal"}, "small letter"),
        ("E008", {"ELASTICSEARCH_INDEX_PREFIX": "portal*"}, "small letter"),
        ("E008", {"ELASTICSEARCH_INDEX_PREFIX": "portal\n"}, "small letter"),
        ("E008", {"ELASTICSEARCH_INDEX_PREFIX": "p" * 101}, "100 characters"),
    ],
)
def test_what_cannot_work_is_refused(number: str, given: dict[str, Any], words: str, settings: Any) -> None:
    messages = found(settings, **given)
    assert list(messages) == [f"search.{number}"]
    assert words in messages[f"search.{number}"]


def test_everything_that_is_wrong_is_said_at_once_and_no_secret_with_it(settings: Any) -> None:
    given = {
        "ELASTICSEARCH_URL": "https://portal:hidden-1@search.example,nonsense:hidden-2@search.example",
        "ELASTICSEARCH_PASSWORD": "hidden-3",
        "ELASTICSEARCH_API_KEY": "hidden-4",
        "ELASTICSEARCH_SHARDS": 0,
    }
    messages = found(settings, deployment=True, **given)
    assert {"search.E001", "search.E002", "search.E003", "search.E004", "search.E007"} <= messages.keys()
    assert "hidden" not in " ".join(messages.values())


@pytest.mark.parametrize("given", [{}, login("portal", "secret")])
@pytest.mark.parametrize("host", ["search", "search.example:9200", "10.0.0.7:9200"])
def test_credentials_without_encryption_are_warned_of(host: str, given: dict[str, Any], settings: Any) -> None:
    address: dict[str, Any] = {"ELASTICSEARCH_URL": f"https://safe.example,http://{host}"}
    messages = found(settings, deployment=True, **given, **address)
    assert list(messages) == ["search.W001"]
    assert host.removesuffix(":9200") in messages["search.W001"] and "secret" not in messages["search.W001"]
    assert found(settings, **given, **address) == {}, "at a deployment's check, not at each command"


@pytest.mark.parametrize("host", ["localhost:9200", "127.0.0.1:9200", "[::1]:9200"])
def test_on_one_machine_there_is_nothing_to_warn_of(host: str, settings: Any) -> None:
    assert found(settings, deployment=True, ELASTICSEARCH_URL=f"http://{host}") == {}


def test_a_certificate_that_nobody_looks_at_is_warned_of(settings: Any) -> None:
    assert list(found(settings, deployment=True, ELASTICSEARCH_VERIFY=False)) == ["search.W002"]
    assert found(settings, deployment=True, ELASTICSEARCH_VERIFY=False, ELASTICSEARCH_URL="https://localhost") == {}
