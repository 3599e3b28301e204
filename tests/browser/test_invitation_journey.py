"""A coordinator invites a manager, who accepts with a passkey and sees her unit only; and an embed key's whole life."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from portal.accounts.api import Membership
from portal.core import outbox
from portal.core.roles import Role
from profilecatalog.assessment.api import EmbedKey
from tests.accounts.invited import path_in
from tests.assessment.pages import embed_url
from tests.factories.accounts import PASSWORD, coordinator
from tests.factories.assessment import profile
from tests.factories.organisations import municipality, unit
from tests.support.browser import Guard, by_name
from tests.support.login import code, with_app
from tests.support.quality import axe

pytestmark = pytest.mark.django_db(transaction=True)
CHOSEN = "en-helt-ny-adgangskode-2026"
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def visitor(new_visitor: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Open a page under a name: passkeys belong to names, and an address of numbers is none."""
    return lambda **options: new_visitor(base_url=by_name(live_server.url), **options)


def picture(page: Page, name: str) -> None:
    """Keep what the screen looks like, wide and narrow, where SCREENS names a folder; and hold it to the rules."""
    assert axe(page) == []
    if folder := os.environ.get("SCREENS"):
        wide = page.viewport_size
        page.screenshot(path=Path(folder) / f"{name}-1280.png", full_page=True)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.screenshot(path=Path(folder) / f"{name}-360.png", full_page=True)
        page.set_viewport_size(wide)


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/konto/log-ind/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Adgangskode", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Log ind", exact=True).click()


@pytest.fixture
def coordinating(visitor: Callable[..., Page]) -> Page:
    """A coordinator who has logged in with password and code."""
    boss = with_app(coordinator(municipality()))
    page = visitor()
    sign_in(page, str(boss.email), PASSWORD)
    page.get_by_label("Kode", exact=False).first.fill(code())
    page.get_by_role("main").get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url(lambda url: "/kode/" not in url and "/log-ind/" not in url)
    page.goto("/min-kommune/odense/invitationer/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invitationer")
    return page


def status(page: Page, address: str) -> int:
    response = page.goto(address)
    assert response is not None
    return response.status


def test_an_invited_manager_enrols_a_passkey_and_sees_her_unit_only(
    coordinating: Page, visitor: Callable[..., Page], authenticator: Callable[[Page], str], guard: Guard
) -> None:
    guard.expect("404")
    hers, other = unit("Jobcenter"), unit("Kanariefugl")
    page = coordinating
    picture(page, "invitationer-tom")
    page.get_by_role("link", name="Invitér en person").first.click()
    page.get_by_label("Navn").fill("Maria Holm")
    page.get_by_label("E-mail").fill("maria@odense.example")
    page.get_by_label("Rolle", exact=True).select_option(Role.MANAGER)
    page.get_by_label("Enhed").select_option(str(hers.uuid))
    picture(page, "invitation-ny")
    page.get_by_role("button", name="Send invitationen").click()
    expect(page.get_by_role("status")).to_have_text("Invitationen til Maria Holm er på vej.")
    picture(page, "invitationer")

    outbox.drain()
    (letter,) = mail.outbox
    assert letter.to == ["maria@odense.example"]
    maria = visitor()
    authenticator(maria)
    link = path_in(letter.body)
    maria.goto(link)
    assert maria.url.endswith("/invitation/")
    assert link.split("/")[2] not in maria.content()
    expect(maria.get_by_text("Kim Eksempel inviterer dig")).to_be_visible()
    picture(maria, "invitation-svar")
    expect(maria.get_by_label("Fornavn")).to_have_value("Maria")
    maria.get_by_label("Vælg en adgangskode").fill(CHOSEN)
    maria.get_by_role("button", name="Opret en konto og sig ja").click()
    expect(maria.get_by_text("Du er nu leder (Jobcenter, Odense).")).to_be_visible()
    picture(maria, "invitation-velkommen")

    maria.get_by_role("link", name="Beskyt kontoen").click()
    maria.get_by_role("link", name="Tilføj en adgangsnøgle").click()
    maria.get_by_role("button", name="Tilføj adgangsnøglen").click()
    maria.wait_for_url(lambda url: "/noegler/ny/" not in url)
    maria.goto("/konto/sikkerhed/")
    maria.get_by_role("main").get_by_role("button", name="Log ud").click()
    maria.wait_for_url("**/")
    assert status(maria, f"/enheder/{hers.uuid}/") == 200
    assert "/konto/log-ind/" in maria.url, "she is out"

    sign_in(maria, "maria@odense.example", CHOSEN)
    maria.get_by_role("button", name="Brug en adgangsnøgle").click()
    maria.wait_for_url(lambda url: "/konto/sikkerhed/kode/" not in url)
    assert status(maria, f"/enheder/{hers.uuid}/") == 200
    expect(maria.get_by_role("heading", level=1)).to_have_text("Jobcenter")
    assert "Kanariefugl" not in maria.content()
    for foreign in (f"/enheder/{other.uuid}/", "/min-kommune/odense/", "/min-kommune/odense/invitationer/"):
        assert status(maria, foreign) == 404
    assert Membership.objects.get(role=Role.MANAGER).user is not None

    assert status(visitor(), link) == 404, "the link has been used"
    page.reload()
    expect(page.get_by_role("row", name="Maria Holm")).to_contain_text("Accepteret")


def test_an_embed_key_from_its_first_day_to_its_last(
    coordinating: Page, visitor: Callable[..., Page], guard: Guard
) -> None:
    guard.expect("404")
    shown = profile(title="Borgerservice")
    page = coordinating
    page.get_by_role("link", name="Indlejring").click()
    picture(page, "indlejring-tom")
    page.get_by_label("Navn").fill("Intranet")
    page.get_by_role("button", name="Lav nøglen").click()
    expect(page.get_by_label("HTML til Borgerservice")).to_have_value(re.compile("/indlejret/"))
    picture(page, "indlejring-noegle")

    page.get_by_role("link", name="Prøv den af").click()
    frame = page.frame_locator("iframe.assessment-frame")
    expect(frame.get_by_text("Det her er en prøve")).to_be_visible()
    page.get_by_label("Adressen på jeres side").fill("http://intranet.odense.dk/hr")
    page.get_by_role("button", name="Prøv", exact=True).click()
    expect(page.get_by_text("Siden åbnes med http://")).to_be_visible()
    expect(frame.get_by_text("Det her er en prøve")).to_be_visible()
    picture(page, "indlejring-proev")

    page.get_by_role("link", name="Tilbage til nøglen").click()
    page.get_by_role("link", name="Skift nøglen").click()
    picture(page, "indlejring-skift")
    page.get_by_role("button", name="Lav den nye nøgle").click()
    expect(page.get_by_role("status")).to_contain_text("Her er den nye nøgle.")
    new = EmbedKey.objects.get(replaces__isnull=False)
    old = EmbedKey.objects.get(replaces__isnull=True)
    stranger = visitor()
    assert [status(stranger, embed_url(shown, key)) for key in (old, new)] == [200, 200]

    page.get_by_role("link", name="Luk nøglen").click()
    picture(page, "indlejring-luk")
    page.get_by_role("button", name="Luk nøglen").click()
    expect(page.get_by_role("status")).to_contain_text("Nøglen er lukket.")
    picture(page, "indlejring")
    assert [status(stranger, embed_url(shown, key)) for key in (old, new)] == [200, 404]
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Der er ingen selvvurdering på denne adresse")
