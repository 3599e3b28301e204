"""Settings of Elasticsearch that cannot work, or that give a password away, are found before somebody searches."""

import math
import re
import ssl
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core import checks

_HERE = {"localhost", "127.0.0.1", "::1"}
# What an index may be called; the portal adds some thirty characters.
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_HINT = "See docs/configuration.md."
# Number of the check and what is wrong.
_Finding = tuple[str, str]


@checks.register()
def check_elasticsearch(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Check whether the settings can work; without an address nobody uses them."""
    if not settings.ELASTICSEARCH_URL:
        return []
    found = (*_of_addresses(), *_of_credentials(), *_of_authority(), *_of_numbers(), *_of_prefix())
    return [checks.Error(message, hint=_HINT, id=f"search.{number}") for number, message in found]


@checks.register(checks.Tags.security, deploy=True)
def check_elasticsearch_is_private(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn of credentials that others on the way can read; on one machine there is no way."""
    far = [parts for parts in map(_parts, _addresses()) if parts and parts.hostname not in _HERE]
    found: list[checks.CheckMessage] = []
    if settings.ELASTICSEARCH_API_KEY or settings.ELASTICSEARCH_PASSWORD:
        hint = "Use https. Between the containers of one private network this may be accepted."
        for parts in far:
            if parts.scheme == "http":
                message = f"ELASTICSEARCH_URL: the credentials go to {parts.hostname} unencrypted."
                found.append(checks.Warning(message, hint=hint, id="search.W001"))
    if not settings.ELASTICSEARCH_VERIFY and any(parts.scheme == "https" for parts in far):
        message = "ELASTICSEARCH_VERIFY is off: whoever stands in between can pose as the cluster."
        hint = "Name the authority's certificate in ELASTICSEARCH_CA_CERTS instead."
        found.append(checks.Warning(message, hint=hint, id="search.W002"))
    return found


def _addresses() -> list[str]:
    return [part.strip() for part in settings.ELASTICSEARCH_URL.split(",") if part.strip()]


def _parts(address: str) -> SplitResult | None:
    """Return an address in its parts, or None if it is no address of a server."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable and not parts.query and not parts.fragment else None


def _of_addresses() -> Iterator[_Finding]:
    """Look at each address; it is not printed, since a password may stand in it."""
    for place, address in enumerate(_addresses(), start=1):
        parts = _parts(address)
        if parts is None:
            yield "E001", f"ELASTICSEARCH_URL: address {place} is not like https://search.example:9200."
        elif parts.username is not None or parts.password is not None:
            message = "holds credentials; they belong in ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD."
            yield "E002", f"ELASTICSEARCH_URL: address {place} {message}"
    if not _addresses():
        yield "E001", "ELASTICSEARCH_URL names no address."


def _of_credentials() -> Iterator[_Finding]:
    name, password = settings.ELASTICSEARCH_USERNAME, settings.ELASTICSEARCH_PASSWORD
    if bool(name) != bool(password):
        given, missing = ("USERNAME", "PASSWORD") if name else ("PASSWORD", "USERNAME")
        yield "E003", f"ELASTICSEARCH_{given} is set and ELASTICSEARCH_{missing} is not."
    if settings.ELASTICSEARCH_API_KEY and (name or password):
        yield "E004", "ELASTICSEARCH_API_KEY and a user with a password are both set; one of them is enough."


def _of_authority() -> Iterator[_Finding]:
    path = settings.ELASTICSEARCH_CA_CERTS
    if not path:
        return
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        yield "E005", f"ELASTICSEARCH_CA_CERTS: {path} holds no certificate in PEM form."
    except OSError as error:
        yield "E005", f"ELASTICSEARCH_CA_CERTS: {path} cannot be read ({error.strerror})."


def _of_numbers() -> Iterator[_Finding]:
    for name in ("ELASTICSEARCH_TIMEOUT", "ELASTICSEARCH_INDEX_TIMEOUT"):
        value = getattr(settings, name)
        if not _is_number(value) or not 0 < value < math.inf:
            yield "E006", f"{name} must be a number of seconds above 0, not {value!r}."
    for name, least in (("ELASTICSEARCH_SHARDS", 1), ("ELASTICSEARCH_REPLICAS", 0)):
        value = getattr(settings, name)
        if not _is_number(value) or not isinstance(value, int) or value < least:
            yield "E007", f"{name} must be a whole number, at least {least}, not {value!r}."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _of_prefix() -> Iterator[_Finding]:
    if not _PREFIX.fullmatch(settings.ELASTICSEARCH_INDEX_PREFIX):
        message = "must begin with a small letter or a digit, and go on with those, - and _ (100 characters at most)."
        yield "E008", f"ELASTICSEARCH_INDEX_PREFIX {message}"
