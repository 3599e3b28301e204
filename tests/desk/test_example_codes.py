"""The demo's logins have an app each, and a page shows their codes; outside the demo there is neither."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from portal.accounts.models import User
from portal.core.roles import Role
from portal.desk.example_factors import code_of, give_factor
from portal.desk.example_users import EXAMPLE_PASSWORD, create_example_users, example_logins
from tests.factories.accounts import user
from tests.support.login import type_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.desk.demo_urls"


@pytest.mark.usefixtures("demo")
def test_an_editor_of_the_demo_logs_in_with_the_code_that_the_page_shows(client: Client) -> None:
    create_example_users()
    editor = next(person for person in example_logins() if person.role == Role.EDITOR)
    html = client.get("/demo/koder/").content.decode()
    assert html.count("<tr>") == len(example_logins()) + 1
    assert code_of(editor.email) in html
    type_password(client, editor.email, EXAMPLE_PASSWORD)
    client.post("/konto/sikkerhed/kode/", {"code": code_of(editor.email)})
    assert client.get("/admin/").status_code == 200


def test_outside_the_demo_there_is_neither(client: Client, settings: Any) -> None:
    assert client.get("/demo/koder/").status_code == 404
    settings.ROOT_URLCONF = "tests.desk.demo_urls"
    assert client.get("/demo/koder/").status_code == 404
    give_factor(user())
    assert not Authenticator.objects.exists()


@pytest.mark.usefixtures("demo")
def test_whoever_has_set_up_her_own_app_keeps_it() -> None:
    create_example_users()
    somebody = User.objects.get(email=example_logins()[0].email)
    Authenticator.objects.filter(user=somebody).update(data={"secret": "own"})
    give_factor(somebody)
    assert Authenticator.objects.get(user=somebody).data == {"secret": "own"}
