"""What both providers need: a small web server, a login form, and `POST /behave` by which a test makes it misbehave."""

import json
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = (
    '<!doctype html><html lang="da"><head><meta charset="utf-8"><title>{title}</title>{icon}</head>'
    "<body>{body}</body></html>"
)
# Without it the browser asks for /favicon.ico and reports the 404.
ICON = '<link rel="icon" href="data:,">'


class Provider:
    """Answers by path; `faults` is what the test asked for."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.faults: dict[str, Any] = {}

    def answer(self, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> "Answer":
        raise NotImplementedError


class Answer:
    """A status, a body and perhaps somewhere to go."""

    def __init__(self, body: str | dict[str, Any] = "", status: int = 200, location: str = "") -> None:
        self.json = isinstance(body, dict)
        self.body = json.dumps(body) if isinstance(body, dict) else body
        self.status = HTTPStatus.FOUND if location else status
        self.location = location


def page(title: str, body: str) -> Answer:
    """Return an HTML page."""
    return Answer(PAGE.format(title=title, icon=ICON, body=body))


def serve(make: Callable[[str], Provider]) -> None:
    """Serve on a free port and print the address; ends with the process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    _Handler.provider = make(address)
    sys.stdout.write(address + "\n")
    sys.stdout.flush()
    server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/behave":
            self.provider.faults = json.loads(raw)
            return self._send(Answer({}))
        return self._answer(_first(parse_qs(raw, keep_blank_values=True)))

    def _answer(self, form: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        self._send(self.provider.answer(self.command, parts.path, _first(parse_qs(parts.query)), form))

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json" if answer.json else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _first(values: dict[str, list[str]]) -> dict[str, str]:
    return {name: found[0] for name, found in values.items()}
