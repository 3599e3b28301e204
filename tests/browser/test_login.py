"""Log in as people do: with an app, a recovery code, a passkey, without JavaScript, with the keyboard alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import Page, expect

from portal.core import outbox
from tests.factories.accounts import PASSWORD, administrator, user
from tests.support.browser import by_name
from tests.support.login import code, has_app, links_in, with_app
from tests.support.quality import axe, html_errors

pytestmark = [pytest.mark.django_db(transaction=True)]
EMAIL = "kim@hk.example"


def fill_in(page: Page, email: str = EMAIL, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Adgangskode", exact=True).fill(password)
    page.get_by_role("button", name="Log ind", exact=True).click()


def faultless(page: Page) -> None:
    assert not axe(page)
    assert not html_errors(page.content())
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")


@pytest.mark.parametrize("script", [True, False])
def test_an_administrator_sets_up_an_app_and_uses_a_recovery_code(
    new_visitor: Callable[..., Page], script: bool
) -> None:
    """The same with and without JavaScript."""
    boss = administrator(EMAIL)
    page = new_visitor(java_script_enabled=script)
    page.goto("/admin/pages/")
    fill_in(page)
    expect(page.get_by_role("heading", name="Sæt totrinslogin op")).to_be_visible()
    page.get_by_role("link", name="Sæt en app op").click()
    secret = page.get_by_label("Nøglen, hvis appen ikke kan læse billedet").input_value()
    page.get_by_label("Kode fra appen").fill("000000")
    page.get_by_role("button", name="Sæt op").click()
    expect(page.get_by_text("Koden er forkert").first).to_be_visible()
    page.get_by_label("Kode fra appen").fill(code(secret))
    page.get_by_role("button", name="Sæt op").click()
    expect(page.get_by_role("heading", name="Gendannelseskoder")).to_be_visible()
    spare = page.locator("code").first.inner_text()
    page.get_by_role("link", name="Jeg har gemt koderne: gå videre").click()
    expect(page).to_have_url(re.compile(r"/admin/pages/"))
    assert has_app(boss)
    later = new_visitor(java_script_enabled=script)
    later.goto("/konto/log-ind/")
    fill_in(later)
    later.get_by_label("Kode", exact=True).fill(spare)
    later.get_by_role("button", name="Log ind").click()
    expect(later.get_by_label("Kode", exact=True)).to_have_count(0)
    later.goto("/admin/")
    expect(later).to_have_url(re.compile(r"/admin/$"))


def test_a_passkey_is_added_and_opens_the_door_without_a_password(
    new_visitor: Callable[..., Page], live_server: Any, authenticator: Callable[[Page], str]
) -> None:
    boss = administrator(EMAIL)
    page = new_visitor(base_url=by_name(live_server.url))
    authenticator(page)
    page.goto("/admin/")
    fill_in(page)
    page.get_by_role("link", name="Tilføj en adgangsnøgle").click()
    page.get_by_label("Hvad du kalder den").fill("Arbejdstelefon")
    faultless(page)
    page.get_by_role("button", name="Tilføj adgangsnøglen").click()
    expect(page.get_by_role("heading", name="Gendannelseskoder")).to_be_visible()
    assert Authenticator.objects.get(user=boss, type="webauthn").wrap().name == "Arbejdstelefon"
    page.goto("/konto/sikkerhed/")
    expect(page.get_by_text("Arbejdstelefon", exact=True)).to_be_visible()
    faultless(page)
    page.get_by_role("main").get_by_role("button", name="Log ud").click()
    page.goto("/konto/log-ind/?next=/admin/")
    page.get_by_role("button", name="Brug en adgangsnøgle").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))


def test_a_passkey_is_the_second_step_and_asks_again_before_it_is_removed(
    new_visitor: Callable[..., Page], live_server: Any, authenticator: Callable[[Page], str]
) -> None:
    user()
    page = new_visitor(base_url=by_name(live_server.url))
    authenticator(page)
    page.goto("/konto/log-ind/?next=/konto/sikkerhed/")
    fill_in(page)
    page.get_by_role("link", name="Tilføj en adgangsnøgle").click()
    page.get_by_label("Hvad du kalder den").fill("Nøgle")
    page.get_by_role("button", name="Tilføj adgangsnøglen").click()
    expect(page.get_by_role("heading", name="Gendannelseskoder")).to_be_visible()
    page.goto("/konto/sikkerhed/")
    page.get_by_role("main").get_by_role("button", name="Log ud").click()
    page.goto("/konto/log-ind/?next=/konto/sikkerhed/")
    fill_in(page)
    expect(page.get_by_role("heading", name="Andet trin af login")).to_be_visible()
    faultless(page)
    page.get_by_role("button", name="Brug en adgangsnøgle").click()
    expect(page.get_by_role("heading", name="Dit login")).to_be_visible()
    page.get_by_role("link", name="Fjern Nøgle").click()
    page.get_by_role("button", name="Fjern adgangsnøglen").click()
    expect(page.get_by_role("heading", name="Dit login")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_without_javascript_passkeys_say_what_they_need(plain_page: Page) -> None:
    plain_page.goto("/konto/log-ind/")
    expect(plain_page.get_by_text("Adgangsnøgler kræver JavaScript")).to_be_visible()
    expect(plain_page.get_by_role("button", name="Brug en adgangsnøgle")).to_be_hidden()


def test_with_the_keyboard_alone(page: Page) -> None:
    with_app(user())
    page.goto("/konto/log-ind/?next=/konto/sikkerhed/")
    page.get_by_label("E-mail").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type("forkert-adgangskode")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    faultless(page)
    page.get_by_label("Adgangskode", exact=True).focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Kode", exact=True)).to_be_visible()
    page.get_by_label("Kode", exact=True).focus()
    page.keyboard.type(code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dit login")).to_be_visible()
    faultless(page)


def test_a_new_person_opens_an_account(page: Page) -> None:
    page.goto("/konto/opret/")
    page.get_by_label("E-mail").fill("ny@kl.example")
    page.get_by_role("button", name="Send mig et link").click()
    expect(page.get_by_role("heading", name="Se i din indbakke")).to_be_visible()
    outbox.drain()
    (link,) = links_in(str(mail.outbox[-1].body))
    page.goto(link)
    faultless(page)
    page.get_by_label("Fornavn").fill("Ny")
    page.get_by_label("Efternavn").fill("Bruger")
    page.get_by_label("Vælg en adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Opret kontoen").click()
    expect(page).to_have_url(re.compile(r"/min-side/"))
    for path in ("/konto/email/", "/konto/adgangskode/", "/konto/sikkerhed/app/", "/konto/log-ud/"):
        page.goto(path)
        faultless(page)
