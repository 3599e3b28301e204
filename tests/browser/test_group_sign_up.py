"""A coordinator signs up six, one leaves, and the three who wait get their offer: with and without JavaScript."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.seats.api import OfferingSpec, PlaceState, SignUp, breaches, sign_up_group
from tests.events.groups import colleague, meeting, odense, states
from tests.factories.accounts import coordinator
from tests.factories.organisations import COPENHAGEN, municipality, unit
from tests.support.browser import log_in
from tests.support.quality import axe, html_errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("script", [True, False])]
SIX = ("Anne Holm", "Bo Berg", "Carla Dam", "Ditte Eng", "Erik Fisk", "Freja Gram")


def faultless(page: Page, script: bool) -> None:
    """Look at the screen as it stands, with whatever was typed and refused; axe itself needs scripts."""
    assert not script or not axe(page)
    assert not html_errors(page.content())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_six_are_signed_up_one_leaves_and_three_get_their_offer(new_visitor: Callable[..., Page], script: bool) -> None:
    team = unit("Borgerservice")
    for name in SIX[:4]:
        colleague(name, team)
    time = meeting(seats=OfferingSpec(capacity=8, offer_hours=24), title="Klart sprog")
    kim, other = coordinator(odense()), coordinator(municipality(COPENHAGEN), "koordinator@kk.example")

    page = new_visitor(java_script_enabled=script, viewport={"width": 360, "height": 900})
    log_in(page, kim)
    page.goto(time.event.get_url())
    page.get_by_role("link", name="Tilmeld en gruppe").click()
    for name in SIX[:4]:
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("textbox", name="Indsæt en liste").fill(
        f"{SIX[4]}; erik@odense.example\n{SIX[5]} <freja@odense.example>\n{SIX[0]}\n{'x' * 500}"
    )
    faultless(page, script)
    page.get_by_role("button", name="Se listen igennem").click()
    expect(page.get_by_role("heading", name="Der er plads til alle")).to_be_visible()
    expect(page.get_by_text("Står to gange på listen")).to_be_visible()
    expect(page.get_by_text("Navnet er for langt")).to_be_visible()
    faultless(page, script)
    assert not SignUp.objects.exists()
    page.get_by_role("button", name="Tilmeld 6 personer").dblclick(no_wait_after=True)
    expect(page.get_by_role("status").first).to_contain_text("Alle 6 har fået plads.")
    six = SignUp.objects.get()
    assert states(six) == [PlaceState.BOOKED] * 6
    faultless(page, script)

    three = sign_up_group(
        actor=other,
        offering=time.offering,
        key=uuid4().hex,
        unnamed=3,
        contact_email="koordinator@kk.example",
        municipality=municipality(COPENHAGEN),
    )
    assert states(three) == [PlaceState.WAITING] * 3
    page.get_by_role("checkbox", name=re.compile("Carla Dam")).check()
    page.get_by_role("button", name="Afmeld de markerede").click()
    expect(page.get_by_text("Du afmelder 1 person:")).to_be_visible()
    faultless(page, script)
    page.get_by_role("button", name="Ja, afmeld").click()
    expect(page.get_by_role("status").first).to_contain_text("1 person er afmeldt.")
    assert states(three) == [PlaceState.OFFERED] * 3

    theirs = new_visitor(java_script_enabled=script)
    log_in(theirs, other)
    theirs.goto(reverse("groups:group", args=[three.uuid]))
    expect(theirs.get_by_role("heading", name="Der er 3 pladser til jer")).to_be_visible()
    faultless(theirs, script)
    theirs.get_by_role("link", name="Nej tak").click()
    faultless(theirs, script)
    theirs.get_by_role("link", name="Nej, gå tilbage").click()
    theirs.get_by_role("button", name="Ja, vi tager pladserne").click()
    expect(theirs.get_by_role("status").first).to_contain_text("Pladserne er jeres.")
    assert states(three) == [PlaceState.BOOKED] * 3
    theirs.get_by_role("textbox", name=re.compile("^Navn")).first.fill("Sofie Lund")
    theirs.get_by_role("textbox", name=re.compile("^E-mail")).first.fill("ikke en adresse")
    theirs.get_by_role("button", name="Gem navnene").click()
    expect(theirs.get_by_role("heading", name="Der er problemer")).to_be_visible()
    expect(theirs.get_by_role("textbox", name=re.compile("^Navn")).first).to_have_value("Sofie Lund")
    faultless(theirs, script)
    theirs.get_by_role("textbox", name=re.compile("^E-mail")).first.fill("sofie@kk.example")
    theirs.get_by_role("button", name="Gem navnene").click()
    expect(theirs.get_by_role("status").first).to_contain_text("1 navn er gemt.")
    assert not list(breaches())

    page.goto("/min-kommune/odense/moeder/")
    expect(page.get_by_role("heading", name="5 personer")).to_be_visible()
    faultless(page, script)
