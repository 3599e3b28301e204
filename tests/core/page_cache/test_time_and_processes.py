"""A page grows old, two processes agree, and the parts hold by themselves."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from wagtail import hooks

from portal.core import page_cache
from portal.core.page_cache.generation import DatabaseGeneration, FileGeneration
from portal.core.page_cache.store import PageStore, StoredPage
from portal.pages.models import StandardPage
from tests.core.page_cache.reading import ADDRESS, republish, state, text
from tests.support.services import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_page_grows_old(page: StandardPage, visitor: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False) as clock:
        assert [state(visitor), state(visitor)] == ["miss", "hit"]
        clock.shift(timedelta(seconds=59))
        assert state(visitor) == "hit"
        clock.shift(timedelta(seconds=2))
        assert state(visitor) == "miss"


@pytest.mark.parametrize("midnight", [datetime(2026, 11, 21, 23, tzinfo=UTC), datetime(2026, 7, 21, 22, tzinfo=UTC)])
def test_no_page_outlives_the_danish_day(page: StandardPage, visitor: Client, midnight: datetime) -> None:
    with time_machine.travel(midnight - timedelta(seconds=10), tick=False) as clock:
        assert [state(visitor), state(visitor)] == ["miss", "hit"]
        clock.shift(timedelta(seconds=10))
        assert state(visitor) == "miss"


def test_a_page_that_knows_when_it_ends_is_drawn_anew_then(page: StandardPage, visitor: Client) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def tell(page: Any, request: HttpRequest, *args: Any) -> None:
        page_cache.expires_at(request, now + timedelta(seconds=5))
        page_cache.expires_at(request, now + timedelta(hours=5))

    with time_machine.travel(now, tick=False) as clock, hooks.register_temporarily("before_serve_page", tell):
        assert [state(visitor), state(visitor)] == ["miss", "hit"]
        clock.shift(timedelta(seconds=6))
        assert state(visitor) == "miss"


def test_a_bump_in_another_process_is_seen(page: StandardPage, visitor: Client, cache: Path) -> None:
    assert [state(visitor), state(visitor)] == ["miss", "hit"]
    code = f"""
import django; django.setup()
from django.test.utils import override_settings
from portal.core import page_cache
with override_settings(PAGE_CACHE=True, PAGE_CACHE_FILE={str(cache)!r}):
    page_cache.bump()
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test", "DATABASE_URL": "sqlite://:memory:"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    assert state(visitor) == "miss"


def test_two_servers_keep_step(page: StandardPage) -> None:
    """Two handlers stand for two processes: each has a memory of its own."""
    first, second = Client(), Client()
    for client in (first, second):
        assert [state(client), state(client)] == ["miss", "hit"]
    republish(page, "Anden udgave.")
    assert "Anden udgave." in text(first)
    assert "Anden udgave." in text(second)


def test_readers_never_see_an_older_page_than_the_one_published(page: StandardPage, visitor: Client) -> None:
    published, wrong = [0], []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                least = published[0]
                body = visitor_of[threading.get_ident()].get(ADDRESS).content.decode()
                seen = int(body.split("Udgave nummer ")[1].split(".")[0])
                if seen < least:
                    wrong.append((seen, least))
        finally:
            connection.close()

    def start() -> None:
        visitor_of[threading.get_ident()] = Client()
        read()

    visitor_of: dict[int, Client] = {}
    republish(page, "Udgave nummer 0.")
    readers = [threading.Thread(target=start) for _number in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 8):
        republish(page, f"Udgave nummer {number}.")
        published[0] = number
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


@pytest.fixture(params=["file", "database"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> FileGeneration | DatabaseGeneration:
    return FileGeneration(tmp_path / "folder" / "number") if request.param == "file" else DatabaseGeneration()


@pytest.mark.every_database
def test_a_generation_only_moves_forward(kept: FileGeneration | DatabaseGeneration) -> None:
    marks = [kept.current()]
    for _change in range(5):
        kept.advance()
        marks.append(kept.current())
    assert marks == sorted(set(marks))
    assert len(marks) == 6


@pytest.mark.every_database
def test_the_database_keeps_the_number_where_no_file_is_named(
    page: StandardPage, visitor: Client, settings: Any
) -> None:
    settings.PAGE_CACHE_FILE = ""
    assert [state(visitor), state(visitor)] == ["miss", "hit"]
    republish(page, "Anden udgave.")
    assert "Anden udgave." in text(visitor)


def test_a_file_that_is_removed_or_cannot_be_made(tmp_path: Path) -> None:
    file = FileGeneration(tmp_path / "number")
    before = file.current()
    (tmp_path / "number").rename(tmp_path / "away")
    assert file.current() != before
    (tmp_path / "blocked").write_text("a file where the folder should be")
    assert FileGeneration(tmp_path / "blocked" / "number").current() is None


def test_without_a_number_nothing_is_stored(page: StandardPage, settings: Any, cache: Path) -> None:
    cache.write_text("")
    settings.PAGE_CACHE_FILE = str(cache / "impossible")
    client = Client()
    assert [state(client), state(client)] == ["200", "200"]


def test_the_memory_is_bounded_and_the_least_used_leave() -> None:
    store = PageStore(most_bytes=10_000)
    stored = StoredPage(b"x" * 2_000, (), '"x"', 100.0)
    keys = [("http", "host", f"/{number}/", "") for number in range(3)]
    store.put((1,), keys[0], stored)
    store.put((1,), keys[1], stored)
    assert store.get((1,), keys[0], 0.0) is stored
    store.put((1,), keys[2], stored)
    assert [store.get((1,), key, 0.0) is not None for key in keys] == [True, False, True]
    assert store.get((2,), keys[0], 0.0) is None
    assert store.get((1,), keys[0], 100.0) is None
