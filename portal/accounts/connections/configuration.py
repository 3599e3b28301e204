"""What is configured of a municipality's own login, typed. Nothing here reads files or the environment: see `loading`."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar

from django.conf import settings


class Level(IntEnum):
    """The levels of assurance of the Danish standard NSIS, in order."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @classmethod
    def named(cls, word: str) -> "Level | None":
        """Return the level that a word such as "Substantial" names, or None."""
        return cls.__members__.get(word.strip().upper())


@dataclass(frozen=True, slots=True)
class OidcConnection:
    """One tenant of an OpenID provider, and the municipality that it is authoritative for."""

    kind: ClassVar[str] = "oidc"

    # Part of addresses and of every stored identity: it never changes.
    key: str
    name: str
    municipality: str
    issuer: str
    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    # Values of `amr` or `acr` by which the provider says that a second factor was shown; empty means that it never says so.
    vouches: tuple[str, ...] = ()
    # The claim that holds the employee number, if any.
    person_code: str = ""

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Return the codes of the municipalities that may log in through it."""
        return (self.municipality,)


@dataclass(frozen=True, slots=True)
class SamlConnection:
    """One SAML identity provider, and the municipalities that it is authoritative for, by CVR number."""

    kind: ClassVar[str] = "saml"

    key: str
    name: str
    # (CVR number, municipality code): the provider's own word for the organisation, and ours.
    organisations: tuple[tuple[str, str], ...]
    issuer: str
    sign_in_url: str
    certificates: tuple[str, ...] = field(repr=False)
    own_certificate: str = field(repr=False)
    own_key: str = field(repr=False)
    # Empty: the address of our metadata is our name.
    own_entity_id: str = ""
    minimum_level: Level = Level.SUBSTANTIAL
    encrypted: bool = False
    person_code: str = ""

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Return the codes of the municipalities that may log in through it."""
        return tuple(code for _, code in self.organisations)

    def municipality_of(self, cvr: str) -> str | None:
        """Return the code of the municipality with this CVR number, if it may log in here."""
        return dict(self.organisations).get(cvr)


Connection = OidcConnection | SamlConnection


def connections() -> tuple[Connection, ...]:
    """Return what is configured, in the order of the file."""
    return tuple(settings.LOGIN_CONNECTIONS)


def connection_named(key: str) -> Connection | None:
    """Return the connection with this key, or None."""
    return next((connection for connection in connections() if connection.key == key), None)


def openid_named(key: str) -> OidcConnection:
    """Return the OpenID connection with this key.

    Raises:
        LookupError: there is none.
    """
    found = connection_named(key)
    if not isinstance(found, OidcConnection):
        raise LookupError(key)
    return found


def saml_named(key: str) -> SamlConnection:
    """Return the SAML connection with this key.

    Raises:
        LookupError: there is none.
    """
    found = connection_named(key)
    if not isinstance(found, SamlConnection):
        raise LookupError(key)
    return found
