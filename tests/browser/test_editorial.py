"""Two parties' editors at two browsers: returned, mended, approved by both, live at its minute; and the short way."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.accounts.api import User
from portal.editorial.models import Submission
from portal.editorial.services import tick
from profilecatalog.profiles.models import ProfilePage, ProfileRelease
from tests.browser.screens import EDITOR, EDITOR_KL
from tests.support.browser import Guard, log_in
from tests.support.quality import axe

pytestmark = pytest.mark.usefixtures("example_site")

SECOND_KL = "redaktoer2.kl@portal.example"
NEW_LEAD = "Du møder borgeren, hvor borgeren er."
MENDED = "Du møder borgeren dér, hvor borgeren er."
LATER = dt.timedelta(hours=2)
WAGTAILS_OWN = (".sidebar", "[data-side-panel-toggle]", ".w-slim-header")


@pytest.fixture
def profile() -> ProfilePage:
    """A published profile."""
    return ProfilePage.objects.get(slug="borgerservice")


@pytest.fixture
def at_the_screen(new_visitor: Callable[..., Page]) -> Callable[[str], Page]:
    """Somebody at a browser of her own."""

    def sit_down(email: str, **options: Any) -> Page:
        page = new_visitor(reduced_motion="reduce", **options)
        log_in(page, User.objects.get(email=email))
        return page

    return sit_down


def edit(page: Page, profile: ProfilePage, lead: str, change: str, reason: str) -> None:
    """Write, say what kind of change it is, and send it in."""
    page.goto(reverse("wagtailadmin_pages:edit", args=[profile.pk]))
    page.locator("#id_lead").fill(lead)
    page.get_by_role("tab", name="Udgave").click()
    page.locator("#id_release_change").select_option(change)
    page.locator("#id_release_reason").fill(reason)
    assert page.locator("[name=action-publish]").count() == 0
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("[name=action-submit]").click()
    expect(page.locator(".messages .success")).to_be_visible()


def open_from_dashboard(page: Page, profile: ProfilePage) -> None:
    """Go the way of somebody whom it waits for."""
    page.goto(reverse("wagtailadmin_home"))
    page.locator("#waiting-section, #waiting").get_by_role("link", name=profile.title).first.click()
    expect(page.get_by_role("heading", name=profile.title, level=1)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()


def save(profile: ProfilePage, name: str, value: Any) -> None:
    """Set a field in the newest draft, as the form of KL's editor does."""
    draft = ProfilePage.objects.get(pk=profile.pk).get_latest_revision_as_object()
    setattr(draft, name, value)
    draft.save_revision(user=User.objects.get(email=EDITOR_KL))


def live_lead(profile: ProfilePage) -> str:
    return ProfilePage.objects.get(pk=profile.pk).lead


def releases(profile: ProfilePage) -> int:
    return ProfileRelease.objects.filter(profile=profile).count()


def test_both_parties_take_a_profile_to_its_planned_minute(
    at_the_screen: Callable[[str], Page], guard: Guard, profile: ProfilePage
) -> None:
    guard.expect("status of 400")
    guard.expect("status of 409")
    planned = timezone.now() + LATER
    save(profile, "go_live_at", planned)
    kl, hk = at_the_screen(EDITOR_KL), at_the_screen(EDITOR)
    before = releases(profile)
    edit(kl, profile, NEW_LEAD, "changed", "Opgaverne er nye.")
    open_from_dashboard(hk, profile)
    expect(hk.locator(".editorial-where")).to_contain_text("Venter på HK")
    press_return_without_words(hk)
    hk.get_by_label("Kommentar").fill("Der mangler et komma.")
    press(hk, "Returnér")
    kl.goto(reverse("wagtailadmin_pages:edit", args=[profile.pk]))
    expect(kl.locator(".editorial-status")).to_contain_text("Der mangler et komma.")
    edit(kl, profile, MENDED, "changed", "Opgaverne er nye.")
    open_from_dashboard(hk, profile)
    expect(hk.locator("#text ins").first).to_contain_text("dér")
    approve_what_is_changed_meanwhile(hk, profile)
    press(hk, "Godkend for HK")
    second = at_the_screen(SECOND_KL)
    open_from_dashboard(second, profile)
    press(second, "Godkend for KL")
    tick()
    assert live_lead(profile) != MENDED, "it was planned for later"
    with time_machine.travel(planned + dt.timedelta(minutes=1)):
        tick()
    assert live_lead(profile) == MENDED
    assert releases(profile) == before + 1
    second.reload()
    expect(second.locator(".editorial-where")).to_contain_text("Godkendt og udgivet")
    assert not axe(second, exclude=WAGTAILS_OWN)


def press_return_without_words(page: Page) -> None:
    """What is refused is told at the comment."""
    page.get_by_role("button", name="Returnér", exact=True).click()
    expect(page.get_by_label("Kommentar")).to_have_attribute("aria-invalid", "true")
    assert not axe(page, exclude=WAGTAILS_OWN)


def approve_what_is_changed_meanwhile(page: Page, profile: ProfilePage) -> None:
    """What is new is shown instead of taken, and the words that she typed are still there."""
    save(profile, "release_reason", "Opgaverne er helt nye.")
    page.get_by_label("Kommentar").fill("Nu er det godt.")
    page.get_by_role("button", name="Godkend for HK", exact=True).click()
    expect(page.locator(".stale ins").first).to_contain_text("helt")
    expect(page.get_by_label("Kommentar")).to_have_value("Nu er det godt.")
    assert not axe(page, exclude=WAGTAILS_OWN)


def test_a_clarified_release_takes_the_short_way_without_scripts(
    at_the_screen: Callable[..., Page], guard: Guard, profile: ProfilePage
) -> None:
    guard.expect("status of 400")
    kl = at_the_screen(EDITOR_KL)
    before = releases(profile)
    edit(kl, profile, MENDED, "clarified", "Loven har fået andre ord.")
    case = Submission.objects.get(page_id=profile.pk)
    assert case.definition.key == "profile-short-way"
    plain = at_the_screen(SECOND_KL, java_script_enabled=False)
    plain.goto(reverse("editorial:submission", args=[case.uuid]))
    plain.get_by_role("button", name="Godkend", exact=True).click()
    expect(plain.locator(".editorial-where")).to_contain_text("Godkendt og udgivet")
    assert live_lead(profile) == MENDED
    assert releases(profile) == before + 1
