"""The search box helps while somebody types, by keyboard and by mouse, and is a plain form whatever fails."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_keyboard_and_reflow import tab_to
from tests.support.browser import Guard
from tests.support.quality import axe

pytestmark = pytest.mark.usefixtures("example_site")

PHONE = {"width": 360, "height": 740}


def box(page: Page) -> Locator:
    return page.get_by_role("combobox")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


@pytest.mark.parametrize("address", ["/", "/soeg/"])
def test_by_keyboard(new_visitor: Callable[..., Page], address: str) -> None:
    page = new_visitor(viewport=PHONE, reduced_motion="reduce")
    page.goto(address)
    tab_to(page, box(page))
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("borgers")
    expect(options(page).first).to_be_visible()
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("form[data-suggest] [role=status]")).to_contain_text("forslag")
    assert axe(page) == []
    page.keyboard.press("ArrowDown")
    first = options(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    assert box(page).get_attribute("aria-activedescendant") == first.get_attribute("id")
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowUp")
    assert box(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_value("borgers")
    # The list is there again, and its first line is chosen.
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Borgerservice")


def test_what_was_typed_is_searched_when_nothing_is_chosen(page: Page) -> None:
    page.goto("/")
    box(page).click()
    page.keyboard.type("borgers")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/soeg/?q=borgers")


def test_by_mouse_and_in_english(page: Page) -> None:
    page.goto("/en/soeg/")
    box(page).click()
    page.keyboard.type("borgers")
    expect(page.locator("form[data-suggest] [role=status]")).to_contain_text("suggestion")
    options(page).first.click()
    page.wait_for_url("**/en/profiler/borgerservice/")


def test_letters_are_waited_for_and_old_questions_given_up(page: Page) -> None:
    asked: list[str] = []

    def note(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_()

    page.route("**/soeg/forslag/**", note)
    page.goto("/soeg/")
    box(page).click()
    page.keyboard.type("b")
    page.wait_for_timeout(400)
    assert asked == []
    page.keyboard.type("orgerservice", delay=10)
    expect(options(page).first).to_be_visible()
    assert asked[-1].endswith("?q=borgerservice")
    assert len(asked) <= 3, asked
    box(page).fill("xyzzyx")
    expect(page.locator("form[data-suggest] [role=status]")).to_have_text("Ingen forslag")
    expect(options(page)).to_have_count(0)
    box(page).press("Tab")
    expect(box(page)).to_have_attribute("aria-expanded", "false")


def test_a_failure_leaves_a_plain_box(page: Page, guard: Guard) -> None:
    guard.expect("status of 500|ERR_FAILED|Failed to load")
    page.route("**/soeg/forslag/**", lambda route: route.fulfill(status=500, body="nej"))
    page.goto("/soeg/")
    box(page).click()
    with page.expect_response("**/soeg/forslag/**"):
        page.keyboard.type("borger")
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/soeg/?q=borger")


def test_without_javascript_it_is_a_form_with_filters_that_unfold(plain_page: Page) -> None:
    page = plain_page
    page.goto("/soeg/?q=borger")
    expect(page.get_by_role("searchbox")).to_have_value("borger")
    expect(page.get_by_role("combobox")).to_have_count(0)
    more = page.locator("details.more").first
    hidden = more.get_by_role("checkbox").first
    expect(hidden).to_be_hidden()
    more.locator("summary").click()
    hidden.check()
    page.locator(".filter-panel").get_by_role("button").click()
    chosen = page.get_by_role("navigation", name="Valgte filtre").get_by_role("link")
    expect(chosen).to_have_count(1)
    chosen.click()
    expect(page.get_by_role("navigation", name="Valgte filtre")).to_have_count(0)
    page.wait_for_url("**/soeg/?q=borger")
