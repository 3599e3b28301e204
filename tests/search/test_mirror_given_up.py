"""An index that is newer than the database, or not as it is, answers no more until another is built."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection as database

from search import comparing, mirror, rebuilding, store, troubles
from search.models import EngineTrouble, IndexedDocument, IndexVersion, MirrorIndex
from tests.search.conftest import Index
from tests.search.mirroring import SOURCE, build, delivered, is_in_step, key, live, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on_elasticsearch")]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    troubles.forget_process()
    mirror.forget_process()
    yield
    troubles.forget_process()
    mirror.forget_process()


def _restored(to: int) -> None:
    """Let the database count from a lower number again, as after a restored backup."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence('search_indexversion', 'id'), %s)", [to])
        else:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = 'search_indexversion'", [to])


def _changed_after_a_backup(index: Index) -> None:
    """Mirror a document in versions that the database, brought back, does not know."""
    index("1", title="Borgerkontakt")
    build()
    before = IndexVersion.next()
    for _time in range(5):
        index("1", title=f"Sagsbehandling {_time}")
        mirror.catch_up()
    _restored(before)
    index("1", title="Fortrolig", audiences=("group:x",))


@pytest.mark.every_database
def test_an_index_that_is_newer_than_a_restored_database_answers_no_more(index: Index) -> None:
    _changed_after_a_backup(index)
    delivered()
    assert not MirrorIndex.objects.exists()
    assert "newer than the database; run manage.py search_reindex" in EngineTrouble.objects.get(is_open=True).reason
    assert shown("sagsbehandling") == (database.vendor, [])
    assert "newer" in EngineTrouble.objects.get(is_open=True).reason, "no other reason takes its place"
    build()
    assert is_in_step()
    assert not EngineTrouble.objects.filter(is_open=True).exists()
    index("1", title="Offentlig igen")
    mirror.forget_process()
    delivered()
    assert shown("offentlig igen") == ("elasticsearch", ["Offentlig igen"])


@pytest.mark.every_database
def test_a_removal_after_a_backup_was_restored_is_no_different(index: Index) -> None:
    _changed_after_a_backup(index)
    store.remove(SOURCE, ["1"])
    delivered()
    assert not MirrorIndex.objects.exists()


def test_a_build_that_was_begun_before_a_backup_was_restored_begins_anew(index: Index) -> None:
    index("1", title="Borgerkontakt")
    index("2", title="Borgerservice")
    name = build()
    index("1", title="Sagsbehandling")
    mirror.catch_up()
    MirrorIndex.objects.update(state=MirrorIndex.BUILDING, last_key=key("1"))
    IndexedDocument.objects.filter(key=key("1")).update(version=1)
    built = rebuilding.rebuild()
    assert built.name != name
    assert not built.resumed
    assert is_in_step()


def test_an_index_that_is_not_as_the_database_is_answers_no_more(index: Index) -> None:
    for name in ("1", "2"):
        index(name, title="Borgerkontakt")
    build()
    comparing.give_up_if_different()
    assert shown("borgerkontakt")[0] == "elasticsearch"
    IndexedDocument.objects.filter(key=key("1")).update(version=10_000)
    comparing.give_up_if_different()
    assert not MirrorIndex.objects.exists()
    assert "not as the database is" in EngineTrouble.objects.get(is_open=True).reason
    assert shown("borgerkontakt")[0] == database.vendor


def test_no_index_is_given_up_on_a_doubt(index: Index, settings: Any) -> None:
    index("1", title="Borgerkontakt")
    index("2", title="Borgerservice")
    name = build()
    IndexedDocument.objects.filter(key=key("1")).update(version=10_000)
    index("2", title="På vej")
    comparing.give_up_if_different()
    assert live().name == name, "something is on its way"
    mirror.catch_up()
    address, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:9"
    comparing.give_up_if_different()
    assert live().name == name, "nobody answers"
    settings.ELASTICSEARCH_URL = ""
    comparing.give_up_if_different()
    settings.ELASTICSEARCH_URL = address
    assert live().name == name
    assert not EngineTrouble.objects.exists()


def test_what_is_written_during_each_look_is_not_taken_for_a_difference(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index("1", title="Borgerkontakt")
    index("2", title="Borgerservice")
    name = build()
    looks: list[comparing.Comparison] = []
    honest = comparing.compare

    def while_written(name: str) -> comparing.Comparison:
        found = honest(name)
        looks.append(replace(found, outdated=(key(str(len(looks) + 1)),)))
        return looks[-1]

    monkeypatch.setattr(comparing, "compare", while_written)
    comparing.give_up_if_different()
    assert len(looks) == 2
    assert live().name == name
