"""A person takes her data along and then erases them, with and without JavaScript, on a wide screen and on a phone."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.api import PersonLookup, User, membership_grant
from portal.core import outbox
from portal.core.roles import Role
from portal.organisations.api import Unit
from tests.browser.screens import COORDINATOR, MANAGER
from tests.factories.accounts import PASSWORD, user
from tests.support.browser import DESKTOP, log_in
from tests.support.quality import axe

pytestmark = pytest.mark.usefixtures("example_site")

ADDRESS = "kim.eksempel@odense.example"
PHONE = {"width": 360, "height": 740}


def employee_of_the_example() -> User:
    """Return an employee with a password and no second factor."""
    person = user(ADDRESS)
    unit = Unit.objects.get(municipality__slug="odense", code="1100")
    membership_grant(actor=None, role=Role.EMPLOYEE, user=person, municipality=unit.municipality, unit=unit)
    return person


def show_that_it_is_you(page: Page) -> None:
    """Write the password that the page asks for."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Vis, at det er dig")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()


def accessible(page: Page, width: int, *, scripts: bool) -> None:
    """Hold the page to the rules, where the browser can run the tool that measures them."""
    if scripts:
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_log_to_the_file_to_the_receipt(
    new_visitor: Callable[..., Page], tmp_path: Path, screen: Any, scripts: bool, mailoutbox: list[Any]
) -> None:
    kim, viewer = employee_of_the_example(), User.objects.get(email=COORDINATOR)
    PersonLookup.objects.create(person=kim, viewer=viewer, viewer_label=str(viewer), role="coordinator", what="Roller")
    page = new_visitor(viewport=screen, java_script_enabled=scripts, accept_downloads=True)
    # A session in which she has not shown lately that it is she.
    log_in(page, kim)

    page.goto("/min-side/")
    expect(page.locator("#lookups ~ *").first).to_contain_text(str(viewer))
    expect(page.locator("#visibility ~ ul")).to_contain_text("kan se")
    page.locator("main").get_by_role("link", name="Hent mine data", exact=True).click()
    show_that_it_is_you(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hent mine data")
    accessible(page, screen["width"], scripts=scripts)
    with page.expect_download() as download:
        page.get_by_role("button", name="Hent filen").click()
    assert download.value.suggested_filename == "mine-data.zip"
    folder = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert json.loads(folder.read("mine-data.json"))["tables"]["lookups"][0]["who"] == str(viewer)
    assert folder.read("mine-data.pdf").startswith(b"%PDF")

    page.goto("/min-side/data/slet/")
    accessible(page, screen["width"], scripts=scripts)
    page.get_by_role("button", name="Slet mine data nu").click()
    expect(page.get_by_role("heading", name="Der er problemer")).to_be_visible()
    accessible(page, screen["width"], scripts=scripts)
    page.locator("[name=understood]").check()
    page.get_by_role("button", name="Slet mine data nu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dine data er slettet")
    accessible(page, screen["width"], scripts=scripts)
    assert not User.objects.filter(email=ADDRESS).exists()
    page.goto("/min-side/")
    assert "/konto/log-ind/" in page.url
    outbox.drain()
    assert "Dine data i Kompetenceportalen er slettet" in [mail.subject for mail in mailoutbox if ADDRESS in mail.to]


def test_the_header_follows_who_asks(new_visitor: Callable[..., Page]) -> None:
    page = new_visitor()
    page.goto("/")
    expect(page.locator(".site-nav").get_by_role("link", name="Log ind")).to_be_visible()
    log_in(page, User.objects.get(email=MANAGER))
    page.goto("/")
    page.locator(".site-nav").get_by_role("link", name="Min side").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Min side")
    page.locator(".site-nav").get_by_role("link", name="Log ud").click()
    page.locator("main button[type=submit]").click()
    expect(page.locator(".site-nav").get_by_role("link", name="Log ind")).to_be_visible()
