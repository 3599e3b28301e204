"""An editor's way in the browser: from the login to a second release with its marks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from portal.desk.example_factors import code_of
from portal.desk.example_users import EXAMPLE_PASSWORD
from profilecatalog.profiles.api import Competence, ProfileIndexPage, ProfilePage
from profilecatalog.profiles.models import ProfileRelease, ReleaseProposal
from tests.browser.screens import EDITOR
from tests.support.browser import Guard
from tests.support.editorial import policies_retired

pytestmark = pytest.mark.usefixtures("example_site")

TITLE = "Digital ambassadør"
NEW_TEXT = "Jeg forklarer roligt, hvad maskinen gør, og hvornår et menneske tager over."


def sign_in(page: Page) -> None:
    """Log in with password and app, on the way to the admin."""
    page.goto("/admin/")
    page.get_by_label("E-mail").fill(EDITOR)
    page.get_by_label("Adgangskode", exact=True).fill(EXAMPLE_PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Kode", exact=True).fill(code_of(EDITOR))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Det, der venter på mig")).to_be_visible()


def press_publish(page: Page) -> None:
    """Publish stands in the menu behind the arrow beside "save draft"."""
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("[name=action-publish]").click()


def fill_item(page: Page, number: int, competence: Competence) -> None:
    """Add a competence to the first group, chosen from the list of competences."""
    page.locator("#id_groups-0-items-ADD").click()
    row = f"#id_groups-0-items-{number}"
    page.locator(f"{row}-competence-chooser [data-chooser-action-choose]:visible").first.click()
    choice = page.locator(".modal-body a[data-chooser-modal-choice]", has_text=competence.name)
    choice.first.click()
    expect(page.locator(".modal-body")).to_have_count(0)
    for field, value in (("importance", "essential"), ("now_level", "2"), ("future_level", "3")):
        page.locator(f"{row}-{field}").select_option(value)


def saved(page: Page) -> Locator:
    return page.locator(".messages .success")


def identities(page: ProfilePage) -> list[tuple[Any, Any]]:
    """Return group and item identities of the newest draft."""
    draft: Any = ProfilePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return [(group.uuid, item.uuid) for group in draft.groups.all() for item in group.items.all()]


def test_from_the_login_to_a_second_release(new_visitor: Callable[..., Page], guard: Guard) -> None:
    policies_retired()  # with both parties: test_editorial.py
    guard.expect("status of 400")  # Wagtail's autosave of an unfinished form
    first, second = Competence.objects.filter(live=True).order_by("name")[:2]
    page, reader = new_visitor(), new_visitor()
    sign_in(page)
    made = create(page, first, second)
    address = str(made.url)
    reader.goto(address)
    expect(reader.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    save_twice(page, made)
    old_text = change_level_text(page, first)
    reader.goto(address)
    assert old_text in reader.content()
    assert NEW_TEXT not in reader.content()
    release_again(page, made, first)
    reader.goto(address)
    row = reader.locator(".requirement-row", has=reader.get_by_role("heading", name=first.name))
    expect(row.locator(".badge.warn")).to_have_count(1)
    expect(reader.locator(".requirement-row .badge.warn")).to_have_count(1)
    assert NEW_TEXT in reader.content()
    assert old_text not in reader.content()
    log = reader.locator("#udgaver")
    expect(log).to_contain_text("Udgave 2")
    expect(log).to_contain_text("Udgave 1")
    expect(log).to_contain_text("Ordene er blevet klarere.")


def create(page: Page, *competences: Competence) -> ProfilePage:
    """Write a profile, look at it, and publish it."""
    index = ProfileIndexPage.objects.get()
    page.goto(reverse("wagtailadmin_pages:add", args=["profiles", "profilepage", index.pk]))
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_future_year").fill("2028")
    page.get_by_role("tab", name="Kompetencer", exact=True).click()
    page.locator("#id_groups-ADD").click()
    page.locator("#id_groups-0-title").fill("Mødet med borgeren")
    for number, competence in enumerate(competences):
        fill_item(page, number, competence)
    page.locator("[data-side-panel-toggle=preview]").click()
    look = page.frame_locator("#w-preview-iframe")
    expect(look.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    expect(look.get_by_role("heading", name=competences[0].name)).to_be_visible()
    expect(look.get_by_role("heading", name="Kort fortalt")).to_have_count(0)  # nothing is written there
    expect(look.locator("body")).to_have_css("font-family", "Portal, system-ui, sans-serif")
    assert not ProfileRelease.objects.filter(profile__title=TITLE).exists(), "a preview publishes nothing"
    press_publish(page)
    expect(saved(page)).to_contain_text(TITLE)
    made = ProfilePage.objects.get(title=TITLE)
    assert made.live
    release = ProfileRelease.objects.get(profile=made)
    assert release.number == 1
    assert [item.name for item in release.document.items] == [c.name for c in competences]
    return made


def save_twice(page: Page, made: ProfilePage) -> None:
    """Save a draft twice; who a group and an item is stays as it is, and the public sees nothing of it."""
    before = identities(made)
    assert len(before) == 2
    for job in ("Medarbejder", "Digital ambassadør i borgerservice"):
        page.goto(reverse("wagtailadmin_pages:edit", args=[made.pk]))
        page.locator("#id_target_job").fill(job)
        page.locator("footer button.action-save").click()
        expect(saved(page)).to_contain_text(TITLE)
        assert identities(made) == before
    assert ProfileRelease.objects.filter(profile=made).count() == 1


def change_level_text(page: Page, competence: Competence) -> str:
    """Write another text for the competence's second level and publish it; return the old one."""
    page.goto(reverse(type(competence).snippet_viewset.get_url_name("edit"), args=[competence.pk]))
    field = page.locator("#id_level_texts-1-text")
    old = field.input_value()
    field.fill(NEW_TEXT)
    press_publish(page)
    expect(saved(page)).to_contain_text(competence.name)
    return old


def release_again(page: Page, made: ProfilePage, competence: Competence) -> None:
    """Answer the question on the dashboard: first without the choice that a new release asks for, then with it."""
    assert ReleaseProposal.objects.filter(profile=made, competence=competence, status="waiting").exists()
    page.goto("/admin/")
    waiting = page.locator("li", has_text=f"Skal “{TITLE}” have en ny udgave?")
    expect(waiting).to_contain_text(competence.name)
    waiting.get_by_role("link", name="Lav en ny udgave").click()
    expect(page.locator("#id_title")).to_have_value(TITLE)
    page.locator("#id_target_job").fill("Ambassadør")
    press_publish(page)
    error = page.locator("#panel-child-udgave-den_naeste_udgave-release_change-errors, [id$=release_change-errors]")
    expect(error).to_contain_text("ælg")
    expect(page.locator("#id_target_job")).to_have_value("Ambassadør")
    assert ProfileRelease.objects.filter(profile=made).count() == 1
    page.get_by_role("tab", name="Udgave").click()
    page.locator("#id_release_change").select_option("clarified")
    page.locator("#id_release_reason").fill("Ordene er blevet klarere.")
    press_publish(page)
    expect(saved(page)).to_contain_text(TITLE)
    assert list(made.releases.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert not ReleaseProposal.objects.filter(profile=made, status="waiting").exists()
