"""The admin's own search boxes answer whatever is typed; the stock embedded backend answers some of it with a 500."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Phrase, PlainText
from wagtail.snippets.models import get_snippet_models

from search.wagtail_backend import tidy
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
