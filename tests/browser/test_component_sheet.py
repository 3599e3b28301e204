"""The component sheet in a real browser: accessible at three widths, and what JavaScript adds and nothing else needs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.core.component_sheet.samples import GROUPS
from tests.support.quality import axe

ADDRESSES = [f"/komponenter/{group.slug + '/' if group.slug else ''}" for group in GROUPS]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_group_is_accessible(new_visitor: Callable[..., Page], address: str, width: int) -> None:
    page = new_visitor(viewport={"width": width, "height": 800})
    page.goto(address)
    assert axe(page) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_group_flows_at_320_pixels(new_visitor: Callable[..., Page], address: str) -> None:
    page = new_visitor(viewport={"width": 320, "height": 640})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_level_texts_and_essential_rows_by_button(page: Page) -> None:
    page.goto("/komponenter/krav/")
    rows = page.locator("#rows-sample .requirement-row")
    all_texts = page.get_by_role("button", name="Vis alle niveautekster")
    all_texts.click()
    expect(all_texts).to_have_attribute("aria-pressed", "true")
    expect(rows.first.get_by_text("Jeg kan genkende en samtale")).to_be_visible()
    page.get_by_role("button", name="Vis kun afgørende").click()
    expect(rows.nth(0)).to_be_visible()
    expect(rows.nth(1)).to_be_hidden()
    expect(page.locator("#rows-sample .group").nth(1)).to_be_hidden()
    page.get_by_role("button", name="Vis kun afgørende").click()
    expect(rows.nth(1)).to_be_visible()


def test_groups_and_filters_start_folded_on_a_phone_only(new_visitor: Callable[..., Page]) -> None:
    phone = new_visitor(viewport={"width": 360, "height": 700})
    phone.goto("/komponenter/krav/")
    groups = phone.locator("#rows-sample .group")
    expect(groups.nth(0)).to_have_attribute("open", "")
    expect(groups.nth(1)).not_to_have_attribute("open", "")
    phone.goto("/komponenter/lister/")
    expect(phone.locator(".filter-panel")).not_to_have_attribute("open", "")
    desk = new_visitor()
    desk.goto("/komponenter/krav/")
    expect(desk.locator("#rows-sample .group").nth(1)).to_have_attribute("open", "")


def test_without_javascript_all_is_open_and_no_button_is_dead(plain_page: Page) -> None:
    plain_page.set_viewport_size({"width": 360, "height": 700})
    plain_page.goto("/komponenter/krav/")
    expect(plain_page.locator("#rows-sample .group").nth(1)).to_have_attribute("open", "")
    expect(plain_page.get_by_role("button", name="Vis kun afgørende")).to_have_count(0)
    plain_page.goto("/komponenter/")
    expect(plain_page.get_by_role("button", name="Udskriv")).to_have_count(0)
    expect(plain_page.get_by_role("navigation", name="Hovedmenu")).to_be_visible()


def test_the_menu_opens_closes_and_gives_the_focus_back(new_visitor: Callable[..., Page]) -> None:
    page = new_visitor(viewport={"width": 360, "height": 700})
    page.goto("/komponenter/")
    button, menu = page.get_by_role("button", name="Menu"), page.locator("#menu")
    expect(menu).to_be_hidden()
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_the_sheet_is_read_by_keyboard_from_the_skip_link(page: Page) -> None:
    page.goto("/komponenter/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Gå til sidens indhold")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_paper_shows_every_level_text(page: Page) -> None:
    page.goto("/komponenter/krav/")
    text = page.locator("#rows-sample").get_by_text("Jeg kan genkende en samtale")
    expect(text).to_be_hidden()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(text).to_be_visible()
    expect(page.locator(".site-foot")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(text).to_be_hidden()
