"""The pages behind the links of mails, in a real browser: what their buttons send must arrive, with and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import card_question

pytestmark = pytest.mark.usefixtures("example_site")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_contact_card_is_confirmed(new_visitor: Callable[..., Page], scripts: bool) -> None:
    page = new_visitor(java_script_enabled=scripts)
    page.goto(card_question())
    page.locator("main button[value=confirm]").click()
    expect(page).to_have_url(re.compile("/kontaktkort/tak/"))
