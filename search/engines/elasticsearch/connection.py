"""How the portal reaches Elasticsearch: addresses and credentials from the settings."""

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch

from search.engines.breaker import Breaker
from search.engines.elasticsearch.failures import reason_of

_PORTS = {"http": 80, "https": 443}
_BAD_QUESTION = 400


@dataclass(frozen=True, slots=True)
class _Access:
    """Everything that a client is made from; the process too, since a connection does not survive a fork."""

    process: int
    addresses: tuple[str, ...]
    login: tuple[str, str] | None
    api_key: str
    ca_certs: str
    verify: bool
    timeout: float

    def options(self) -> dict[str, Any]:
        """Return the client's arguments: one try within the time-out, since the database answers what it does not."""
        options: dict[str, Any] = {
            "request_timeout": self.timeout,
            "max_retries": 0,
            "retry_on_status": (),
            "retry_on_timeout": False,
            "basic_auth": self.login,
            "api_key": self.api_key or None,
        }
        if any(address.startswith("https:") for address in self.addresses):
            options |= {"verify_certs": self.verify, "ssl_show_warn": False}
            if self.ca_certs and self.verify:
                options["ca_certs"] = self.ca_certs
        return options


def configured() -> bool:
    """Tell whether there is an Elasticsearch to ask."""
    return bool(addresses())


def addresses() -> tuple[str, ...]:
    """Return the nodes' addresses, each with its port: the client asks for one where a browser would know it."""
    listed = (part.strip() for part in settings.ELASTICSEARCH_URL.split(","))
    return tuple(_with_port(part) for part in listed if part)


def client() -> Elasticsearch:
    """Return this process's client for searches, with a short time-out and one try.

    The same one as long as the settings are the same; `settings.ELASTICSEARCH_URL` must name something.
    """
    return _client(_access(settings.ELASTICSEARCH_TIMEOUT))


def indexing_client() -> Elasticsearch:
    """Return this process's client for writing and for looking after indexes: nobody waits for it."""
    return _client(_access(settings.ELASTICSEARCH_INDEX_TIMEOUT))


def is_trouble(error: Exception) -> bool:
    """Tell whether an error is Elasticsearch's own.

    A question that it could not read is one visitor's, and no reason to leave it alone.
    """
    return not (isinstance(error, ApiError) and error.status_code == _BAD_QUESTION)


# Of this process, for searches. Writing has its own way to wait: the outbox.
breaker = Breaker("Elasticsearch", counts=is_trouble, describe=reason_of)


def _access(timeout: float) -> _Access:
    login = (settings.ELASTICSEARCH_USERNAME, settings.ELASTICSEARCH_PASSWORD)
    return _Access(
        process=os.getpid(),
        addresses=addresses(),
        login=login if login[0] else None,
        api_key=settings.ELASTICSEARCH_API_KEY,
        ca_certs=settings.ELASTICSEARCH_CA_CERTS,
        verify=settings.ELASTICSEARCH_VERIFY,
        timeout=float(timeout),
    )


@lru_cache(maxsize=8)
def _client(access: _Access) -> Elasticsearch:
    return Elasticsearch(list(access.addresses), **access.options())


def _with_port(address: str) -> str:
    parts = urlsplit(address)
    if parts.port is not None or parts.scheme not in _PORTS:
        return address
    return parts._replace(netloc=f"{parts.netloc}:{_PORTS[parts.scheme]}").geturl()
