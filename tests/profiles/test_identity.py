"""Items and groups stay who they are over drafts, and become others on any other page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from profilecatalog.profiles.models import ProfileItem, ProfilePage, ProfileRelease
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, profile_index
from tests.profiles.forms import edit_data
from tests.profiles.helpers import draft, items, numbers, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, django_user_model: Any) -> Client:
    client.force_login(django_user_model.objects.create_superuser("redaktoer@hk.example"))
    return client


def identities(page: Any) -> list[Any]:
    return [row.uuid for row in (*page.groups.all(), *items(page))]


def in_editor(page: ProfilePage) -> Any:
    """Return the page as the editor's form would show it."""
    return ProfilePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def test_two_draft_saves_of_a_new_page_keep_every_identity(admin: Client) -> None:
    new: Any = ProfilePageFactory.build(title="Ny profil", slug="ny-profil")
    new.groups = [group("En", item(CompetenceFactory.create()), item(CompetenceFactory.create()))]
    admin.post(reverse("wagtailadmin_pages:add", args=["profiles", "profilepage", profile_index().pk]), edit_data(new))
    page = ProfilePage.objects.get()
    first = identities(in_editor(page))
    assert len(set(first)) == 3
    for title in ("Et navn", "Et andet navn"):
        response = admin.post(
            reverse("wagtailadmin_pages:edit", args=[page.pk]), edit_data(in_editor(page), title=title)
        )
        assert response.status_code == 302
        assert in_editor(page).title == title
        assert identities(in_editor(page)) == first
    in_editor(page).save_revision().publish()
    assert identities(ProfilePage.objects.get()) == first


def test_a_new_row_in_the_draft_of_a_live_page_keeps_its_identity_until_it_is_published(admin: Client) -> None:
    page = ProfilePageFactory.make()
    changed = draft(page)
    changed.groups.all()[0].items.add(item(CompetenceFactory.create(), sort_order=5))
    changed.save_revision()
    first = identities(in_editor(page))
    # The row has no key yet: only its hidden field says who it is.
    shown = in_editor(page)
    data = edit_data(shown)
    for position, row in enumerate(items(shown)):
        data[f"groups-0-items-{position}-uuid"] = str(row.uuid)
    data["groups-0-items-INITIAL_FORMS"] = "2"
    for _ in range(2):
        assert admin.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data).status_code == 302
    assert identities(in_editor(page)) == first
    page = publish(in_editor(page), change="changed", reason="Ny kompetence.")
    assert identities(page) == first


def test_autosave_tells_the_open_page_who_a_new_row_is(admin: Client) -> None:
    page = ProfilePageFactory.make(published=False)
    changed = in_editor(page)
    changed.groups.all()[0].items.add(item(CompetenceFactory.create(), sort_order=5))
    response = admin.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), edit_data(changed), headers={"accept": "application/json"}
    )
    updates = response.json()["field_updates"]
    assert updates["groups-0-items-1-uuid"] == str(items(in_editor(page))[1].uuid)


def test_the_empty_form_carries_no_identity(admin: Client) -> None:
    page = ProfilePageFactory.make()
    form = admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
    groups = form.formsets["groups"]
    assert groups.empty_form["uuid"].value() is None
    assert groups.forms[0].formsets["items"].empty_form["uuid"].value() is None
    assert str(groups.forms[0]["uuid"].value()) == str(page.groups.get().uuid)


def test_a_copy_has_identities_of_its_own_in_rows_and_every_revision() -> None:
    page = ProfilePageFactory.make(title="Original")
    changed = draft(page)
    changed.title = "Kladde"
    changed.save_revision()
    copied: Any = ProfilePage.objects.get(pk=page.pk).copy(update_attrs={"slug": "kopi"}, keep_live=False)
    copied = ProfilePage.objects.get(pk=copied.pk)
    assert copied.uuid != page.uuid
    assert not set(identities(copied)) & set(identities(page))
    for revision in copied.revisions.all():
        assert identities(revision.as_object()) == identities(copied)


def test_publishing_a_copy_takes_no_row_from_the_original() -> None:
    page = ProfilePageFactory.make()
    before = list(ProfileItem.objects.filter(group__page=page).values("pk", "uuid", "group_id"))
    copied: Any = page.copy(update_attrs={"slug": "kopi"}, keep_live=False)
    oldest: Any = copied.revisions.order_by("pk").first().as_object()
    # A copied revision brings the original's address along; an editor has to choose another.
    oldest.slug = "kopi"
    oldest.save_revision().publish()
    assert list(ProfileItem.objects.filter(group__page=page).values("pk", "uuid", "group_id")) == before
    assert ProfileItem.objects.filter(group__page=copied).count() == 1
    assert numbers(copied) == [1]


def test_a_live_copy_has_a_first_release_of_its_own() -> None:
    page = ProfilePageFactory.make()
    copied: Any = page.copy(update_attrs={"slug": "kopi"})
    release = ProfileRelease.objects.get(profile_id=copied.pk)
    assert (release.number, release.change) == (1, "first")


def test_an_alias_shows_its_originals_releases_and_has_none() -> None:
    page = ProfilePageFactory.make(title="Borgerservice")
    alias: Any = page.create_alias(update_slug="ogsaa-her")
    assert not set(identities(alias)) & set(identities(page))
    changed = draft(page)
    changed.title = "Nyt navn"
    publish(changed, change="clarified", reason="Nyt navn.")
    alias = ProfilePage.objects.get(pk=alias.pk)
    assert (alias.title, numbers(alias), alias.uuid != page.uuid) == ("Nyt navn", [], True)
    assert not set(identities(alias)) & set(identities(page))


def test_an_alias_made_a_page_of_its_own_gets_a_first_release(admin: Client) -> None:
    page = ProfilePageFactory.make()
    alias: Any = page.create_alias(update_slug="ogsaa-her")
    assert admin.post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk])).status_code == 302
    assert numbers(ProfilePage.objects.get(pk=alias.pk)) == [1]
    assert admin.get(ProfilePage.objects.get(pk=alias.pk).url).status_code == 200


def test_a_draft_whose_competence_was_deleted_opens_without_it() -> None:
    competence = CompetenceFactory.create()
    page = ProfilePageFactory.make()
    changed = draft(page)
    changed.groups.all()[0].items.add(item(competence, sort_order=5))
    changed.save_revision()
    competence.delete()
    assert len(items(in_editor(page))) == 1
