"""Tries are counted where all processes see them, without addresses, and forgotten with their window."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.accounts.limits import forget_old_counts
from portal.accounts.models import CacheEntry
from portal.settings.integrations import login
from tests.factories.accounts import user
from tests.support.login import code, type_password, with_app

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


@pytest.fixture(autouse=True)
def _shared_cache(settings: Any) -> None:
    """Count as production does."""
    settings.CACHES = login.CACHES


def test_tries_are_counted_in_the_database_without_anybodys_address() -> None:
    user()
    for _number in range(5):
        client = Client(REMOTE_ADDR="192.0.2.17")
        assert type_password(client, "kim@hk.example", "forkert-adgangskode").status_code == 200
    assert type_password(Client(REMOTE_ADDR="192.0.2.99"), "KIM@hk.example").status_code == 429
    rows = str(list(CacheEntry.objects.values_list("cache_key", "value")))
    assert CacheEntry.objects.exists()
    assert "192.0.2" not in rows
    assert "kim@" not in rows


def test_the_worker_forgets_counts_whose_window_is_over() -> None:
    user()
    type_password(Client(), "kim@hk.example", "forkert-adgangskode")
    before = CacheEntry.objects.count()
    forget_old_counts()
    assert CacheEntry.objects.count() == before > 0
    CacheEntry.objects.update(expires=timezone.now() - timedelta(seconds=1))
    forget_old_counts()
    assert not CacheEntry.objects.exists()


def test_a_used_code_is_known_to_the_other_processes() -> None:
    with_app(user())
    used = code()
    for expected in (True, False):
        client = Client()
        type_password(client, "kim@hk.example")
        client.post("/konto/sikkerhed/kode/", {"code": used})
        assert ("_auth_user_id" in client.session) is expected
    assert cache.get("nothing") is None
