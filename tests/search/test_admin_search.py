"""The admin's own search boxes answer whatever is typed; the stock embedded backend answers some of it with a 500."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Phrase, PlainText
from wagtail.snippets.models import get_snippet_models

from portal.core import outbox
from search.api import SearchQuery, reindex_object, search
from search.wagtail_backend import tidy
from tests.search.conftest import Index
from tests.search.hostile import HOSTILE

pytestmark = [pytest.mark.every_database, pytest.mark.django_db]

BOXES = {
    "pages": lambda: reverse("wagtailadmin_pages:search"),
    "pages below the root": lambda: reverse("wagtailadmin_explore", args=[Page.objects.get(depth=1).pk]),
    "page chooser": lambda: reverse("wagtailadmin_choose_page_search"),
    "images": lambda: reverse("wagtailimages:index"),
    "image chooser": lambda: reverse("wagtailimages_chooser:choose_results"),
    "documents": lambda: reverse("wagtaildocs:index"),
    "document chooser": lambda: reverse("wagtaildocs_chooser:choose_results"),
    "users": lambda: reverse("wagtailusers_users:index"),
    "groups": lambda: reverse("wagtailusers_groups:index"),
    "redirects": lambda: reverse("wagtailredirects:index"),
}


@pytest.fixture
def admin() -> Client:
    user = get_user_model()._default_manager.create_superuser(
        email="redaktion@example.org", password="not-a-real-password"
    )
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def failures(client: Client, address: str) -> dict[str, int]:
    """Return what was not answered with a page."""
    answers = {name: client.get(address, {"q": _sendable(text)}).status_code for name, text in HOSTILE.items()}
    return {name: status for name, status in answers.items() if status != 200}


def _sendable(text: str) -> str:
    # A browser cannot send a lone surrogate; the server would see the replacement character.
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("box", BOXES)
def test_no_text_breaks_a_search_box(admin: Client, box: str) -> None:
    assert failures(admin, BOXES[box]()) == {}


def test_no_text_breaks_a_list_of_snippets(admin: Client) -> None:
    for model in get_snippet_models():
        assert failures(admin, reverse(model.snippet_viewset.get_url_name("list"))) == {}, model


def test_the_boxes_still_find(admin: Client) -> None:
    root = Page.objects.get(depth=1)
    root.add_child(instance=Page(title="Ældrepleje i kommunen", slug="aeldrepleje"))
    root.add_child(instance=Page(title="Digital post", slug="digital-post"))
    for text in ("ældre", '"ældrepleje', "ældrepleje *", "ÆLDREPLEJE kommunen"):
        page = admin.get(reverse("wagtailadmin_pages:search"), {"q": text}).content.decode()
        assert "Ældrepleje i kommunen" in page, text
        assert "Digital post" not in page, text


def test_a_question_without_words_finds_nothing_and_keeps_the_results_usable() -> None:
    results: Any = get_search_backend().autocomplete('" *', Page.objects.all())
    assert list(results) == []
    assert results.count() == 0
    assert dict(results.facet("content_type_id")) == {}
    assert ContentType.objects.exists()


def test_the_stock_backend_would_fail() -> None:
    """The negative control: without ours the embedded database's search breaks on the same text."""
    stock = get_search_backend("wagtail.search.backends.database")
    failed = set()
    for name in ("quote", "open quote", "nul", "space", "many words"):
        try:
            with transaction.atomic():
                list(stock.autocomplete(HOSTILE[name], Page.objects.all()))
        except Exception:
            failed.add(name)
    assert failed >= ({"space", "many words"} if connection.vendor == "sqlite" else {"nul"})


def test_tidying_keeps_the_shape_of_a_question() -> None:
    question = And([PlainText('en "to', operator="or"), Phrase("*"), Phrase("tre\x00 fire")])
    assert repr(tidy(question)) == "<And <PlainText 'en to' operator='or' boost=1> <Phrase 'tre fire'>>"
    assert tidy("_ * \u200b") is None
    assert len(str(tidy("ord " * 500)).split()) == 12


