"""A full disk or a read-only database: an error page in the portal's look, and nothing half-written.

SQLite is the engine here, since it can be made to fail for real and on the spot: `max_page_count` is what a full disk is
to it, and a file opened with `mode=ro` answers as one that nobody may write.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection
from django.db.backends.sqlite3._functions import register as register_functions
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from events.api import Occurrence
from profilecatalog.assessment.models import Response
from profilecatalog.profiles.models import ProfilePage, ProfileRelease
from tests.assessment.pages import draw, filled, public_url
from tests.browser.pages import PUBLIC
from tests.events.test_editors import time_form
from tests.factories.accounts import editor
from tests.factories.assessment import profile, release_of
from tests.factories.events import EventPageFactory
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, profile_index
from tests.profiles.forms import edit_data
from tests.profiles.helpers import draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL cannot be filled up from a test"),
]

Failing = Callable[[], Any]


@contextmanager
def moved_to(name: str, *, at_start: str = "") -> Iterator[None]:
    """Let the site work on another file, opened with these statements."""
    settings = connection.settings_dict
    before, options = settings["NAME"], settings["OPTIONS"]
    connection.close()
    settings["NAME"] = name
    settings["OPTIONS"] = {**options, "init_command": options.get("init_command", "") + at_start}
    try:
        yield
    finally:
        connection.close()
        settings["NAME"], settings["OPTIONS"] = before, options


def copied(file: Path) -> Path:
    """Copy what the site has now; in small pages, so that every new row of some length needs another one."""
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        register_functions(copy)  # constraints are checked while it is packed
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA page_size=512")
        copy.execute("VACUUM")
        copy.execute("PRAGMA journal_mode=WAL")
    return file


@pytest.fixture(params=["full", "read-only"])
def failing(request: pytest.FixtureRequest, tmp_path: Path) -> Failing:
    """Return what lets the database refuse to write, for as long as the block lasts."""

    @contextmanager
    def full() -> Iterator[None]:
        file = copied(tmp_path / "full.sqlite3")
        with closing(sqlite3.connect(file)) as copy:
            (pages,) = copy.execute("PRAGMA page_count").fetchone()
        with moved_to(str(file), at_start=f"PRAGMA max_page_count={pages};"):
            yield

    @contextmanager
    def read_only() -> Iterator[None]:
        with moved_to(f"file:{copied(tmp_path / 'read-only.sqlite3')}?mode=ro"):
            yield

    return full if request.param == "full" else read_only


def rows() -> dict[str, int]:
    """Return how many rows every table holds."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {model._meta.label: model._default_manager.count() for model in models}


@dataclass(frozen=True)
class Act:
    """Something that writes, ready to be sent; and what it is a proof of when it works."""

    send: Callable[[Client], Any]
    works: Callable[[], bool]


def new_profile() -> Act:
    page = ProfilePageFactory.build(title="Ny profil", slug="ny-profil")
    page.groups = [group("En", item(CompetenceFactory.create()))]
    address = reverse("wagtailadmin_pages:add", args=["profiles", "profilepage", profile_index().pk])
    data = edit_data(page, **{"action-publish": "1"})
    return Act(lambda client: client.post(address, data), lambda: ProfilePage.objects.live().exists())


def changed_profile() -> Act:
    page = ProfilePageFactory.make(title="Det gamle navn")
    choice = {"release_change": "clarified", "release_reason": "Et bedre navn."}
    data = edit_data(draft(page), title="Et nyt navn", **choice, **{"action-publish": "1"})
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def works() -> bool:
        page.refresh_from_db()
        return page.title == "Et nyt navn" and ProfileRelease.objects.filter(profile=page, number=2).exists()

    return Act(lambda client: client.post(address, data), works)


def answered_form() -> Act:
    page = profile(competences=12)
    address = public_url(page)
    data = filled(release_of(page), "2", token=draw(address), municipality="0461")
    return Act(lambda client: Client(raise_request_exception=False).post(address, data), Response.objects.exists)


def new_meeting_time() -> Act:
    data = time_form(EventPageFactory.make(), access_notes="Trinfri adgang. " * 60)
    return Act(lambda client: client.post(reverse("occurrence:add"), data), Occurrence.objects.exists)


ACTS = [new_profile, changed_profile, answered_form, new_meeting_time]


@pytest.fixture
def admin() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(editor())
    return client


@pytest.mark.parametrize("prepare", ACTS)
def test_nothing_is_half_written_and_the_page_says_so(
    prepare: Callable[[], Act], failing: Failing, admin: Client
) -> None:
    act = prepare()
    with failing():
        before = rows()
        response = act.send(admin)
        after = rows()
        worked = act.works()
    html = response.content.decode()
    assert response.status_code == 500
    assert after == before
    assert not worked
    assert "Noget gik galt hos os" in html
    assert "portal/css/portal.css" in html
    assert "OperationalError" not in html


@pytest.mark.parametrize("prepare", ACTS)
def test_the_same_works_where_there_is_room(prepare: Callable[[], Act], admin: Client, tmp_path: Path) -> None:
    """The counter-proof: it is the failing database that the test above sees, nothing else."""
    act = prepare()
    with moved_to(str(copied(tmp_path / "roomy.sqlite3"))):
        assert act.send(admin).status_code in {200, 302}
        assert act.works()


def test_a_read_only_database_is_read_by_everybody(example_site: None, tmp_path: Path) -> None:
    client = Client(raise_request_exception=False)
    # What stands behind a mail's link is made for the test, and opening it is noted in a session or counted.
    stored = [screen for screen in PUBLIC if isinstance(screen.path, str) and "/x/" not in screen.path]
    assert len(stored) > 30
    with moved_to(f"file:{copied(tmp_path / 'read-only.sqlite3')}?mode=ro"):
        with pytest.raises(OperationalError):
            Page.objects.update(live=False)
        assert Page.objects.count() > 40
        answers = {screen.path: client.get(screen.address).status_code for screen in stored}
    assert answers == {screen.path: screen.status for screen in stored}
