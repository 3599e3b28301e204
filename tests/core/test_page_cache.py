"""A stored page is the page that would be drawn: after every change, for every asker, in every process."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.test import Client
from PIL import Image as Picture
from wagtail import hooks
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, PageViewRestriction, Site

from portal.core import page_cache, sections
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.page_cache.generation import DatabaseGeneration, FileGeneration
from portal.core.page_cache.store import PageStore, StoredPage
from portal.core.page_cache.watch import is_shown
from portal.pages.api import HomePage
from portal.pages.models import SiteSettings, StandardPage
from tests.support.services import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cache(settings: Any, tmp_path: Path) -> Path:
    """Switch the page cache on with a generation of this test's own."""
    settings.PAGE_CACHE = True
    settings.PAGE_CACHE_FILE = str(tmp_path / "generation")
    return tmp_path / "generation"


@pytest.fixture
def page() -> StandardPage:
    home = HomePage.objects.get()
    section = home.add_child(instance=StandardPage(title="Om portalen", slug="om", lead="Første udgave."))
    return section.add_child(instance=StandardPage(title="Privatliv", slug="privatliv", lead="Første udgave."))


@pytest.fixture
def visitor() -> Client:
    return Client()


ADDRESS = "/om/privatliv/"


def state(client: Client, address: str = ADDRESS, **headers: Any) -> str:
    response = client.get(address, headers=headers or None)
    return response.get("X-Page-Cache", "") or str(response.status_code)


def text(client: Client, address: str = ADDRESS) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def republish(page: StandardPage, lead: str) -> None:
    page = StandardPage.objects.get(pk=page.pk)
    page.lead = lead
    page.save_revision().publish()


# --- Each cause, at once -------------------------------------------------------------------------------------------


def _restrict_for_group(page: StandardPage) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.create(name="Jurister"))


def _save_image(page: StandardPage) -> None:
    data = BytesIO()
    Picture.new("RGB", (1, 1)).save(data, "PNG")
    get_image_model().objects.create(title="Billede", file=ContentFile(data.getvalue(), "billede.png"))


def _save_document(page: StandardPage) -> None:
    get_document_model().objects.create(title="Dokument", file=ContentFile(b"tekst", "dokument.txt"))


def _save_settings(page: StandardPage) -> None:
    SiteSettings.for_site(Site.objects.get(is_default_site=True)).save()


def _change_behind_the_models(page: StandardPage) -> None:
    StandardPage.objects.filter(pk=page.pk).update(lead="Anden udgave.")
    page_cache.bump()


def _rename_section(page: StandardPage) -> None:
    parent = page.get_parent().specific
    parent.slug = "andet"
    parent.save_revision().publish()


CAUSES: dict[str, Callable[[StandardPage], Any]] = {
    "publish": lambda page: republish(page, "Anden udgave."),
    "publish by saving": lambda page: StandardPage.objects.get(pk=page.pk).save(),
    "publish another page": lambda page: republish(page.get_parent().specific, "Anden udgave."),
    "unpublish": lambda page: page.unpublish(),
    "delete": lambda page: Page.objects.get(pk=page.pk).delete(),
    "delete the parent": lambda page: page.get_parent().delete(),
    "move": lambda page: Page.objects.get(pk=page.pk).move(HomePage.objects.get(), pos="last-child"),
    "slug of the parent": _rename_section,
    "create below": lambda page: page.add_child(instance=StandardPage(title="Ny", slug="ny")),
    "settings": _save_settings,
    "image": _save_image,
    "document": _save_document,
    "collection": lambda page: Collection.get_first_root_node().add_child(name="Samling"),
    "redirect": lambda page: Redirect.objects.create(old_path="/x", redirect_page=page),
    "site": lambda page: Site.objects.get(is_default_site=True).save(),
    "restriction": lambda page: PageViewRestriction.objects.create(page=page, restriction_type="login"),
    "restriction for a group": _restrict_for_group,
    "a row that was changed behind the models": _change_behind_the_models,
}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_change_is_seen_at_once(page: StandardPage, visitor: Client, cause: str) -> None:
    assert [state(visitor), state(visitor)] == ["miss", "hit"]
    CAUSES[cause](page)
    after = visitor.get(ADDRESS)
    assert after.get("X-Page-Cache") != "hit"
    assert after.content == Client().get(ADDRESS).content