# --- What readers find is found here too, and drafts beside it -----------------------------------------------------------


@pytest.fixture
def portal(page_source: None) -> Page:
    """Pages of which one is a draft, in both indexes."""
    root = Page.objects.get(depth=1)
    for title, slug, live in (
        ("Borgerkontakt", "borgerkontakt", True),
        ("Ældrepleje", "aeldrepleje", True),
        ("Ældreråd i kladde", "kladde", False),
        ("Digital post", "digital-post", True),
    ):
        page = root.add_child(instance=Page(title=title, slug=slug, live=live))
        with transaction.atomic():
            reindex_object(page)
    while outbox.drain():
        pass
    return root


def titles(question: Any, pages: Any = None) -> list[str]:
    found = get_search_backend().autocomplete(question, Page.objects.all() if pages is None else pages)
    return [page.title for page in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kontakt med borgere", ["Borgerkontakt"]),
        ("aeldrepleje", ["Ældrepleje"]),
        ("ÆLDREPLEJE", ["Ældrepleje"]),
        ("ældre", ["Ældrepleje", "Ældreråd i kladde"]),
        ("aeldreraad", ["Ældreråd i kladde"]),
        ("digital", ["Digital post"]),
    ],
)
def test_words_are_found_as_readers_find_them_and_drafts_too(portal: Page, text: str, expected: list[str]) -> None:
    assert titles(text) == expected
    assert titles(PlainText(text)) == expected


def test_nothing_is_found_outside_of_what_the_editor_may_see(portal: Page) -> None:
    hers = Page.objects.exclude(pk=Page.objects.get(slug="borgerkontakt").pk)
    assert titles("kontakt med borgere", hers) == []
    results: Any = get_search_backend().autocomplete("ældre", hers)
    assert results.count() == 2


def test_the_number_of_something_else_is_not_taken_for_a_page_s(portal: Page, index: Index) -> None:
    page = Page.objects.get(slug="digital-post")
    index(str(page.pk), title="Zebra", kind="page")
    assert [hit.title_text for hit in search(SearchQuery(text="zebra")).hits] == ["Zebra"]
    assert titles("zebra") == []


def test_what_is_private_to_readers_is_found_by_editors(portal: Page) -> None:
    page = Page.objects.get(slug="borgerkontakt")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    while outbox.drain():
        pass
    assert titles("kontakt med borgere") == ["Borgerkontakt"]
    assert not search(SearchQuery(text="kontakt med borgere")).hits


def test_merged_results_are_counted_cut_and_divided(portal: Page) -> None:
    results: Any = get_search_backend().autocomplete("ældre", Page.objects.all())
    assert results.count() == len(results) == 2
    assert [page.title for page in results[1:2]] == ["Ældreråd i kladde"]
    assert results[0].title == "Ældrepleje"
    assert sum(results.facet("content_type_id").values()) == 2
    ordered: Any = get_search_backend().autocomplete("ældre", Page.objects.order_by("-title"), order_by_relevance=False)
    assert [page.title for page in ordered] == ["Ældreråd i kladde", "Ældrepleje"]


def test_the_boxes_of_the_admin_find_so(portal: Page, admin: Client) -> None:
    for address in (reverse("wagtailadmin_pages:search"), reverse("wagtailadmin_choose_page_search")):
        html = admin.get(address, {"q": "kontakt med borgere"}).content.decode()
        assert "Borgerkontakt" in html, address
        assert "Digital post" not in html
    assert "Ældreråd i kladde" in admin.get(reverse("wagtailadmin_pages:search"), {"q": "aeldreraad"}).content.decode()


def test_the_number_of_queries_is_bounded(portal: Page) -> None:
    titles("ældre")
    counts = []
    for size in (3, 40):
        for number in range(size):
            portal.add_child(instance=Page(title=f"Ældre {size} {number}", slug=f"a{size}-{number}"))
        with CaptureQueriesContext(connection) as queries:
            assert len(titles("aeldre")) >= size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
