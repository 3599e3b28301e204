"""Look at one address: is something there? HEAD first and GET where a server does not like it; never the body."""

import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Url, parse_url

from portal.editorial.links.addresses import ForbiddenAddressError, UnknownHostError, resolve
from portal.editorial.links.models import LinkStatus

TIMEOUT = 6.0
# For one address with all its redirects; a server that sends a byte at a time gets no more.
LONGEST = 20.0
MOST_REDIRECTS = 5
_AGENT = "Kompetenceportalen (link check)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
# Tried with GET after HEAD said so: many servers answer HEAD with one of them.
_TRY_AGAIN = frozenset({400, 403, 404, 405, 406, 500, 501, 503})


@dataclass(frozen=True, slots=True)
class Look:
    """What came of it; `problem` is a word for the log, and no sentence for people."""

    status: LinkStatus
    code: int | None = None
    problem: str = ""


class _TimeUpError(Exception):
    pass


def look_at(url: str) -> Look:
    """Return what came of looking at an address. Never raises for what the other side does."""
    try:
        return _follow(url, time.monotonic() + LONGEST)
    except ForbiddenAddressError:
        return Look(LinkStatus.REFUSED, problem="closed network")
    except UnknownHostError:
        return Look(LinkStatus.SILENT, problem="unknown host")
    except (ssl.SSLError, HTTPError, HTTPException, OSError, _TimeUpError, ValueError) as error:
        return Look(_failed(error), problem=f"{type(error).__name__}: {error}"[:300])


def _failed(error: Exception) -> LinkStatus:
    reason = error.__cause__ or error.__context__ or error
    is_certificate = any(isinstance(each, ssl.SSLError) for each in (error, reason))
    return LinkStatus.UNSURE if is_certificate else LinkStatus.SILENT


def _follow(url: str, until: float) -> Look:
    for _step in range(MOST_REDIRECTS + 1):
        parts = _parsed(url)
        if parts is None:
            return Look(LinkStatus.REFUSED, problem="not an address that a browser opens")
        code, location = _ask("HEAD", parts, until)
        if code in _TRY_AGAIN:
            code, location = _ask("GET", parts, until)
        if code not in _REDIRECTS or not location:
            return Look(_meaning(code), code, "" if code < 400 else f"answered {code}")
        url = urljoin(url, location)
    return Look(LinkStatus.GONE, problem="redirected in a circle")


def _meaning(code: int) -> LinkStatus:
    if code in _GONE:
        return LinkStatus.GONE
    return LinkStatus.FINE if code < 400 else LinkStatus.UNSURE


def _parsed(url: str) -> Url | None:
    """Return the parts of an address for browsers; a name and password in it would be sent, so it is none."""
    try:
        parts = parse_url(url)
    except HTTPError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.host and not parts.auth else None


def _ask(method: str, parts: Url, until: float) -> tuple[int, str]:
    left = until - time.monotonic()
    if left <= 0:
        raise _TimeUpError
    connection = _connection(parts, min(TIMEOUT, left))
    watch = threading.Timer(left, _hang_up, [connection])
    watch.daemon = True
    watch.start()
    try:
        headers = {"Host": parts.netloc or "", "User-Agent": _AGENT, "Accept": "*/*", "Connection": "close"}
        connection.request(method, parts.request_uri, headers=headers, preload_content=False)
        answer = connection.getresponse()
        answer.close()
        if time.monotonic() >= until:
            # Hung up on in the middle of the headers, which reads like their end.
            raise _TimeUpError
        return answer.status, answer.headers.get("Location", "")
    finally:
        watch.cancel()
        connection.close()


def _connection(parts: Url, timeout: float) -> HTTPConnection:
    """Return a connection to an address that was judged; certificate and name are those of the host all the same."""
    host, port = str(parts.host).strip("[]"), parts.port or (443 if parts.scheme == "https" else 80)
    address = resolve(host, port)
    if parts.scheme == "http":
        return HTTPConnection(address, port, timeout=timeout)
    return HTTPSConnection(
        address,
        port,
        timeout=timeout,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
        server_hostname=host,
        assert_hostname=host,
    )


def _hang_up(connection: HTTPConnection) -> None:
    """End a wait from another thread; what is waiting gets an error. A socket that is closed already needs nothing."""
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


def is_for_browsers(url: str) -> bool:
    """Tell whether an address is of http or https at all."""
    try:
        return urlsplit(url).scheme.lower() in {"http", "https"}
    except ValueError:
        return False