def test_what_is_published_is_what_is_read(page: StandardPage, visitor: Client) -> None:
    assert "Første udgave." in text(visitor)
    for lead in ("Anden udgave.", "Tredje udgave."):
        republish(page, lead)
        assert lead in text(visitor)
        assert lead in text(visitor)


def test_a_draft_and_an_undone_change_leave_the_stored_page(page: StandardPage, visitor: Client) -> None:
    state(visitor)
    page.title = "Kladde"
    page.save_revision()
    with transaction.atomic():
        republish(page, "Fortrudt.")
        transaction.set_rollback(True)
    assert state(visitor) == "hit"


def test_a_change_is_not_seen_before_it_is_committed(page: StandardPage, visitor: Client) -> None:
    state(visitor)
    with transaction.atomic():
        republish(page, "Anden udgave.")
        assert state(visitor) == "hit"
    assert "Anden udgave." in text(visitor)


def test_a_page_drawn_while_it_changes_is_not_kept(page: StandardPage, visitor: Client) -> None:
    def change(*args: Any) -> None:
        if not changed:
            changed.append(True)
            republish(page, "Anden udgave.")

    changed: list[bool] = []
    with hooks.register_temporarily("before_serve_page", change):
        assert "Første udgave." in text(visitor)
    assert "Anden udgave." in text(visitor)


def test_an_import_of_many_rows_is_one_bump(page: StandardPage, cache: Path) -> None:
    before = cache.stat().st_size
    with transaction.atomic():
        for number in range(50):
            with transaction.atomic():
                Redirect.objects.create(old_path=f"/{number}", redirect_page=page)
    assert cache.stat().st_size == before + 1


def test_a_bump_of_an_undone_part_does_not_swallow_the_one_that_counts(page: StandardPage, cache: Path) -> None:
    before = cache.stat().st_size
    with transaction.atomic():
        with transaction.atomic():
            Redirect.objects.create(old_path="/a", redirect_page=page)
            transaction.set_rollback(True)
        Redirect.objects.create(old_path="/b", redirect_page=page)
    assert cache.stat().st_size == before + 1


def test_every_model_of_ours_counts_unless_it_is_named() -> None:
    ours = [model for model in apps.get_models() if "site-packages" not in model._meta.app_config.path]
    assert {model for model in ours if model._meta.app_label == "pages" and not is_shown(model)} == set()
    assert not is_shown(OutboxMessage)
    assert not is_shown(AuditEntry)
    third_party = {model._meta.label for model in apps.get_models() if model not in ours and is_shown(model)}
    assert third_party == {
        "wagtailcore.Page",
        "wagtailcore.Site",
        "wagtailcore.Locale",
        "wagtailcore.Collection",
        "wagtailcore.CollectionViewRestriction",
        "wagtailcore.PageViewRestriction",
        "wagtailimages.Image",
        "wagtaildocs.Document",
        "wagtailredirects.Redirect",
    }


# --- Who gets what -------------------------------------------------------------------------------------------------


def test_a_visitor_with_a_session_gets_her_own_page(page: StandardPage, visitor: Client) -> None:
    editor = Client()
    editor.force_login(get_user_model()._default_manager.create_superuser(email="r@example.org", password="x" * 20))
    assert state(editor) == "200"
    assert state(visitor) == "miss"
    assert state(editor) == "200"


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_a_private_page_is_never_stored_and_never_leaks(page: StandardPage, visitor: Client, kind: str) -> None:
    republish(page, "Kanariefugl.")
    assert "Kanariefugl." in text(visitor)
    restriction = PageViewRestriction.objects.create(page=page.get_parent(), restriction_type=kind, password="hemmelig")
    member = Client()
    user = get_user_model()._default_manager.create_user(email="m@example.org", password="x" * 20)
    if kind == "groups":
        restriction.groups.add(group := Group.objects.create(name="Jurister"))
        user.groups.add(group)
    member.force_login(user)
    if kind == "password":
        address = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
        member.post(address, {"password": "hemmelig", "return_url": ADDRESS})
    assert "Kanariefugl." in text(member)
    for client in (visitor, Client()):
        for _again in range(2):
            response = client.get(ADDRESS)
            assert b"Kanariefugl." not in response.content
            assert "X-Page-Cache" not in response


