"""Who is answered from memory, and who never is."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.test import Client
from wagtail import hooks
from wagtail.models import PageViewRestriction

from portal.core import page_cache, sections
from portal.pages.models import StandardPage
from tests.core.page_cache.reading import ADDRESS, republish, state, text

pytestmark = pytest.mark.django_db(transaction=True)


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
    "address",
    [
        "/findes-ikke/",
        "/soeg/?q=x",
        "/admin/login/",
        f"{ADDRESS}?utm_source=x",
        f"{ADDRESS}?side=1&x=2",
        f"{ADDRESS}?side=abc",
        f"{ADDRESS}?side=1234",
    ],
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
