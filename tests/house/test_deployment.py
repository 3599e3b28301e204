"""`compose.yaml` and the container file fit the settings they start; no container engine is needed to see that."""

import re
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.support.services import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
PORTAL_SERVICES = ["migrate", "web", "worker"]
REQUIRED = re.compile(r"env\.(?:text|words|flag|number|seconds)\(\"(\w+)\"\)")


def required_in_production() -> set[str]:
    """Return the variables that the production settings refuse to start without."""
    return set(REQUIRED.findall((ROOT / "portal" / "settings" / "production.py").read_text())) | {"DATABASE_URL"}


def test_production_requires_what_this_test_looks_for() -> None:
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "ELASTICSEARCH_URL", "MEDIA_ROOT"} <= required_in_production()


@pytest.mark.parametrize("service", PORTAL_SERVICES)
def test_each_process_gets_every_variable_that_production_requires(service: str) -> None:
    assert required_in_production() <= COMPOSE["services"][service]["environment"].keys()


@pytest.mark.parametrize("service", ["web", "worker", "database", "search"])
def test_each_lasting_service_says_when_it_is_well(service: str) -> None:
    assert COMPOSE["services"][service]["healthcheck"]["test"]


def test_no_secret_has_a_value_or_a_default_in_the_file() -> None:
    text = (ROOT / "compose.yaml").read_text()
    for name in ("SECRET_KEY", "DATABASE_PASSWORD", "ELASTICSEARCH_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(:?.)", text)) == {":?"}


@pytest.mark.parametrize("service", PORTAL_SERVICES)
def test_the_portal_reaches_the_search_cluster_as_that_one_expects(service: str) -> None:
    portal, search = (COMPOSE["services"][name]["environment"] for name in (service, "search"))
    address = urlsplit(portal["ELASTICSEARCH_URL"])
    assert address.hostname in COMPOSE["services"] and address.port == 9200
    assert search["xpack.security.enabled"] == "true"
    assert (search["xpack.security.http.ssl.enabled"] == "true") is (address.scheme == "https")
    assert portal["ELASTICSEARCH_USERNAME"] == "elastic"
    assert portal["ELASTICSEARCH_PASSWORD"] == search["ELASTIC_PASSWORD"]


def test_the_health_of_the_search_cluster_is_asked_with_the_password_that_only_its_container_knows() -> None:
    asked = COMPOSE["services"]["search"]["healthcheck"]["test"][1]
    assert '-u "elastic:$$ELASTIC_PASSWORD"' in asked
    assert "${" not in asked, "compose would write the password into the command, where `inspect` shows it"


def test_the_cluster_of_production_is_of_the_line_that_the_client_speaks_to() -> None:
    server = COMPOSE["services"]["search"]["image"].partition(":")[2]
    assert server.split(".")[0] == version("elasticsearch").split(".")[0]


def test_only_the_web_service_is_reachable_and_from_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_the_container_file_copies_what_exists_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Containerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in line.split()]
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    assert re.search(r"^USER portal$", text, re.MULTILINE)
