"""A real web server on this machine with good and bad manners."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Manners(BaseHTTPRequestHandler):
    """Answers by path; notes what it was asked."""

    asked: list[tuple[str, str, str]]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        self.asked.append((self.command, self.path, self.headers["Host"]))
        what, _slash, rest = self.path[1:].partition("?")[0].partition("/")
        if what == "drip":
            self._drip()
        elif what == "to":
            self._send(302, rest)
        elif what == "circle":
            self._send(301, self.path)
        elif what == "nohead":
            self._send(405 if self.command == "HEAD" else 200)
        else:
            self._send(int(what))

    def _send(self, code: int, location: str = "") -> None:
        self.send_response(code)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self) -> None:
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _turn in range(200):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)


@contextmanager
def running() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Run the server; yield its address and the list of what it was asked."""
    asked: list[tuple[str, str, str]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Manners,), {"asked": asked}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site(settings: Any) -> Iterator[str]:
    """The server's address, which the settings let the job ask."""
    settings.LINK_CHECK = True
    settings.LINK_CHECK_ALLOWED_NETWORKS = ("127.0.0.0/8",)
    with running() as (address, _asked):
        yield address
