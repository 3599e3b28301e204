"""A municipality's own login in a real browser, the providers on ports of their own: another origin, as ever."""

import re
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import Page, expect

from portal.accounts.api import Membership
from portal.core.roles import Role
from tests.support.browser import Guard
from tests.support.identity.browsing import trust
from tests.support.identity.fixtures import Running
from tests.support.quality import axe, html_errors

pytestmark = [pytest.mark.usefixtures("example_site"), pytest.mark.xdist_group("identity")]

WANTED = "/kommuner/odense/"


def choose(page: Page, municipality: str, next_path: str = WANTED) -> None:
    """Open the login page on the way to somewhere, and choose the municipality."""
    page.goto(f"/konto/log-ind/?next={next_path}")
    page.get_by_label("Din kommune", exact=True).select_option(label=municipality)
    page.get_by_role("button", name="Videre til din kommunes login").click()


def expect_logged_in(page: Page) -> None:
    expect(page).to_have_url(re.compile(f"{WANTED}$"))
    page.goto("/konto/kommune/mine/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Login fra kommuner")


def through_openid(page: Page) -> None:
    choose(page, "Odense")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kommunens login")
    page.get_by_role("button", name="Log ind som anna").click()
    expect_logged_in(page)


def through_saml(page: Page) -> None:
    choose(page, "Odense")
    expect(page.get_by_role("heading", level=1)).to_have_text("MitID Erhverv")
    page.get_by_role("button", name="Log ind som anna").click()
    page.get_by_role("button", name="Fortsæt").click()
    expect_logged_in(page)


def test_openid_from_the_login_page_to_the_page_that_was_asked_for(page: Page, openid: Running) -> None:
    through_openid(page)
    account = SocialAccount.objects.get()
    assert account.provider == "odense"
    assert Membership.objects.get(user=account.user).role == Role.EMPLOYEE


def test_openid_without_javascript(plain_page: Page, openid: Running) -> None:
    through_openid(plain_page)


def test_saml_from_the_login_page_to_the_page_that_was_asked_for(page: Page, saml: Running, live_server: Any) -> None:
    trust(saml, portal=live_server.url)
    through_saml(page)
    account = SocialAccount.objects.get()
    assert account.provider == "faelles"
    assert Membership.objects.get(user=account.user).municipality.code == "0461"


def test_saml_without_javascript(plain_page: Page, saml: Running, live_server: Any) -> None:
    trust(saml, portal=live_server.url)
    through_saml(plain_page)


def test_a_refusal_says_what_to_do_and_lets_her_try_again(page: Page, openid: Running, guard: Guard) -> None:
    guard.expect("403")
    openid.behave(claims={"tid": "another"})
    choose(page, "Odense")
    page.get_by_role("button", name="Log ind som anna").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit login hører til en anden organisation")
    assert not axe(page)
    assert not html_errors(page.content())
    openid.behave()
    page.get_by_label("Din kommune", exact=True).select_option(label="Odense")
    page.get_by_role("button", name="Videre til din kommunes login").click()
    page.get_by_role("button", name="Log ind som anna").click()
    expect(page).to_have_url(re.compile("/konto/(?!kommune/)|/min-side/"))
    assert SocialAccount.objects.count() == 1


def test_choosing_nothing_is_told_at_the_field(page: Page, openid: Running, guard: Guard) -> None:
    guard.expect("400")
    page.goto("/konto/kommune/")
    assert not axe(page)
    page.evaluate("document.querySelector('#id_connection').form.noValidate = true")
    page.get_by_role("button", name="Videre til din kommunes login").click()
    expect(page.locator(".form-error-message")).to_have_text("Vælg din kommune.")
    assert not axe(page)


def test_the_page_of_ones_own_logins(page: Page, openid: Running) -> None:
    through_openid(page)
    assert not axe(page)
    assert not html_errors(page.content())
    expect(page.locator("main")).to_contain_text("Odense Kommune")
    expect(page.locator("main")).to_contain_text("eneste vej ind")