def test_a_page_with_a_form_token_is_not_stored(page: StandardPage, visitor: Client) -> None:
    with hooks.register_temporarily(
        "before_serve_page", lambda page, request, args, kwargs: get_token(request) and None
    ):
        assert [state(visitor), state(visitor)] == ["200", "200"]
        assert state(Client()) == "200"


def test_a_page_with_a_section_for_the_asker_is_not_stored(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [state(visitor, "/"), state(visitor, "/")] == ["miss", "hit"]
    monkeypatch.setattr(sections, "_registry", {**sections._registry, "pages.home": {}})
    sections.register("pages.home", "tests.mine", lambda request, page: None, order=1, cacheable=False)
    page_cache.bump()
    assert [state(visitor, "/"), state(visitor, "/")] == ["200", "200"]


@pytest.mark.parametrize("word", ["no-store", "private", "no-cache"])
def test_a_page_that_says_no_is_not_stored(
    page: StandardPage, visitor: Client, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = StandardPage.serve

    def serve(self: StandardPage, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = original(self, request, *args, **kwargs)
        response["Cache-Control"] = word
        return response

    monkeypatch.setattr(StandardPage, "serve", serve)
    assert [state(visitor), state(visitor)] == ["200", "200"]


@pytest.mark.parametrize(
    "address", ["/findes-ikke/", "/soeg/?q=x", "/admin/login/", ADDRESS + "?utm_source=x", ADDRESS + "?side=1&x=2"]
)
def test_only_plain_addresses_of_pages_are_stored(page: StandardPage, visitor: Client, address: str) -> None:
    for _again in range(2):
        assert "X-Page-Cache" not in visitor.get(address)


def test_each_address_language_and_query_is_a_page_of_its_own(page: StandardPage, visitor: Client) -> None:
    for address in (ADDRESS, "/en" + ADDRESS, ADDRESS + "?side=1", ADDRESS + "?side=2"):
        assert [state(visitor, address), state(visitor, address)] == ["miss", "hit"]
    assert '<html lang="da"' in text(visitor)
    assert '<html lang="en"' in text(visitor, "/en" + ADDRESS)


def test_other_methods_and_hosts_pass_by(page: StandardPage, visitor: Client) -> None:
    state(visitor)
    assert "X-Page-Cache" not in visitor.head(ADDRESS)
    assert "X-Page-Cache" not in visitor.post(ADDRESS)
    assert visitor.get(ADDRESS, headers={"host": "fremmed.example"}).status_code == 400
    assert state(visitor, authorization="Basic eDp5") == "200"
    assert [state(visitor, host="localhost"), state(visitor, host="localhost")] == ["miss", "hit"]


def test_a_stored_page_is_the_drawn_one_and_costs_no_query(
    page: StandardPage, visitor: Client, django_assert_num_queries: Any
) -> None:
    drawn = visitor.get(ADDRESS)
    with django_assert_num_queries(0):
        stored = visitor.get(ADDRESS)
    assert stored.content == drawn.content
    headers = {name: value for name, value in drawn.items() if name != "X-Page-Cache"}
    assert headers == {name: value for name, value in stored.items() if name != "X-Page-Cache"}
    assert "Content-Security-Policy" in stored
    assert not visitor.cookies


def test_a_browser_that_has_the_page_is_told_so(page: StandardPage, visitor: Client) -> None:
    etag = visitor.get(ADDRESS)["ETag"]
    unchanged = visitor.get(ADDRESS, headers={"if-none-match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    republish(page, "Anden udgave.")
    changed = visitor.get(ADDRESS, headers={"if-none-match": etag})
    assert (changed.status_code, changed["ETag"] != etag) == (200, True)


# --- Time ----------------------------------------------------------------------------------------------------------


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


# --- Processes and threads -----------------------------------------------------------------------------------------


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


# --- The parts -----------------------------------------------------------------------------------------------------


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
