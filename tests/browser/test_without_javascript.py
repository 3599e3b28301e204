"""Without JavaScript: every public screen opens and shows what it holds, the menu is there, filters and search work."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import PUBLIC
from tests.support.browser import Guard

pytestmark = pytest.mark.usefixtures("example_site")

# Controls that do nothing without JavaScript must not be drawn.
DEAD = "button:visible:not([type=submit])"


def test_every_public_screen_opens_and_has_its_menu(plain_page: Page, guard: Guard) -> None:
    guard.expect("status of 404")
    guard.expect("status of 410")
    wrong: list[str] = []
    for screen in PUBLIC:
        response = plain_page.goto(screen.address)
        assert response is not None
        if response.status != screen.status:
            wrong.append(f"{screen.address}: {response.status}")
        wrong += [f"{screen.address}: {fault}" for fault in faults(plain_page)]
    assert wrong == []


def faults(page: Page) -> list[str]:
    """Return what a visitor without JavaScript would miss."""
    found = []
    if not page.locator("main h1").is_visible():
        found.append("no heading")
    if page.locator("nav#menu a:visible").count() < 5:
        found.append("no menu")
    # The component sheet explains some buttons; elsewhere none is drawn that does nothing.
    if "/komponenter/" not in page.url:
        found += [f"dead button {text!r}" for text in page.locator(DEAD).all_inner_texts()]
    for place in ("h2", "h3"):
        texts = page.locator(f"main {place}:visible").all_inner_texts()
        found += [f"empty {place}" for text in texts if not text.strip()]
    return found


def test_on_a_phone_the_menu_stands_open(plain_page: Page) -> None:
    plain_page.set_viewport_size({"width": 360, "height": 740})
    plain_page.goto("/")
    menu = plain_page.get_by_role("navigation", name="Hovedmenu")
    menu.get_by_role("link", name="Profiler").click()
    expect(plain_page).to_have_url("/profiler/")
    expect(plain_page.get_by_role("button", name="Menu")).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "field", "value"),
    [("/moeder/", "region", "Region Syddanmark"), ("/profiler/", "", ""), ("/kurser/", "", "")],
)
def test_a_filter_narrows_the_list_and_keeps_its_state(plain_page: Page, address: str, field: str, value: str) -> None:
    page = plain_page
    page.goto(address)
    everything = page.locator("main [role=status], main h2").first.inner_text()
    panel = page.locator(".filter-panel form")
    choice = panel.locator(f"select[name={field}]" if field else "select").first
    label = value or choice.locator("option").nth(1).inner_text()
    choice.select_option(label=label)
    panel.get_by_role("button").click()
    expect(page.locator(".filter-panel form select option:checked", has_text=label)).to_have_count(1)
    assert "?" in page.url
    assert page.locator("main [role=status], main h2").first.inner_text() != everything
    panel.get_by_role("link", name="Ryd filtre").click()
    assert page.locator("main [role=status], main h2").first.inner_text() == everything


def test_search_narrowed_by_type(plain_page: Page) -> None:
    page = plain_page
    page.goto("/soeg/?q=borger")
    everything = page.locator("main h2").first.inner_text()
    page.get_by_role("checkbox", name="Profil").check()
    page.locator(".filter-panel").get_by_role("button").click()
    expect(page.get_by_role("checkbox", name="Profil")).to_be_checked()
    assert page.locator("main h2").first.inner_text() != everything
    assert page.locator("main h2").first.inner_text()[0] != "0"
    expect(page.get_by_role("searchbox")).to_have_value("borger")
