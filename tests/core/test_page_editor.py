"""The editor's autosave begins with the first save by hand: before it, a page would be created twice."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from tests.factories.pages import standard_page
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, profile_index

pytestmark = pytest.mark.django_db

AUTOSAVE = 'w-autosave"'


@pytest.fixture
def admin(admin_client: Client) -> Client:
    return admin_client


def shown(admin: Client, name: str, *args: object) -> str:
    response = admin.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_a_new_page_is_not_saved_by_itself(admin: Client) -> None:
    assert AUTOSAVE not in shown(admin, "wagtailadmin_pages:add", "profiles", "profilepage", profile_index().pk)


def test_a_page_that_exists_is(admin: Client) -> None:
    page: Page = ProfilePageFactory.make()
    assert AUTOSAVE in shown(admin, "wagtailadmin_pages:edit", page.pk)


def test_a_new_competence_is_not_and_an_existing_one_is(admin: Client) -> None:
    competence = CompetenceFactory.create()
    assert AUTOSAVE not in shown(admin, "wagtailsnippets_profiles_competence:add")
    assert AUTOSAVE in shown(admin, "wagtailsnippets_profiles_competence:edit", competence.pk)


@pytest.mark.parametrize("name", ["history", "usage", "workflow_history"])
def test_what_stands_beside_the_form_opens_for_every_page_type(admin_client: Client, name: str) -> None:
    page = standard_page("Om os")
    assert admin_client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])).status_code == 200
    assert admin_client.post(reverse("wagtailadmin_pages:lock", args=[page.pk])).status_code == 302
    page.refresh_from_db()
    assert page.locked
