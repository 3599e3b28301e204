"""An address that only a provider has named opens nothing: neither the account nor what others give to the address."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from portal.accounts.addresses import holders
from portal.accounts.api import Membership, User, account_create, membership_grant
from portal.accounts.services import letters
from portal.accounts.services.accounts import email_change
from portal.core.models import AuditEntry
from portal.core.models.outbox import OutboxMessage
from portal.core.roles import Role
from tests.factories.accounts import user
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
