"""Without a mouse, on a narrow screen, and with large text: every public screen stays whole."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import PUBLIC
from tests.support.browser import Guard

pytestmark = pytest.mark.usefixtures("example_site")

PHONE = {"width": 360, "height": 740}
NARROWEST = {"width": 320, "height": 640}
MANY = 60

# What is wider than the window, with the one word that finds it in the page.
_TOO_WIDE = """
() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll("*")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("[tabindex='0']"))
  .map(e => `${e.tagName.toLowerCase()}.${e.className}`).slice(0, 5).concat(String(document.documentElement.scrollWidth))
"""
_SEEN_FOCUS = """
() => {
  const e = document.activeElement;
  // A card draws the ring around itself, a drawing around its shape, a choice around its label.
  const next = e.nextElementSibling;
  const places = [[e], [e, "::after"], [e.closest("label")], [next], [next, "::before"], [e.firstElementChild]];
  const drawn = places.filter(([x]) => x).map(([x, part]) => getComputedStyle(x, part))
    .some(s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none");
  const box = e.getBoundingClientRect();
  return e !== document.body && drawn && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}
"""


def tab_to(page: Page, target: Locator, *, most: int = MANY) -> None:
    """Press Tab until the target has the focus; each stop on the way must be visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(_SEEN_FOCUS), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached with {most} tabs")


def test_no_public_screen_scrolls_sideways_at_320(new_visitor: Callable[..., Page], guard: Guard) -> None:
    guard.expect("status of 404")
    guard.expect("status of 410")
    page = new_visitor(viewport=NARROWEST, reduced_motion="reduce")
    wide = {}
    for screen in PUBLIC:
        page.goto(screen.address)
        wide[screen.address] = page.evaluate(_TOO_WIDE)
        assert page.locator("h1").first.evaluate("e => e.getBoundingClientRect().left") >= 8, screen.address
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        wide[f"{screen.address} opened"] = page.evaluate(_TOO_WIDE)
    assert {address: found for address, found in wide.items() if found} == {}


def test_text_twice_as_large_cuts_nothing_off(new_visitor: Callable[..., Page], guard: Guard) -> None:
    """As browsers do it when somebody asks for larger text: the root's size doubles, the window does not."""
    guard.expect("status of 404")
    guard.expect("status of 410")
    page = new_visitor(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    wide = {}
    for screen in PUBLIC:
        page.goto(screen.address)
        before = page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        page.evaluate("document.documentElement.style.fontSize = '125%'")
        assert page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 1.9 * before
        wide[screen.address] = page.evaluate(_TOO_WIDE)
    assert {address: found for address, found in wide.items() if found} == {}


def test_skip_link_menu_and_search_by_keyboard_on_a_phone(new_visitor: Callable[..., Page]) -> None:
    page = new_visitor(viewport=PHONE, reduced_motion="reduce")
    page.goto("/profiler/borgerservice/")
    tab_to(page, page.get_by_role("link", name="Gå til sidens indhold"), most=1)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto("/profiler/borgerservice/")
    tab_to(page, page.get_by_role("button", name="Menu"), most=3)
    page.keyboard.press("Enter")
    menu = page.get_by_role("navigation", name="Hovedmenu")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("Enter")
    tab_to(page, menu.get_by_role("link", name="Søg"), most=8)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Søg")
    tab_to(page, page.get_by_role("combobox", name="Søg i hele portalen"), most=8)
    page.keyboard.type("borger")
    page.keyboard.press("Enter")
    expect(page.locator("main").get_by_role("link", name="Borgerservice", exact=True)).to_be_visible()


def test_filters_by_keyboard_on_a_phone(new_visitor: Callable[..., Page]) -> None:
    page = new_visitor(viewport=PHONE, reduced_motion="reduce")
    page.goto("/moeder/")
    panel = page.locator(".filter-panel")
    expect(panel).not_to_have_attribute("open", "")
    tab_to(page, panel.locator("summary"))
    page.keyboard.press("Enter")
    tab_to(page, panel.locator("select[name=region]"))
    page.keyboard.type("Region S")
    tab_to(page, panel.get_by_role("button"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/moeder/?*region=*")
    assert (
        page.locator(".filter-panel select[name=region]")
        .evaluate("e => e.selectedOptions[0].text")
        .startswith("Region S")
    )


def test_every_stop_on_a_profile_is_seen(new_visitor: Callable[..., Page]) -> None:
    """From the top to the end: the focus is never lost, hidden or caught."""
    page = new_visitor(reduced_motion="reduce")
    page.goto("/profiler/borgerservice/")
    last = page.locator(".site-foot a").last
    tab_to(page, last, most=150)
