"""What every test gets: the migrated database image, closed network, fresh caches, and skips that say why."""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.signals import user_logged_in
from django.core.cache import caches
from django.db import connection, connections
from django.dispatch import receiver
from django.test import TransactionTestCase
from django.utils import translation

from portal.accounts.strength import METHODS_KEY
from portal.core import catalogues
from tests.support import services
from tests.support.database import MigratedDatabase, migrated_database

pytest_plugins = [
    "tests.support.browser",
    "tests.support.counts",
    "tests.support.editorial",
    "tests.support.elasticsearch_fixtures",
    "tests.support.identity.fixtures",
]

_NEEDS = ("browser", "elasticsearch", "own_elasticsearch", "shared", "xmlsec1")
_BROWSER_FIXTURES = {"page", "plain_page", "new_visitor", "browser", "browser_type"}
_NOT_HERE = "needs PostgreSQL: `make test` and `make test-one T=…` start one for a second round"


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues once, before the workers start, and choose how long property tests run.

    The suite reads the portal in Danish. Property tests are seeded and short; the nightly run searches on its own.
    """
    hypothesis.settings.register_profile("suite", max_examples=30, derandomize=True, deadline=None)
    hypothesis.settings.register_profile("nightly", max_examples=1000, deadline=None)
    hypothesis.settings.load_profile("nightly" if os.environ.get("NIGHTLY") == "1" else "suite")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        catalogues.compile_all(services.ROOT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what this run cannot do, in words; browser tests are known by their fixtures."""
    on_postgres = connection.vendor == "postgresql"
    for item in items:
        if not _BROWSER_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        if "saml" in getattr(item, "fixturenames", ()):
            item.add_marker("xmlsec1")
        if item.get_closest_marker("postgres") and not on_postgres:
            item.add_marker(pytest.mark.skip(reason=_NOT_HERE))
        if services.required():
            continue
        for lack in filter(None, (services.missing(n) for n in _NEEDS if item.get_closest_marker(n))):
            item.add_marker(pytest.mark.skip(reason=lack))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Under REQUIRE_SERVICES=1 a missing service is a failure of each test that needs it."""
    if services.required():
        for lack in filter(None, (services.missing(n) for n in _NEEDS if item.get_closest_marker(n))):
            pytest.fail(f"REQUIRE_SERVICES=1, but {lack}", pytrace=False)


@receiver(user_logged_in)
def _force_login_is_strong(request: Any, **kwargs: Any) -> None:
    """Let `client.force_login` stand for a login with a second factor: roles that need one would be withheld otherwise.

    Django's test client hands over a request without a path; a login through a page has one and is left alone.
    """
    if not request.path:
        request.session[METHODS_KEY] = [{"method": "mfa"}]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, test_database: MigratedDatabase
) -> Iterator[None]:
    """Give each worker its own copy of the migrated image, and put it back after tests that commit."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        try:
            test_database.create()
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: test_database.restore())
            yield
        finally:
            connections.close_all()
            test_database.destroy()


@pytest.fixture(scope="session")
def test_database() -> MigratedDatabase:
    """This worker's database; `django_db_setup` creates it."""
    return migrated_database(os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture
def example_site(transactional_db: None, test_database: MigratedDatabase) -> None:
    """The example content of `make demo`, in this test only."""
    test_database.restore_example()


@pytest.fixture(autouse=True)
def _fresh_process_state() -> Iterator[None]:
    """No test sees another's cached values or language."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    with translation.override("da"):
        yield
