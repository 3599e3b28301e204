"""Content policies: strict on every public address and the login, a listed exception for the rest of the admin."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

pytestmark = pytest.mark.django_db

POLICY = "Content-Security-Policy"


def _policy(client: Client, path: str) -> dict[str, str]:
    header = client.get(path).headers[POLICY]
    return dict(part.strip().split(" ", 1) for part in header.split(";") if " " in part.strip())


@pytest.mark.parametrize("path", ["/", "/en/", "/findes-ikke/", "/soeg/?q=x", "/komponenter/", "/admin/login/"])
def test_public_pages_and_the_login_are_strict(client: Client, path: str) -> None:
    policy = _policy(client, path)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert not any("unsafe" in value or "*" in value or "http" in value for value in policy.values())


def test_the_admin_beyond_the_login_has_the_exception(admin_client: Client) -> None:
    policy = _policy(admin_client, reverse("wagtailadmin_home"))
    assert "'unsafe-inline'" in policy["script-src"]
    assert policy["default-src"] == "'self'", "nothing from elsewhere, in the admin either"


def test_the_exception_covers_the_admin_and_nothing_else(client: Client) -> None:
    """The prefix of the exception is the prefix of the admin: no other address of the portal begins with it."""
    outside = [route for route in _routes(get_resolver().url_patterns) if not route.startswith("admin/")]
    assert outside, "the walk found nothing"
    assert reverse("wagtailadmin_home") == "/admin/"


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route
