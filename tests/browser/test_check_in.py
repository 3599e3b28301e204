"""The door on a telephone: a tick made without a connection survives a reload, is sent later, and leaves nothing behind."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from events.models import Attendance, DoorLink, Occurrence
from events.running.doors import door_make
from portal.seats.api import Participant
from tests.events.joining import somebody
from tests.factories.events import EventPageFactory, occurrence
from tests.support.browser import Guard

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def time() -> Occurrence:
    """A meeting that goes on now, with two people who have a seat."""
    # Not across midnight: the door closes with the day.
    now = timezone.localtime()
    starts = now.replace(hour=10, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    made = occurrence(starts, event=EventPageFactory.make(title="Temadag ved døren", signup_here=True))
    somebody(made, "Anna And"), somebody(made, "Bo Bison")
    return made


@pytest.fixture
def telephone(time: Occurrence, new_visitor: Callable[..., Page]) -> Page:
    """A helper's telephone that has opened the link."""
    page = new_visitor(viewport=PHONE, has_touch=True)
    page.goto("/" + door_make(actor=None, occurrence=time).split("/", 3)[3])
    page.wait_for_selector("[data-door][data-ready]")
    return page


def name(page: Page, text: str) -> Any:
    return page.get_by_role("button", name=text)


def came(text: str) -> bool:
    place = Participant.objects.get(name=text)
    return Attendance.objects.filter(participant=place, state="attended").exists()


def kept(page: Page) -> Any:
    """Return what the telephone holds: its notes, its pages, its helper."""
    return page.evaluate(
        """async () => [
            localStorage.length,
            (await caches.keys()).length,
            (await navigator.serviceWorker.getRegistrations()).length,
        ]"""
    )


def refuse_sending(route: Route) -> None:
    """Let nothing out that says something."""
    if route.request.method == "POST":
        route.abort("internetdisconnected")
    else:
        route.fallback()


def test_ticks_made_off_line_survive_a_reload_and_are_sent_later(telephone: Page, guard: Guard) -> None:
    guard.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource|ERR_FAILED")
    page = telephone
    expect(page.locator("[data-status]")).to_have_text("Alt er gemt.")
    page.context.set_offline(True)
    # A page that is loaded again may have a connection for a moment before the browser takes it away once more.
    page.context.route("**/*", refuse_sending)
    name(page, "Anna And").tap()
    page.get_by_label("Navn", exact=True).fill("Ukendt Gæst")
    page.get_by_role("button", name="Skriv op").tap()
    expect(page.locator("[data-status]")).to_contain_text("2 noter ligger på denne telefon")
    assert not Attendance.objects.exists()

    page.reload()
    expect(name(page, "Anna And")).to_have_attribute("aria-pressed", "true")
    expect(name(page, "Bo Bison")).to_have_attribute("aria-pressed", "false")
    expect(name(page, "Ukendt Gæst")).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("2")
    assert not Attendance.objects.exists()

    page.context.unroute("**/*", refuse_sending)
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-status]")).to_have_text("Alt er gemt.")
    assert came("Anna And") and not came("Bo Bison")
    assert Attendance.objects.get(participant=None).name == "Ukendt Gæst"

    name(page, "Anna And").tap()
    expect(name(page, "Anna And")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-status]")).to_have_text("Alt er gemt.")
    assert not came("Anna And")


def test_two_telephones_see_what_the_other_has_noted(
    telephone: Page, time: Occurrence, new_visitor: Callable[..., Page]
) -> None:
    other = new_visitor(viewport=PHONE)
    other.goto("/" + door_make(actor=None, occurrence=time).split("/", 3)[3])
    name(other, "Bo Bison").click()
    expect(other.locator("[data-status]")).to_have_text("Alt er gemt.")
    telephone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(name(telephone, "Bo Bison")).to_have_attribute("aria-pressed", "true")


