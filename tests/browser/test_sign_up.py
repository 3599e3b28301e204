"""Signing up for a meeting in a browser: a guest by her mail, an employee with her manager; with and without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.seats.api import Participant, PlaceState
from tests.events.joining import link_in, mails, meeting, question, somebody
from tests.factories import accounts, organisations
from tests.support.browser import log_in
from tests.support.quality import axe, html_errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("script", [True, False])]
GITTE = "gitte@firma.example"


def faultless(page: Page, script: bool) -> None:
    """Look at the screen as it stands, with whatever was typed and refused; axe is a script, and waits for its timers."""
    assert not html_errors(page.content())
    if script:
        assert not axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")


def test_a_guest_signs_up_by_mail_and_cancels(new_visitor: Callable[..., Page], script: bool, guard: Any) -> None:
    guard.expect("status of 400")
    time = meeting(asks_list=True)
    question(time, required=True)
    page = new_visitor(java_script_enabled=script, viewport={"width": 360, "height": 900})
    page.goto(time.event.get_url())
    page.get_by_role("link", name="Tilmeld dig som gæst").click()
    page.get_by_label("Dit navn").fill("Gitte Gæst")
    page.get_by_label("Din e-mail").fill(GITTE)
    page.get_by_role("button", name="Send mig linket").click()
    expect(page.get_by_role("link", name="Vælg et svar.")).to_be_visible()
    faultless(page, script)
    page.get_by_label("Samtaler").check()
    page.get_by_role("button", name="Send mig linket").click()
    expect(page.get_by_role("heading", name="Du har ingen plads endnu")).to_be_visible()
    faultless(page, script)
    assert not Participant.objects.exists()
    page.goto(link_in(mails(GITTE)[0]))
    expect(page).to_have_url(re.compile(r"/tilmelding/gaest/bekraeft/$"))
    page.get_by_role("button", name="Bekræft min tilmelding").click()
    expect(page.get_by_role("heading", name="Du har en plads")).to_be_visible()
    faultless(page, script)
    page.get_by_role("link", name="Vælg, hvem der må se dig på listen").click()
    page.get_by_label("De andre deltagere").check()
    page.get_by_role("button", name="Gem valget").click()
    expect(page.get_by_text("Dit valg er gemt.")).to_be_visible()
    page.get_by_role("link", name="Meld fra").click()
    page.get_by_role("button", name="Ja, meld fra").click()
    expect(page.get_by_role("heading", name="Din tilmelding er afmeldt")).to_be_visible()
    assert Participant.objects.get().state == PlaceState.CANCELLED


def test_an_employee_takes_her_manager_along(new_visitor: Callable[..., Page], script: bool, guard: Any) -> None:
    guard.expect("status of 400")
    time = meeting(2)
    somebody(time)
    page = new_visitor(java_script_enabled=script)
    log_in(page, accounts.employee(organisations.unit()))
    page.goto(time.event.get_url())
    page.get_by_role("link", name="Tilmeld dig", exact=True).click()
    page.get_by_text("Tag din leder med").click()
    page.get_by_label("Din leders navn").fill("Lis Leder")
    page.get_by_role("button", name="Tilmeld mig").click()
    expect(page.get_by_label("Din leders e-mail")).to_be_visible()
    expect(page.get_by_label("Din leders navn")).to_have_value("Lis Leder")
    faultless(page, script)
    page.get_by_label("Din leders e-mail").fill("lis@kommune.example")
    page.get_by_role("button", name="Tilmeld mig").dblclick()
    expect(page.get_by_role("heading", name="Du er på ventelisten")).to_be_visible()
    expect(page.get_by_text("Du er den næste i rækken.")).to_be_visible()
    faultless(page, script)
    assert Participant.objects.filter(state=PlaceState.WAITING).count() == 2
    page.goto("/min-side/")
    expect(page.get_by_role("link", name=time.event.title)).to_be_visible()
