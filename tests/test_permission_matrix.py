"""The permission matrix: the URL resolver walked, every address asked by every role in every way.

What fails says what to do. A new address needs a row in `tests/permissions/table.py`, a new kind of object a line in
`fills.py` and `world.py`; the decision behind it is docs/decisions/0021-access-gate.md.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from tests.permissions import matrix, world
from tests.permissions.roles import Asker
from tests.permissions.routes import Route, routes
from tests.permissions.walker import ask, digest

# Two workers share the askers; each builds the world once.
_HALVES = ("permissions-1", "permissions-2")
ASKERS = [
    pytest.param(asker, id=str(asker), marks=pytest.mark.xdist_group(_HALVES[number % 2]))
    for number, asker in enumerate(sorted(Asker))
]


@pytest.fixture(scope="module")
def small_portal(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[world.World]:
    """One world for all tests of a worker; nothing in it is ever committed."""
    # Files are served from a folder: the suite's storage in memory makes up a path that Wagtail believes.
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path_factory.mktemp("media"))},
    }
    files = override_settings(STORAGES={**settings.STORAGES, "default": folder})
    with files, django_db_blocker.unblock(), transaction.atomic():
        logging.disable(logging.ERROR)
        yield world.build()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def every_route() -> list[Route]:
    """Every address there is."""
    return routes()


def test_every_address_is_listed(every_route: list[Route]) -> None:
    found = matrix.unlisted(every_route, matrix.listed())
    assert not found, "\n" + "\n".join(found)


def test_the_table_lists_no_address_that_is_gone(every_route: list[Route]) -> None:
    gone = sorted(set(matrix.listed()) - {route.key for route in every_route})
    assert not gone, f"Take these out of tests/permissions/table.py: {gone}"


@pytest.mark.parametrize("asker", ASKERS)
def test_reading(asker: Asker, small_portal: world.World, every_route: list[Route]) -> None:
    before = digest()
    found = matrix.walk(small_portal, asker, every_route, reading=True)
    assert not found, "\n" + "\n".join(found)
    assert digest() == before


@pytest.mark.parametrize("asker", ASKERS)
def test_changing(asker: Asker, small_portal: world.World, every_route: list[Route]) -> None:
    before = digest()
    found = matrix.walk(small_portal, asker, every_route, reading=False)
    assert not found, "\n" + "\n".join(found)
    assert digest() == before


# --- The matrix can fail ----------------------------------------------------------------------------------------------


def _of(routes: list[Route], *keys: str) -> list[Route]:
    return [route for route in routes if route.key in keys]


@pytest.mark.xdist_group(_HALVES[0])
def test_a_gate_that_is_gone_is_reported(
    small_portal: world.World, every_route: list[Route], monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.desk.coordination import base
    from portal.organisations.api import Municipality

    some = _of(every_route, "coordination:overview", "coordination:members")
    assert not matrix.walk(small_portal, Asker.MANAGER, some, reading=True)
    monkeypatch.setattr(base, "municipality_for", lambda principal, slug: Municipality.objects.get(slug=slug))
    found = matrix.walk(small_portal, Asker.MANAGER, some, reading=True)
    assert any("gets in, and the table keeps her out" in line for line in found)
    assert any("shows" in line and "kanariepersonforeignq" in line for line in found)


@pytest.mark.xdist_group(_HALVES[0])
def test_an_address_that_nobody_listed_is_reported(every_route: list[Route]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ny")

    class Mounted:
        url_patterns = [path("nyt-sted/", view, name="brand_new")]

    [line] = matrix.unlisted(routes(Mounted()), matrix.listed())  # type: ignore[arg-type]
    assert "brand_new (/nyt-sted/)" in line
    assert "tests/permissions/table.py" in line


@pytest.mark.xdist_group(_HALVES[1])
def test_a_word_that_leaks_is_reported(
    small_portal: world.World, every_route: list[Route], monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.core import visibility
    from portal.pages import chrome

    some = _of(every_route, "wagtail_serve", "search:search")
    assert not matrix.walk(small_portal, Asker.NOBODY, some, reading=True)
    word = next(canary.word for canary in small_portal.canaries if "fremmedenhed" in canary.word)
    drawn = chrome._context
    monkeypatch.setattr(chrome, "_context", lambda *given: {**drawn(*given), "footer_text": word})
    found = matrix.walk(small_portal, Asker.NOBODY, some, reading=True)
    assert any(f"shows {word}" in line for line in found)
    assert visibility.asker(None).is_anonymous


@pytest.mark.xdist_group(_HALVES[1])
def test_a_get_that_writes_and_a_row_that_stays_are_reported(
    small_portal: world.World, every_route: list[Route], monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.accounts.api import User
    from portal.pages import chrome

    before = digest()
    drawn = chrome._context

    def writing(*given: Any) -> Any:
        User.objects.filter(email__startswith="employee").update(first_name="Ændret")
        return drawn(*given)

    monkeypatch.setattr(chrome, "_context", writing)
    found = matrix.walk(small_portal, Asker.NOBODY, _of(every_route, "search:search"), reading=True)
    assert any("changed ['accounts_user'] by reading" in line for line in found)
    assert digest() == before, "what an asker did was not undone"
    point = transaction.savepoint()
    User.objects.filter(email__startswith="employee").update(first_name="Ændret")
    assert digest() != before
    transaction.savepoint_rollback(point)


@pytest.mark.xdist_group(_HALVES[1])
def test_a_second_factor_makes_the_difference(small_portal: world.World) -> None:
    address = f"/min-kommune/{small_portal.things['municipality']['own']}/"
    assert ask(small_portal, Asker.COORDINATOR, "GET", address).status == 200
    assert ask(small_portal, Asker.WEAK_COORDINATOR, "GET", address).status == 302
