"""Chromium for the browser tests: the system's own, guarded.

`page` (JavaScript on) and `plain_page` (off) are pages of a fresh visitor at the live server. A test that used one
fails at its end if the browser reported an error or a breach of the content policy, if it asked any other host for
anything, or if it was given a cookie other than Django's two. What a test provokes on purpose it names first:
`guard.expect("404")`.
"""

import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from tests.support import services

if TYPE_CHECKING:
    from portal.accounts.models import User

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESKTOP = {"width": 1280, "height": 900}
# Far longer than a page needs: a busy machine must not fail a test.
_PATIENCE_MS = 60_000
_OWN_HOSTS = {"127.0.0.1", "localhost", "::1"}
_OWN_COOKIES = {"sessionid", "csrftoken"}


class Guard:
    """Collects what a page must not do."""

    def __init__(self) -> None:
        self.findings: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """Let through findings in which this pattern is found: the test provokes them."""
        self._expected.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of this context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.findings.append(f"script error: {error.error}"))
        context.on("request", self._request)

    def close(self, context: BrowserContext) -> None:
        """Look at the cookies before the context goes away."""
        given = {str(cookie.get("name")) for cookie in context.cookies()}
        self.findings += [f"foreign cookie: {name}" for name in sorted(given - _OWN_COOKIES)]

    def unexpected(self) -> list[str]:
        """Return the findings that no expectation covers."""
        return [line for line in self.findings if not any(pattern.search(line) for pattern in self._expected)]

    def _console(self, message: ConsoleMessage) -> None:
        policy = "Content Security Policy" in message.text
        if message.type == "error" or policy:
            self.findings.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in _OWN_HOSTS:
            self.findings.append(f"foreign request: {request.url}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Launch the system's Chromium; Playwright's own is never downloaded."""
    # Playwright's event loop runs in the thread of the tests, and Django refuses the ORM there unless told.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=_PATIENCE_MS)
    return {"executable_path": services.chromium(), "args": FLAGS}


@pytest.fixture
def guard() -> Iterator[Guard]:
    """Fail the test at its end for whatever the browser reported."""
    watcher = Guard()
    yield watcher
    assert not watcher.unexpected(), "The browser reported:\n" + "\n".join(watcher.unexpected())


@pytest.fixture
def new_visitor(
    guard: Guard, new_context: Callable[..., BrowserContext], live_server: Any
) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of a fresh visitor; keywords go to Playwright's `new_context`."""
    opened: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = new_context(**{"base_url": live_server.url, "viewport": DESKTOP, "locale": "da-DK", **options})
        context.set_default_timeout(_PATIENCE_MS)
        guard.watch(context)
        opened.append(context)
        # Playwright writes an attribute onto the handler, which a bound method of a list does not take.
        context.on("close", lambda closed: opened.remove(closed))
        return context.new_page()

    yield open_page
    for context in [*opened]:
        guard.close(context)
        context.close()


@pytest.fixture
def page(new_visitor: Callable[..., Page]) -> Page:
    """A visitor with JavaScript on a wide screen."""
    return new_visitor()


@pytest.fixture
def plain_page(new_visitor: Callable[..., Page]) -> Page:
    """A visitor without JavaScript."""
    return new_visitor(java_script_enabled=False)


@pytest.fixture
def authenticator() -> Callable[[Page], str]:
    """Return a function that plugs a virtual passkey device into a page's browser and returns its id.

    Passkeys belong to a name, not to a number: go to `by_name(live_server.url)`.
    """

    def plug_in(page: Page) -> str:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        return str(session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])

    return plug_in


def by_name(address: str) -> str:
    """Return the live server's address with the name of this machine, for passkeys."""
    return address.replace("127.0.0.1", "localhost")


def log_in(page: Page, user: "User") -> None:
    """Give the visitor the session of a logged-in user, without walking through the login page."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}])
