"""Users in the admin: an e-mail address instead of a user name, and the case of its letters does not matter."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from portal.accounts.api import ADMINISTRATORS
from portal.accounts.models import User
from portal.desk.rights import setup_groups
from tests.factories.accounts import PASSWORD, administrator, editor, user

pytestmark = pytest.mark.django_db


def user_form(**values: Any) -> dict[str, Any]:
    given = {"email": "ny@kl.example", "first_name": "Ny", "last_name": "Bruger"}
    return {**given, **values}


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(administrator())
    return client


def test_an_administrator_makes_a_user_whose_password_nobody_knows(admin_client: Client) -> None:
    html = admin_client.get(reverse("wagtailusers_users:add")).content.decode()
    for name in ("username", "password1", "groups", "is_superuser"):
        assert f'name="{name}"' not in html
    assert "Det, brugeren logger ind med." in html
    assert admin_client.post(reverse("wagtailusers_users:add"), user_form()).status_code == 302
    assert not User.objects.get(email="ny@kl.example").has_usable_password()


def test_nobody_is_made_superuser_or_put_into_a_group_by_a_form(admin_client: Client) -> None:
    setup_groups()
    wanted = {"is_superuser": "on", "groups": [Group.objects.get(name=ADMINISTRATORS).pk]}
    admin_client.post(reverse("wagtailusers_users:add"), user_form(**wanted))
    made = User.objects.get(email="ny@kl.example")
    form = user_form(email="ny@kl.example", is_active="on", **wanted)
    assert admin_client.post(reverse("wagtailusers_users:edit", args=[made.pk]), form).status_code == 302
    made.refresh_from_db()
    assert not made.is_superuser
    assert not made.groups.exists()


def test_an_address_that_differs_in_case_only_is_taken(admin_client: Client) -> None:
    user("kim@hk.example")
    html = admin_client.post(reverse("wagtailusers_users:add"), user_form(email="KIM@hk.example")).content.decode()
    assert "Der er allerede en bruger med denne e-mailadresse." in html
    assert User.objects.filter(email__iexact="kim@hk.example").count() == 1


def test_editing_keeps_the_own_address(admin_client: Client) -> None:
    kim = user("kim@hk.example")
    form = user_form(email="kim@hk.example", first_name="Kimmie", is_active="on")
    address = reverse("wagtailusers_users:edit", args=[kim.pk])
    assert admin_client.post(address, form).status_code == 302
    kim.refresh_from_db()
    assert kim.first_name == "Kimmie"
    assert kim.check_password(PASSWORD)


def test_an_editor_does_not_get_at_users(client: Client) -> None:
    client.force_login(editor())
    assert client.get(reverse("wagtailusers_users:index")).status_code in {302, 403}
    client.post(reverse("wagtailusers_users:add"), user_form())
    assert not User.objects.filter(email="ny@kl.example").exists()


@pytest.mark.parametrize("text", ['"', "\x00", "💥", "x" * 10_000])
def test_any_text_in_the_search_box_gets_an_answer(admin_client: Client, text: str) -> None:
    assert admin_client.get(reverse("wagtailusers_users:index"), {"q": text}).status_code == 200


def test_nobody_is_put_into_a_group_by_choosing_her_in_the_list(admin_client: Client) -> None:
    setup_groups()
    kim = user("kim@hk.example")
    address = (
        f"{reverse('wagtail_bulk_action', args=['accounts', 'user', 'assign_role'])}?id={kim.pk}&next=/admin/users/"
    )
    admin_client.post(address, {"role": Group.objects.get(name=ADMINISTRATORS).pk})
    assert not kim.groups.exists()