def test_a_closed_link_leaves_no_name_on_the_telephone_and_names_what_was_not_sent(
    telephone: Page, guard: Guard
) -> None:
    guard.expect("status of 410")
    assert kept(telephone) == [1, 1, 1]
    DoorLink.objects.update(closed_at=timezone.now())
    name(telephone, "Anna And").tap()
    expect(telephone.locator("[data-door]")).to_contain_text("Disse noter kunne ikke sendes")
    expect(telephone.locator("[data-door] li")).to_have_text(["Anna And: Fremmødt"])
    expect(telephone.locator("main")).not_to_contain_text("Bo Bison")
    assert kept(telephone) == [0, 0, 0]


def test_a_telephone_that_the_portal_does_not_know_keeps_its_notes_until_the_link_is_opened_again(
    telephone: Page, time: Occurrence, guard: Guard
) -> None:
    guard.expect("status of 404")
    page = telephone
    expect(page.locator("[data-status]")).to_have_text("Alt er gemt.")
    page.context.clear_cookies(name="sessionid")
    name(page, "Anna And").tap()
    expect(page.locator("[data-status]")).to_contain_text("Åbn arrangørens link igen")
    expect(name(page, "Anna And")).to_have_attribute("aria-pressed", "true")
    assert kept(page)[0] == 1 and not Attendance.objects.exists()
    page.goto("/" + door_make(actor=None, occurrence=time).split("/", 3)[3])
    expect(page.locator("[data-status]")).to_have_text("Alt er gemt.")
    assert came("Anna And") and not came("Bo Bison")


def test_an_error_page_of_something_in_between_ends_nothing(telephone: Page, guard: Guard) -> None:
    guard.expect("status of 410")
    page = telephone
    expect(page.locator("[data-status]")).to_have_text("Alt er gemt.")
    page.context.route("**/synk/", lambda route: route.fulfill(status=410, body="<h1>Gone</h1>"))
    name(page, "Anna And").tap()
    expect(page.locator("[data-status]")).to_contain_text("1 note ligger på denne telefon")
    page.context.unroute("**/synk/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-status]")).to_have_text("Alt er gemt.")
    assert came("Anna And")


def test_when_the_day_is_over_the_names_go_once_everything_is_sent(telephone: Page, time: Occurrence) -> None:
    name(telephone, "Anna And").tap()
    expect(telephone.locator("[data-status]")).to_have_text("Alt er gemt.")
    Occurrence.objects.filter(pk=time.pk).update(
        starts_at=timezone.now() - dt.timedelta(days=1, hours=2), ends_at=timezone.now() - dt.timedelta(days=1)
    )
    telephone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(telephone.locator("[data-door]")).to_contain_text("Listen er lukket")
    assert kept(telephone) == [0, 0, 0]
    assert came("Anna And")


def test_a_login_in_another_tab_loses_no_note(telephone: Page, guard: Guard) -> None:
    guard.expect("status of 403")
    expect(telephone.locator("[data-status]")).to_have_text("Alt er gemt.")
    telephone.context.clear_cookies(name="csrftoken")
    telephone.evaluate("fetch('/konto/log-ind/')")
    telephone.evaluate(
        "document.querySelector('form[data-people]').elements.csrfmiddlewaretoken.value = 'x'.repeat(64)"
    )
    name(telephone, "Anna And").tap()
    expect(telephone.locator("[data-status]")).to_contain_text("1 note ligger på denne telefon")
    telephone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(telephone.locator("[data-status]")).to_have_text("Alt er gemt.")
    assert came("Anna And")


def test_without_javascript_each_press_is_a_form(time: Occurrence, new_visitor: Callable[..., Page]) -> None:
    page = new_visitor(viewport=PHONE, java_script_enabled=False)
    page.goto("/" + door_make(actor=None, occurrence=time).split("/", 3)[3])
    name(page, "Anna And").click()
    assert came("Anna And")
    expect(name(page, "Anna And")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Navn", exact=True).fill("Ukendt Gæst")
    page.get_by_role("button", name="Skriv op").click()
    expect(name(page, "Ukendt Gæst")).to_be_visible()
    assert Attendance.objects.count() == 2
