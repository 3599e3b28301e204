"""Read the file of connections. Whatever is wrong in it stops the start, with the connection and the field named."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.accounts.connections.configuration import Connection, Level, OidcConnection, SamlConnection

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CVR = re.compile(r"\d{8}")
# Allauth's own names of the two kinds: a connection called so would be found by both.
_RESERVED = {"saml", "openid_connect"}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# An identity is stored as "issuer tenant subject" in 191 characters.
LONGEST_ISSUER = 110
_FIELDS = {
    "oidc": {"issuer", "tenant", "client_id", "client_secret_env", "vouches", "person_code", "municipality"},
    "saml": {
        *("issuer", "sign_in_url", "certificates", "metadata", "own_certificate", "own_key", "own_key_env"),
        *("own_entity_id", "minimum_level", "encrypted", "person_code", "municipalities"),
    },
}

Secret = Callable[[str], str]


def load(path: Path, *, secret: Secret, municipalities: Collection[str]) -> tuple[Connection, ...]:
    """Return the connections of a file; `secret` reads an environment variable, `municipalities` are the known codes.

    Raises:
        ImproperlyConfigured: the file cannot be read, or something in it is missing, unknown or said twice.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"LOGIN_CONNECTIONS_FILE: {path} cannot be read: {error}.") from error
    tables = document.pop("connection", [])
    if document or not isinstance(tables, list):
        raise ImproperlyConfigured(f"LOGIN_CONNECTIONS_FILE: {path} may hold [[connection]] tables only.")
    found = tuple(_Table(table, path.parent, secret).connection() for table in tables)
    _refuse_doubles(found)
    for connection in found:
        for code in connection.municipalities:
            if code not in municipalities:
                raise _wrong(connection.key, "municipality", f"{code!r} is the code of no municipality")
    return found


def _wrong(key: str, name: str, what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"Login connection {key!r}, {name}: {what}. See docs/own-login.md.")


def _refuse_doubles(found: tuple[Connection, ...]) -> None:
    """Two connections may share neither key nor tenant: whose login it is would depend on the order in the file."""
    seen: set[tuple[str, ...]] = set()
    for connection in found:
        for name, mark in _marks(connection):
            if (name, *mark) in seen:
                raise _wrong(connection.key, name, f"{' '.join(mark)} is configured twice")
            seen.add((name, *mark))


def _marks(connection: Connection) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "key", (connection.key,)
    if isinstance(connection, OidcConnection):
        yield "tenant", (connection.issuer, connection.tenant)
        return
    for cvr, code in connection.organisations:
        yield "municipalities (CVR)", (connection.issuer, cvr)
        yield "municipalities (code)", (connection.key, code)


class _Table:
    """One table of the file while it is being read."""

    def __init__(self, table: dict[str, Any], folder: Path, secret: Secret) -> None:
        self.table = table
        self.folder = folder
        self.secret = secret
        self.key = str(table.get("key", ""))

    def connection(self) -> Connection:
        if not _KEY.fullmatch(self.key) or self.key in _RESERVED or len(self.key) > 40:
            raise _wrong(self.key, "key", "small letters, digits and hyphens only, at most 40")
        kind = self.text("kind")
        if kind not in _FIELDS:
            raise _wrong(self.key, "kind", f"must be oidc or saml, not {kind!r}")
        unknown = self.table.keys() - _FIELDS[kind] - {"key", "kind", "name"}
        if unknown:
            raise _wrong(self.key, min(unknown), "is no field of this kind of connection")
        return self._oidc() if kind == "oidc" else self._saml()

    def _oidc(self) -> OidcConnection:
        return OidcConnection(
            key=self.key,
            name=self.text("name", self.key),
            municipality=self.text("municipality"),
            issuer=self._issuer(self.address("issuer")),
            tenant=self.text("tenant"),
            client_id=self.text("client_id"),
            client_secret=self._secret("client_secret_env"),
            vouches=self.texts("vouches"),
            person_code=self.text("person_code", ""),
        )

    def _saml(self) -> SamlConnection:
        provider = self._provider()
        level = Level.named(self.text("minimum_level", "Substantial"))
        if level is None:
            raise _wrong(self.key, "minimum_level", "must be Low, Substantial or High")
        return SamlConnection(
            key=self.key,
            name=self.text("name", self.key),
            organisations=self._organisations(),
            issuer=self._issuer(provider["issuer"]),
            sign_in_url=provider["sign_in_url"],
            certificates=provider["certificates"],
            own_certificate=self.content("own_certificate"),
            own_key=self.content("own_key") if "own_key" in self.table else self._secret("own_key_env"),
            own_entity_id=self.text("own_entity_id", ""),
            minimum_level=level,
            encrypted=self.table.get("encrypted", False) is True,
            person_code=self.text("person_code", ""),
        )

    def _organisations(self) -> tuple[tuple[str, str], ...]:
        table = self.table.get("municipalities")
        if not isinstance(table, dict) or not table:
            raise _wrong(self.key, "municipalities", 'must be a table of CVR = "code"')
        for cvr in table:
            if not _CVR.fullmatch(cvr):
                raise _wrong(self.key, "municipalities", f"{cvr!r} is no CVR number of eight digits")
        return tuple((cvr, str(code)) for cvr, code in table.items())

    def _provider(self) -> dict[str, Any]:
        """Return what is known of the identity provider: from its metadata, or field by field."""
        if "metadata" not in self.table:
            return {
                "issuer": self.text("issuer"),
                "sign_in_url": self.address("sign_in_url"),
                "certificates": tuple(self._file(name) for name in self.texts("certificates", needed=True)),
            }
        # Late: settings load this module, and few installations need the SAML library.
        from portal.accounts.connections.saml.metadata import provider_of

        issuer = self.text("issuer")
        try:
            sign_in_url, certificates = provider_of(self.content("metadata"), issuer)
        except ValueError as error:
            raise _wrong(self.key, "metadata", str(error)) from error
        return {"issuer": issuer, "sign_in_url": sign_in_url, "certificates": certificates}

    def _issuer(self, issuer: str) -> str:
        if len(issuer) > LONGEST_ISSUER or " " in issuer:
            raise _wrong(self.key, "issuer", f"must be one word of at most {LONGEST_ISSUER} characters")
        return issuer

    def text(self, name: str, default: str | None = None) -> str:
        value = self.table.get(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise _wrong(self.key, name, "is missing" if value is None else "must be a text")
        return value.strip()

    def texts(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        value = self.table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value) or (needed and not value):
            raise _wrong(self.key, name, "must be a list of texts")
        return tuple(value)

    def address(self, name: str) -> str:
        value = self.text(name)
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise _wrong(self.key, name, "must be an address that begins with https://")
        return value

    def content(self, name: str) -> str:
        return self._file(self.text(name))

    def _file(self, name: str) -> str:
        try:
            return (self.folder / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _wrong(self.key, "files", f"{name} cannot be read: {error}") from error

    def _secret(self, name: str) -> str:
        variable = self.text(name)
        try:
            return self.secret(variable)
        except ImproperlyConfigured as error:
            raise _wrong(self.key, name, f"the environment variable {variable} is missing or empty") from error
