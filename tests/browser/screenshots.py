"""`make screenshots`: every screen at three widths under `screenshots/`, and a contact sheet to look at.

Not a test by its name, so that the suite does not collect it; run by its path.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path

from playwright.sync_api import Page

from portal.accounts.models import User
from tests.browser.pages import ADMIN, PUBLIC, SIGNED_IN
from tests.support.browser import Guard, log_in
from tests.support.services import ROOT

FOLDER = ROOT / "screenshots"
WIDTHS = (360, 768, 1280)
SHEET_SCALE = {360: 150, 768: 250, 1280: 330}


def test_take_screenshots(example_site: None, new_visitor: Callable[..., Page], guard: Guard) -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    guard.expect("")  # this run looks; the tests judge
    for screen in (*PUBLIC, *SIGNED_IN, *ADMIN):
        for width in WIDTHS:
            page = new_visitor(viewport={"width": width, "height": 900})
            if screen.login:
                log_in(page, User.objects.get(email=screen.login))
            page.goto(screen.address)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{screen.key}-{width}.png", full_page=True)
            page.context.close()
    contact_sheet(new_visitor)


def contact_sheet(new_visitor: Callable[..., Page]) -> None:
    """Write all of them onto one page, as HTML and as a picture."""
    rows = "".join(
        f"<h2>{escape(screen.key)} <small>{escape(screen.address)}</small></h2><div>"
        + "".join(f'<img alt="" src="{screen.key}-{width}.png" width="{SHEET_SCALE[width]}">' for width in WIDTHS)
        + "</div>"
        for screen in (*PUBLIC, *SIGNED_IN, *ADMIN)
    )
    style = "body{font:14px sans-serif}div{display:flex;gap:12px;align-items:flex-start}img{border:1px solid #999}"
    sheet = FOLDER / "index.html"
    sheet.write_text(f"<!doctype html><meta charset=utf-8><title>Screens</title><style>{style}</style>{rows}")
    page = new_visitor(viewport={"width": 820, "height": 900}, base_url=None)
    page.goto(Path(sheet).as_uri())
    page.screenshot(path=FOLDER / "contact-sheet.png", full_page=True, timeout=300_000)
