"""Fixtures that start the providers once per worker, and connect the portal to them."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from portal.accounts.connections.configuration import OidcConnection, SamlConnection
from tests.support.identity.openid import CLIENT, SECRET, TENANT
from tests.support.services import ROOT

ODENSE, COPENHAGEN = "0461", "0101"


class Running:
    """A provider that runs, and the means to make it misbehave."""

    def __init__(self, address: str) -> None:
        self.address = address
        # The portal whose metadata a SAML provider has; empty where none.
        self.trusts = ""

    def behave(self, **faults: Any) -> None:
        """Misbehave like this from now on; nothing means well."""
        requests.post(f"{self.address}/behave", json=faults, timeout=10).raise_for_status()


@contextmanager
def _process(*arguments: str) -> Iterator[Running]:
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            assert address, f"{arguments[0]} does not start"
            yield Running(address)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def _openid_process() -> Iterator[Running]:
    with _process("tests.support.identity.openid") as running:
        yield running


@pytest.fixture(scope="session")
def identity_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Self-signed key pairs: the provider's, a stranger's who pretends to be it, and the portal's own."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("idp", "stranger", "portal"):
        _key_pair(folder, name)
    return folder


@pytest.fixture(scope="session")
def _saml_process(identity_keys: Path) -> Iterator[Running]:
    with _process("tests.support.identity.saml", str(identity_keys)) as running:
        yield running


@pytest.fixture
def openid(_openid_process: Running, settings: Any) -> Running:
    """An OpenID provider, connected as Odense's login."""
    _openid_process.behave()
    settings.LOGIN_CONNECTIONS = (*settings.LOGIN_CONNECTIONS, odense_by_openid(_openid_process.address))
    return _openid_process


@pytest.fixture
def saml(_saml_process: Running, identity_keys: Path, settings: Any) -> Running:
    """A SAML provider, connected for Odense and Copenhagen; `trust` hands it our metadata."""
    _saml_process.behave()
    settings.LOGIN_CONNECTIONS = (*settings.LOGIN_CONNECTIONS, shared_by_saml(_saml_process.address, identity_keys))
    return _saml_process


def odense_by_openid(address: str, **values: Any) -> OidcConnection:
    """Return the connection to the OpenID provider."""
    given = {
        "key": "odense",
        "name": "Odense Kommune",
        "municipality": ODENSE,
        "issuer": address,
        "tenant": TENANT,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "vouches": ("mfa",),
        "person_code": "employee",
    }
    return OidcConnection(**{**given, **values})


def shared_by_saml(address: str, keys: Path, **values: Any) -> SamlConnection:
    """Return the connection to the SAML provider."""
    given = {
        "key": "faelles",
        "name": "Fælles login",
        "organisations": (("35209115", ODENSE), ("64942212", COPENHAGEN)),
        "issuer": f"{address}/idp",
        "sign_in_url": f"{address}/sso",
        "certificates": ((keys / "idp.crt").read_text(),),
        "own_certificate": (keys / "portal.crt").read_text(),
        "own_key": (keys / "portal.key").read_text(),
    }
    return SamlConnection(**{**given, **values})


def _key_pair(folder: Path, name: str) -> None:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name}.example")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
