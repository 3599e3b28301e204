"""A coordinator at work: with a keyboard only, on a narrow screen, and without JavaScript; nothing needs more."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.accounts.api import Membership, membership_grant
from portal.core.roles import Role
from portal.organisations.api import Unit
from tests.browser.test_keyboard_and_reflow import NARROWEST, tab_to
from tests.factories.accounts import coordinator
from tests.factories.organisations import municipality, unit
from tests.support.browser import log_in

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/min-kommune/odense/"
WIDE = {"width": 1280, "height": 900}
FITS = "document.documentElement.scrollWidth <= innerWidth"


def said(day: dt.date) -> str:
    return day.strftime("%d-%m-%Y")


@pytest.mark.parametrize("viewport", [WIDE, NARROWEST], ids=["wide", "320"])
def test_a_person_is_added_moved_and_ended_without_javascript(
    new_visitor: Callable[..., Page], viewport: dict[str, int]
) -> None:
    top, team = unit("Borgerservice"), unit("Team Kontakt")
    page = new_visitor(java_script_enabled=False, viewport=viewport)
    log_in(page, coordinator(municipality()))
    page.goto("/min-kommune/")
    menu = page.get_by_role("navigation", name="Odense")
    expect(menu.get_by_role("link", name="Overblik")).to_have_attribute("aria-current", "page")
    menu.get_by_role("link", name="Medlemmer").click()
    page.get_by_role("link", name="Tilføj en person").first.click()
    page.get_by_label("Navn").fill("Maria Holm")
    page.get_by_label("E-mail").fill("ikke en adresse")
    page.get_by_label("Rolle", exact=True).select_option(Role.EMPLOYEE)
    page.get_by_label("Enhed").select_option(str(top.uuid))
    page.get_by_role("button", name="Tilføj").click()
    expect(page.get_by_role("heading", name="Der er problemer")).to_be_visible()
    expect(page.get_by_label("Navn")).to_have_value("Maria Holm")
    assert page.evaluate(FITS)
    page.get_by_label("E-mail").fill("maria@odense.example")
    page.get_by_role("button", name="Tilføj").click()
    expect(page.get_by_role("status")).to_contain_text("Maria Holm er tilføjet og venter")

    menu.get_by_role("link", name="Medlemmer").click()
    page.get_by_label("Navn, e-mail eller medarbejdernummer").fill("maria")
    page.locator(".filter-panel").get_by_role("button").click()
    page.get_by_label("Vælg Maria Holm").check()
    page.get_by_role("button", name="Flyt de markerede").click()
    expect(page.get_by_text("Maria Holm")).to_be_visible()
    page.get_by_label("Flyt til").select_option(str(team.uuid))
    page.get_by_role("button", name="Flyt", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("1 person er flyttet til Team Kontakt.")
    assert page.evaluate(FITS)

    page.get_by_role("link", name="Maria Holm").click()
    page.get_by_role("link", name="Afslut").click()
    page.get_by_label("Nu", exact=True).check()
    page.get_by_role("button", name="Afslut medlemskabet").click()
    expect(page.get_by_role("status")).to_have_text("Medlemskabet er afsluttet.")
    assert page.evaluate(FITS)
    assert not Membership.objects.not_over().filter(email="maria@odense.example").exists()


def test_a_unit_is_added_and_moved_by_keyboard_only(new_visitor: Callable[..., Page]) -> None:
    top = unit("Borgerservice")
    page = new_visitor(reduced_motion="reduce")
    log_in(page, coordinator(municipality()))
    page.goto(f"{HOME}enheder/")
    tab_to(page, page.get_by_role("link", name="Tilføj en enhed"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tilføj en enhed")
    tab_to(page, page.get_by_label("Navn"))
    page.keyboard.type("Team Digital")
    page.keyboard.press("Tab")
    page.keyboard.type("td")
    tab_to(page, page.get_by_role("button", name="Tilføj", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Team Digital er tilføjet.")
    tab_to(page, page.get_by_role("link", name="Flyt", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Flyt: Team Digital")
    tab_to(page, page.get_by_label("Hører under"))
    page.keyboard.type("Borger")
    tab_to(page, page.get_by_role("button", name="Flyt", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Team Digital er flyttet.")
    page.goto(f"{HOME}enheder/")
    fold = page.locator("summary", has_text="1 enhed under Borgerservice")
    tab_to(page, fold)
    below = page.get_by_role("link", name="Team Digital")
    expect(below).to_be_visible()
    page.keyboard.press("Enter")
    expect(below).to_be_hidden()
    assert Unit.objects.get(code="td").placements.get().parent == top


def test_a_form_sent_twice_in_a_hurry_gives_one_row(page: Page) -> None:
    log_in(page, coordinator(municipality()))
    page.goto(f"{HOME}medlemmer/ny/")
    page.get_by_label("Navn").fill("Bo Bundgaard")
    page.get_by_label("E-mail").fill("bo@odense.example")
    page.get_by_label("Rolle", exact=True).select_option(Role.EMPLOYEE)
    page.get_by_role("button", name="Tilføj").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bo Bundgaard")
    assert Membership.objects.filter(email="bo@odense.example").count() == 1


def test_the_last_coordinator_stays(page: Page) -> None:
    kim = coordinator(municipality())
    membership_grant(actor=kim, role=Role.EMPLOYEE, user=kim, municipality=municipality())
    log_in(page, kim)
    own = Membership.objects.get(user=kim, role=Role.COORDINATOR)
    page.goto(f"{HOME}medlemmer/{own.uuid}/afslut/")
    page.get_by_label("Sidste dag").fill(said(timezone.localdate()))
    page.get_by_role("button", name="Afslut medlemskabet").click()
    expect(page.get_by_role("group").filter(has_text="Der er problemer")).to_contain_text("en anden koordinator")
