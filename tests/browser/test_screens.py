"""Every page type and screen of ours, one by one: WCAG 2.2 AA, valid HTML, no sideways scrolling, nothing foreign."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page
from wagtail.models import Page as WagtailPage
from wagtail.models import get_page_models

from portal.accounts.models import User
from tests.browser.pages import ADMIN, PUBLIC, SIGNED_IN
from tests.browser.screens import Screen
from tests.support.browser import Guard, log_in
from tests.support.quality import axe, html_errors

# What Wagtail itself draws around and inside our screens: its menu, header and minimap, the rich text editor's input,
# and a lone field in a stream, which is named by its panel's heading only.
WAGTAILS_OWN = (
    ".sidebar",
    "[data-side-panel-toggle]",
    ".w-slim-header",
    "#w-minimap-toggle",
    ".Draftail-Editor",
    "[data-streamfield-child] input[id$='-value']",
)
WIDTHS = (360, 1280)
SCREENS = [pytest.param(screen, id=screen.key) for screen in (*PUBLIC, *SIGNED_IN, *ADMIN)]

pytestmark = pytest.mark.usefixtures("example_site")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_accessible_and_fits(new_visitor: Callable[..., Page], guard: Guard, screen: Screen) -> None:
    if screen.status != 200:
        guard.expect(f"status of {screen.status}")
    page = new_visitor(viewport={"width": WIDTHS[0], "height": 900}, reduced_motion="reduce")
    if screen.login:
        log_in(page, User.objects.get(email=screen.login))
    address = screen.address
    problems = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        response = page.goto(address)
        assert response is not None
        assert response.status == screen.status
        problems += [f"{width} px: {text}" for text in axe(page, exclude=WAGTAILS_OWN if screen in ADMIN else ())]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems.append(f"{width} px: the page scrolls sideways")
    assert not problems, "\n".join(problems)


def test_the_html_of_all_public_pages_is_valid() -> None:
    client = Client()
    documents = [client.get(screen.address, follow=True).content.decode() for screen in PUBLIC]
    errors = html_errors(*documents)
    assert not errors, "\n".join(errors)


def test_the_html_of_the_screens_for_people_with_a_role_is_valid() -> None:
    documents = []
    for screen in SIGNED_IN:
        client = Client()
        client.force_login(User.objects.get(email=screen.login))
        documents.append(client.get(screen.address, follow=True).content.decode())
    errors = html_errors(*documents)
    assert not errors, "\n".join(errors)


def test_every_page_type_of_ours_is_among_the_screens() -> None:
    addresses = {screen.address for screen in PUBLIC}
    shown = {page.specific_class for page in WagtailPage.objects.live() if page.url in addresses}
    ours = {model for model in get_page_models() if model is not WagtailPage}
    assert ours - shown == set()
