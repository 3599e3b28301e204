"""An address that only a provider has named opens nothing: neither the account nor what others give to the address."""

import re

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from portal.accounts.addresses import holders
from portal.accounts.api import Membership, User, account_create, membership_grant
from portal.accounts.connections.provisioning import identity_disconnect
from portal.accounts.services import letters
from portal.accounts.services.accounts import email_change
from portal.core import outbox
from portal.core.errors import RefusedError
from portal.core.models import AuditEntry
from portal.core.models.outbox import OutboxMessage
from portal.core.roles import Role
from tests.factories.accounts import PASSWORD, user
from tests.factories.organisations import COPENHAGEN, municipality
from tests.support.identity.browsing import by_openid
from tests.support.identity.fixtures import Running

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("identity")]
EMAIL = "anna@odense.example"


@pytest.fixture
def named(openid: Running) -> User:
    """The account that Odense's provider opened, with an address that it named."""
    by_openid(Client())
    return User.objects.get(email=EMAIL)


def test_whoever_shows_that_the_address_is_hers_gets_it_and_what_waits_for_it(named: User) -> None:
    """A provider cannot open an account in somebody's name and wait for another municipality's rights to arrive."""
    waiting = membership_grant(actor=None, role=Role.COORDINATOR, email=EMAIL, municipality=municipality(COPENHAGEN))
    owner = account_create(actor=None, email=EMAIL, password="en-lang-adgangskode-2026")
    waiting.refresh_from_db()
    named.refresh_from_db()
    assert (owner.email, waiting.user) == (EMAIL, owner)
    assert named.email is None
    assert not Membership.objects.filter(user=named, municipality__code=COPENHAGEN).exists()
    assert AuditEntry.objects.filter(action="account.email_lost", object_key=str(named.uuid)).count() == 1


def test_an_account_may_move_to_the_address(named: User) -> None:
    kim = user("kim@hk.example")
    email_change(user=kim, email=EMAIL)
    named.refresh_from_db()
    assert (User.objects.get(email=EMAIL), named.email) == (kim, None)


def test_no_letter_opens_the_account_to_the_mailbox(named: User) -> None:
    letters.ask(letters.RESET, EMAIL)
    letters.write(OutboxMessage.objects.get(topic=letters.TOPIC))
    sent = OutboxMessage.objects.get(topic="mail")
    assert "/konto/adgangskode/glemt/" not in str(sent.payload)
    assert not holders(EMAIL).exists()


def test_who_was_here_first_keeps_her_address_when_she_connects_a_login(openid: Running) -> None:
    kim = user("kim@hk.example")
    client = Client()
    client.force_login(kim)
    by_openid(client, process="connect")
    client.post("/konto/bekraeft-dig/", {"password": "en-lang-adgangskode-2026"})
    assert SocialAccount.objects.filter(user=kim).exists()
    assert holders("KIM@hk.example").get() == kim


def test_the_next_login_finds_the_account_without_its_address(named: User) -> None:
    account_create(actor=None, email=EMAIL, password="en-lang-adgangskode-2026")
    client = Client()
    by_openid(client)
    assert client.session["_auth_user_id"] == str(named.pk)


def test_a_password_does_not_make_the_address_hers_nor_the_login_dispensable(named: User) -> None:
    """Else a provider could open an account in somebody's name, and leave the account with her address."""
    named.set_password(PASSWORD)
    named.save()
    account = SocialAccount.objects.get(user=named)
    with pytest.raises(RefusedError):
        identity_disconnect(user=named, account=account)
    assert SocialAccount.objects.filter(user=named).exists()
    assert not holders(EMAIL).exists()


def test_the_address_stays_unproven_when_the_login_is_gone_whatever_took_it(named: User) -> None:
    named.set_password(PASSWORD)
    named.save()
    SocialAccount.objects.filter(user=named).delete()
    waiting = membership_grant(actor=None, role=Role.COORDINATOR, email=EMAIL, municipality=municipality(COPENHAGEN))
    assert not holders(EMAIL).exists()
    owner = account_create(actor=None, email=EMAIL, password=PASSWORD)
    waiting.refresh_from_db()
    named.refresh_from_db()
    assert (waiting.user, named.email) == (owner, None)


def test_she_proves_the_address_by_the_letter_and_may_then_leave_the_login(named: User) -> None:
    named.set_password(PASSWORD)
    named.save()
    letters.ask(letters.MOVE, EMAIL, user=str(named.uuid), **{"from": EMAIL})
    outbox.drain()
    outbox.drain()
    link = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    client = Client()
    client.force_login(named)
    assert link is not None and client.post(link[1]).status_code == 302
    assert holders(EMAIL).get() == named
    identity_disconnect(user=named, account=SocialAccount.objects.get(user=named))
    assert not SocialAccount.objects.exists()
    assert holders(EMAIL).get() == named
