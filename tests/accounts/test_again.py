"""Whoever has only her municipality's login is asked again like everybody else: by that login, before she changes hers."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from portal.accounts.api import User, membership_grant
from portal.core.models import AuditEntry
from portal.core.roles import Role
from tests.factories.organisations import municipality
from tests.support.identity.browsing import at_openid, by_openid, leave
from tests.support.identity.fixtures import Running, odense_by_openid
from tests.support.login import code

pytestmark = pytest.mark.django_db
BEGIN = "/konto/kommune/oidc/odense/?next="
ASKED = [
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "account_set_password",
    "account_email",
    "my_page:export",
    "my_page:erase",
]


def came(client: Client, user: User, *, ago: float) -> None:
    """Let a session be one that began through the municipality's login."""
    client.force_login(user)
    session = client.session
    record = {"method": "socialaccount", "at": time.time() - ago, "provider": "odense", "uid": "i t s"}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture
def anna(settings: Any) -> User:
    """A coordinator with nothing but Odense's login."""
    settings.LOGIN_CONNECTIONS = (odense_by_openid("https://login.odense.example"),)
    made = User(first_name="Anna", last_name="Aagaard", email=None)
    made.set_unusable_password()
    made.save()
    membership_grant(actor=None, role=Role.COORDINATOR, user=made, municipality=municipality())
    SocialAccount.objects.create(user=made, provider="odense", uid="i t s")
    return made


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_old_session_is_sent_through_the_municipality_again(
    client: Client, anna: User, name: str, method: str
) -> None:
    came(client, anna, ago=36_000)
    response = getattr(client, method)(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(BEGIN)
    assert User.objects.filter(pk=anna.pk).exists()
    assert not Authenticator.objects.exists()


def test_an_old_session_enrols_no_factor_and_so_never_grows_strong(client: Client, anna: User) -> None:
    came(client, anna, ago=0)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 36_000} for record in session["account_authentication_methods"]
    ]
    session.save()
    response = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert response["Location"].startswith(BEGIN)
    assert not Authenticator.objects.exists()
    assert client.get(f"/min-kommune/{municipality().slug}/").status_code != 200


def test_an_old_session_connects_no_login_and_takes_none_away(client: Client, anna: User) -> None:
    came(client, anna, ago=36_000)
    SocialAccount.objects.create(user=anna, provider="odense", uid="i t another")
    assert client.get(reverse("socialaccount_connections")).status_code == 200
    gone = client.post(reverse("socialaccount_connections"), {"account": SocialAccount.objects.first().pk})
    assert gone["Location"].startswith(BEGIN)
    connecting = client.post(reverse("own_login"), {"connection": "odense", "process": "connect"})
    assert connecting["Location"].startswith(BEGIN)
    assert SocialAccount.objects.count() == 2


def test_the_page_says_why_and_keeps_where_she_was_going(client: Client, anna: User) -> None:
    came(client, anna, ago=36_000)
    html = client.get(reverse("my_page:export"), follow=True).content.decode()
    assert "Log ind med din kommune en gang til" in html
    assert f'name="next" value="{reverse("my_page:export")}"' in html


@pytest.mark.parametrize("name", ASKED[:2] + ASKED[3:])
def test_whoever_has_just_logged_in_is_not_asked(client: Client, anna: User, name: str) -> None:
    came(client, anna, ago=60)
    assert client.get(reverse(name)).status_code == 200


def test_without_a_connection_that_works_she_chooses_one(client: Client, anna: User, settings: Any) -> None:
    settings.LOGIN_CONNECTIONS = ()
    came(client, anna, ago=36_000)
    response = client.get(reverse("my_page:erase"), follow=True)
    assert response.redirect_chain == [(f"{reverse('own_login')}?next=%2Fmin-side%2Fdata%2Fslet%2F", 302)]
    assert response.status_code == 200


def test_the_page_for_the_password_leads_there_too(client: Client, anna: User) -> None:
    came(client, anna, ago=36_000)
    response = client.get(f"{reverse('account_reauthenticate')}?next=/konto/sikkerhed/app/")
    assert response["Location"] == f"{BEGIN}%2Fkonto%2Fsikkerhed%2Fapp%2F"


@pytest.mark.xdist_group("identity")
def test_having_come_again_she_goes_on_where_she_was(client: Client, openid: Running) -> None:
    by_openid(client)
    anna = User.objects.get()
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 36_000} for record in session["account_authentication_methods"]
    ]
    session.save()
    wanted = reverse("my_page:export")
    assert client.post(wanted)["Location"] == f"{BEGIN}%2Fmin-side%2Fdata%2Fhent%2F"
    assert not AuditEntry.objects.filter(action__contains="export").exists()
    back = client.get(at_openid(leave(client, "odense", next=wanted)))
    assert back["Location"] == wanted
    assert client.get(wanted).status_code == 200
    assert client.session["_auth_user_id"] == str(anna.pk)
