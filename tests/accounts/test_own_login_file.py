"""The file of connections: what is wrong in it stops the start, with the connection and the field named."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from portal.accounts.connections.configuration import Level, OidcConnection, SamlConnection
from portal.accounts.connections.loading import load
from portal.organisations.api import Municipality
from tests.factories.organisations import ODENSE
from tests.support.identity.fixtures import odense_by_openid, shared_by_saml
from tests.support.services import ROOT

CODES = {"0461", "0101"}
SECRETS = {"ODENSE_SECRET": "s3cret", "OUR_KEY": "a key"}
OIDC = """
[[connection]]
key = "odense"
kind = "oidc"
name = "Odense Kommune"
municipality = "0461"
issuer = "https://login.example/tenant/v2.0"
tenant = "tenant"
client_id = "client"
client_secret_env = "ODENSE_SECRET"
vouches = ["mfa"]
"""
SAML = """
[[connection]]
key = "faelles"
kind = "saml"
issuer = "https://idp.example/"
sign_in_url = "https://idp.example/sso"
certificates = ["idp.crt"]
own_certificate = "portal.crt"
own_key_env = "OUR_KEY"
municipalities = { "35209115" = "0461", "64942212" = "0101" }
"""


def secret(name: str) -> str:
    if name not in SECRETS:
        raise ImproperlyConfigured(name)
    return SECRETS[name]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "idp.crt").write_text("their certificate")
    (tmp_path / "portal.crt").write_text("our certificate")
    return tmp_path


def loaded(folder: Path, text: str) -> tuple[Any, ...]:
    file = folder / "connections.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, secret=secret, municipalities=CODES)


def test_a_connection_of_each_kind_is_read(folder: Path) -> None:
    oidc, saml = loaded(folder, OIDC + SAML)
    assert isinstance(oidc, OidcConnection)
    assert (oidc.key, oidc.tenant, oidc.client_secret, oidc.vouches) == ("odense", "tenant", "s3cret", ("mfa",))
    assert isinstance(saml, SamlConnection)
    assert saml.municipality_of("35209115") == "0461"
    assert saml.municipality_of("12345678") is None
    assert (saml.minimum_level, saml.encrypted) == (Level.SUBSTANTIAL, False)
    assert (saml.certificates, saml.own_certificate, saml.own_key) == (
        ("their certificate",),
        "our certificate",
        "a key",
    )


def test_secrets_are_not_shown_where_a_connection_is(folder: Path) -> None:
    shown = repr(loaded(folder, OIDC + SAML))
    assert "s3cret" not in shown
    assert "a key" not in shown


def test_an_empty_file_connects_nobody(folder: Path) -> None:
    assert loaded(folder, "") == ()


WRONG = {
    "a single table": (OIDC.replace("[[connection]]", "[connection]"), "may hold"),
    "broken TOML": ("key = ", "cannot be read"),
    "something else in it": ("debug = true\n" + OIDC, "may hold"),
    "an unknown kind": (OIDC.replace('"oidc"', '"ldap"'), "kind"),
    "an unknown field": (OIDC + 'verify = "no"\n', "verify"),
    "a key with capitals": (OIDC.replace('"odense"', '"Odense"'), "key"),
    "a reserved key": (SAML.replace('"faelles"', '"saml"'), "key"),
    "an unknown municipality": (OIDC.replace("0461", "9999"), "'9999' is the code of no municipality"),
    "an unknown municipality of a CVR number": (SAML.replace('"0101"', '"9999"'), "'9999'"),
    "a missing secret": (OIDC.replace("ODENSE_SECRET", "NOT_SET"), "NOT_SET is missing"),
    "no tenant": (OIDC.replace('tenant = "tenant"', ""), "tenant: is missing"),
    "an empty tenant": (OIDC.replace('tenant = "tenant"', 'tenant = ""'), "tenant"),
    "a tenant that is no text": (OIDC.replace('tenant = "tenant"', "tenant = 7"), "must be a text"),
    "an issuer without https": (OIDC.replace("https://login", "http://login"), "https://"),
    "an issuer that is too long": (OIDC.replace("login.example", "l" * 120), "at most"),
    "vouches that are no list": (OIDC.replace('["mfa"]', '"mfa"'), "vouches"),
    "the same key twice": (
        OIDC + OIDC.replace('tenant = "tenant"', 'tenant = "other"'),
        "key: odense is configured twice",
    ),
    "the same tenant twice": (OIDC + OIDC.replace('"odense"', '"anden"'), "tenant"),
    "the same CVR number twice": (SAML + SAML.replace('"faelles"', '"anden"'), "twice"),
    "two CVR numbers of one municipality": (SAML.replace('"0101"', '"0461"'), "twice"),
    "a CVR number of seven digits": (SAML.replace("35209115", "3520911"), "CVR"),
    "no municipalities": (SAML.replace("municipalities =", "organisations ="), "organisations"),
    "an invented level": (SAML + 'minimum_level = "Enormous"\n', "minimum_level"),
    "a certificate that is not there": (SAML.replace("idp.crt", "no.crt"), "no.crt cannot be read"),
    "no certificate": (SAML.replace('["idp.crt"]', "[]"), "certificates"),
    "metadata of nobody": (SAML + 'metadata = "idp.crt"\n', "metadata"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named(folder: Path, case: str) -> None:
    text, words = WRONG[case]
    with pytest.raises(ImproperlyConfigured) as caught:
        loaded(folder, text)
    assert words in str(caught.value)


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    environment = {**os.environ, "LOGIN_CONNECTIONS_FILE": str(tmp_path / "none.toml")}
    command = [sys.executable, "-c", "import portal.settings.test"]
    result = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "LOGIN_CONNECTIONS_FILE" in result.stderr


def test_the_example_of_the_manual_is_right(folder: Path) -> None:
    manual = (ROOT / "docs" / "own-login.md").read_text("utf-8")
    for name in ("idp.crt", "portal.crt"):
        (folder / name).touch()
    examples = [part.split("```")[0] for part in manual.split("```toml")[1:]]
    file = folder / "connections.toml"
    file.write_text("\n".join(examples), encoding="utf-8")
    assert len(load(file, secret=lambda name: "x", municipalities=CODES)) == 2


@pytest.mark.django_db
def test_the_check_finds_keys_that_cannot_be_used(identity_keys: Path, settings: Any) -> None:
    settings.LOGIN_CONNECTIONS = (shared_by_saml("https://idp.example", identity_keys, own_key=""),)
    assert "connections.E001" in {message.id for message in run_checks()}
    settings.LOGIN_CONNECTIONS = (shared_by_saml("https://idp.example", identity_keys),)
    assert "connections.E001" not in {message.id for message in run_checks()}


@pytest.mark.django_db
def test_the_check_finds_another_cvr_number_than_the_registers(identity_keys: Path, settings: Any) -> None:
    settings.LOGIN_CONNECTIONS = (
        shared_by_saml("https://idp.example", identity_keys),
        odense_by_openid("https://login.example", municipality="9999"),
    )

    def found() -> set[str]:
        messages = run_checks(databases=["default"], include_deployment_checks=False)
        return {message.id for message in messages if message.id.startswith("connections")}

    assert found() == {"connections.E002"}
    Municipality.objects.filter(code=ODENSE).update(cvr="11111111")
    assert found() == {"connections.E002", "connections.E003"}


@pytest.mark.django_db
def test_only_connected_municipalities_stand_in_the_list(identity_keys: Path, settings: Any) -> None:
    assert "Din kommune" not in Client().get("/konto/log-ind/").content.decode()
    assert "Ingen kommune har tilsluttet" in Client().get("/konto/kommune/").content.decode()
    settings.LOGIN_CONNECTIONS = (shared_by_saml("https://idp.example", identity_keys),)
    text = Client().get("/konto/log-ind/").content.decode()
    assert "Odense</option>" in text
    assert "København</option>" in text
    assert "Aarhus" not in text
    settings.LOGIN_CONNECTIONS = (*settings.LOGIN_CONNECTIONS, odense_by_openid("https://login.example"))
    text = Client().get("/konto/kommune/").content.decode()
    assert "Odense (Odense Kommune)</option>" in text
    assert "Odense (Fælles login)</option>" in text


@pytest.mark.django_db
def test_a_municipality_that_is_not_connected_cannot_be_chosen() -> None:
    response = Client().post("/konto/kommune/", {"connection": "odense", "next": "/kommuner/"})
    assert response.status_code == 400
    assert "Vælg din kommune." in response.content.decode()
