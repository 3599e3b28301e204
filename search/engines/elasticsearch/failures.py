"""What can go wrong with a server elsewhere, in few words: the reason stands in a note for administrators."""

from collections.abc import Iterator
from contextlib import contextmanager

from elastic_transport import ConnectionError as NoConnectionError
from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from search.engines.base import EngineUnavailableError
from search.engines.breaker import BreakerOpenError

_TOO_MANY = 429
_MISSING = 404


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn whatever the client raises into one error, which another engine mends.

    Raises:
        EngineUnavailableError: with the reason.
    """
    try:
        yield
    except (TransportError, ApiError, UnsupportedProductError, BreakerOpenError, TimeoutError) as error:
        raise EngineUnavailableError(reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """Return why there was no answer; without an address or a word of the question."""
    if isinstance(error, BreakerOpenError):
        return "left alone after failures"
    if isinstance(error, ConnectionTimeout | TimeoutError):
        return "no answer in time"
    if isinstance(error, TlsError):
        return "the certificate is not trusted"
    if isinstance(error, NoConnectionError):
        return "no connection"
    if isinstance(error, SerializationError):
        return "an answer that is none"
    if isinstance(error, ApiError):
        return _of_status(error.status_code, str(error.error))
    return type(error).__name__


def _of_status(status: int, kind: str) -> str:
    if status == _TOO_MANY:
        return f"too busy (429 {kind})"
    if status == _MISSING:
        return f"not there (404 {kind})"
    return f"{status} {kind}"
