"""Accounts, new passwords and other addresses: by proof of the mailbox, and without telling who is known."""

import re
from typing import Any
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.api import membership_grant
from portal.accounts.models import User
from portal.accounts.seals import seal
from portal.accounts.services import letters
from portal.core import outbox
from portal.core.models.outbox import OutboxMessage
from portal.core.roles import Role
from portal.organisations.api import Party
from tests.factories.accounts import PASSWORD, user
from tests.support.login import code, links_in, type_password, with_app

pytestmark = pytest.mark.django_db
NEW = "en-helt-anden-adgangskode"
PERSON = {"first_name": "Ny", "last_name": "Bruger", "password": NEW}
ASKS = ["account_signup", "account_reset_password"]


def ask(name: str, email: str, client: Client | None = None) -> Any:
    return (client or Client()).post(reverse(name), {"email": email})


def letter() -> Any:
    """Deliver, and return the newest mail."""
    mail.outbox.clear()
    outbox.drain()
    (sent,) = mail.outbox
    return sent


def link_for(name: str, email: str, client: Client | None = None) -> str:
    ask(name, email, client)
    (link,) = links_in(letter().body)
    return link


def _asked(name: str, email: str) -> tuple[Any, ...]:
    cache.clear()
    client = Client()
    client.get(reverse(name))
    hashes = []
    hasher = type(hashers.get_hasher())
    real = hasher.encode

    def counted(self: Any, *args: Any, **kwargs: Any) -> str:
        hashes.append(1)
        return real(self, *args, **kwargs)

    with mock.patch.object(hasher, "encode", counted), CaptureQueriesContext(connection) as queries:
        response = ask(name, email, client)
    tables = tuple(re.findall(r'(?:FROM|INTO|UPDATE) "(\w+)"', " ".join(query["sql"] for query in queries)))
    count = len(queries)  # counted now: the next request empties the log
    shown = client.get(response["Location"]).content.decode()
    return response.status_code, response["Location"], shown, count, tables, len(hashes)


@pytest.mark.parametrize("name", ASKS)
def test_known_unknown_and_closed_addresses_answer_and_cost_the_same(name: str) -> None:
    user("kim@hk.example")
    user("lukket@hk.example", is_active=False)
    ((status, _location, shown, queries, tables, hashes),) = {
        _asked(name, email)
        for email in ("kim@hk.example", "KIM@hk.example", "lukket@hk.example", "findes-ikke@hk.example")
    }
    assert status == 302
    assert "Se i din indbakke" in shown
    assert queries > 0
    assert "accounts_user" not in tables, "nobody is looked up while the asker waits"
    assert hashes == 0


@pytest.mark.parametrize(
    ("name", "email", "subject"),
    [
        ("account_signup", "ny@kl.example", "Opret din konto"),
        ("account_signup", "Kim@hk.example", "Du har allerede en konto"),
        ("account_signup", "lukket@hk.example", "Du har allerede en konto"),
        ("account_reset_password", "kim@hk.example", "Vælg en ny adgangskode"),
        ("account_reset_password", "ny@kl.example", "Der er ingen konto"),
        ("account_reset_password", "lukket@hk.example", "Der er ingen konto"),
    ],
)
def test_the_letter_says_what_the_page_does_not(name: str, email: str, subject: str) -> None:
    user("kim@hk.example")
    user("lukket@hk.example", is_active=False)
    ask(name, email)
    sent = letter()
    assert sent.to == [email.lower()]
    assert subject in sent.subject


def test_the_request_is_forgotten_when_the_letter_is_written() -> None:
    ask("account_signup", "ny@kl.example")
    letter()
    request = OutboxMessage.objects.get(topic=letters.TOPIC)
    assert "ny@kl.example" not in str(request.payload)


def test_a_link_opened_by_a_scanner_makes_no_account_and_works_afterwards(client: Client) -> None:
    link = link_for("account_signup", "ny@kl.example")
    for _visit in range(2):
        assert client.get(link).status_code == 200
    assert not User.objects.exists()
    assert client.post(link, PERSON).status_code == 302
    made = User.objects.get(email="ny@kl.example")
    assert made.get_full_name() == "Ny Bruger"
    assert made.check_password(NEW)
    assert EmailAddress.objects.get(user=made).verified
    assert client.session["_auth_user_id"] == str(made.pk)


def test_the_link_works_once(client: Client) -> None:
    link = link_for("account_signup", "ny@kl.example")
    client.post(link, PERSON)
    other = Client()
    assert other.get(link).status_code == 410
    assert other.post(link, {**PERSON, "password": "en-tyvs-adgangskode"}).status_code == 410
    assert User.objects.get().check_password(NEW)
    assert "_auth_user_id" not in other.session


def test_the_link_expires_and_cannot_be_bent(client: Client) -> None:
    link = link_for("account_signup", "ny@kl.example")
    with mock.patch("cryptography.fernet.time.time", return_value=__import__("time").time() + 3 * 86400 + 60):
        assert client.get(link).status_code == 410
    for bent in (link[:-2] + "/", link.replace("gAAA", "gAAB"), reverse("account_confirm_signup", args=["x"])):
        response = client.get(bent)
        assert response.status_code == 410
        assert "Linket virker ikke længere" in response.content.decode()
    wrong_purpose = reverse("account_reset_password_from_key", args=[link.rstrip("/").rpartition("/")[2]])
    assert client.get(wrong_purpose).status_code == 410
    assert client.get(link).status_code == 200


def test_the_address_stands_in_no_link() -> None:
    assert "ny" not in link_for("account_signup", "nyperson@kl.example").lower().replace("gaaaaa", "")[:12]
    link = link_for("account_signup", "nyperson@kl.example")
    assert "kl.example" not in link
    assert len(link) > 100


@pytest.mark.parametrize("password", ["kort", "123456789012", "nyperson@kl.example", "password1234"])
def test_a_weak_password_is_refused_in_words(client: Client, password: str) -> None:
    link = link_for("account_signup", "nyperson@kl.example")
    html = client.post(link, {**PERSON, "password": password}).content.decode()
    assert "form-error-message" in html
    assert 'value="Bruger"' in html, "what was typed is kept"
    assert not User.objects.exists()


def test_what_waits_for_the_address_comes_with_the_proof(client: Client) -> None:
    membership_grant(actor=None, role=Role.EDITOR, email="ny@kl.example", party=Party.objects.get(key="kl"))
    link = link_for("account_signup", "ny@kl.example")
    assert not User.objects.exists(), "a letter alone makes nobody an editor"
    response = client.post(link, PERSON)
    made = User.objects.get()
    assert made.memberships.get().role == Role.EDITOR
    assert response["Location"] == reverse("mfa_index"), "editors need a second factor before they work"
    assert client.get("/admin/")["Location"] == reverse("mfa_index")


def test_a_new_password_ends_every_session_and_keeps_the_second_step() -> None:
    kim = with_app(user())
    thief = Client()
    type_password(thief, kim.email)
    thief.post(reverse("mfa_authenticate"), {"code": code()})
    assert thief.get(reverse("mfa_index")).status_code == 200
    owner = Client()
    link = link_for("account_reset_password", kim.email)
    assert owner.get(link).status_code == 200
    assert owner.post(link, {"password": NEW})["Location"] == reverse("account_login")
    assert "_auth_user_id" not in owner.session, "a letter is no second factor"
    assert thief.get(reverse("mfa_index")).status_code == 302
    assert type_password(owner, kim.email, NEW)["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in owner.session


def test_a_link_for_a_new_password_dies_with_its_use_and_with_a_login(client: Client) -> None:
    kim = user()
    first = link_for("account_reset_password", kim.email)
    client.post(first, {"password": NEW})
    assert client.get(first).status_code == 410
    assert "Du har valgt en ny adgangskode" in letter().body
    second = link_for("account_reset_password", kim.email)
    type_password(Client(), kim.email, NEW)
    assert client.post(second, {"password": "tyvens-adgangskode"}).status_code == 410
    kim.refresh_from_db()
    assert kim.check_password(NEW)


def test_moving_to_another_address_needs_its_mailbox_and_tells_nothing(client: Client) -> None:
    user("anden@hk.example")
    kim = user()
    type_password(client, kim.email)
    pages = set()
    for email in ("anden@hk.example", "kim2@hk.example"):
        pages.add(client.get(ask("account_email", email, client)["Location"]).content)
        sent = letter()
        assert sent.to == [email]
    assert len(pages) == 1
    (link,) = links_in(sent.body)
    client.get(link)
    kim.refresh_from_db()
    assert kim.email == "kim@hk.example"
    stranger = Client()
    stranger.force_login(User.objects.get(email="anden@hk.example"))
    assert stranger.post(link).status_code == 410
    assert client.post(link).status_code == 302
    kim.refresh_from_db()
    assert kim.email == "kim2@hk.example"
    assert list(EmailAddress.objects.filter(user=kim).values_list("email", "verified")) == [("kim2@hk.example", True)]
    assert letter().to == ["kim@hk.example"]
    assert client.post(link).status_code == 410


def test_two_who_want_the_same_address(client: Client) -> None:
    kim = user()
    type_password(client, kim.email)
    token = seal(letters.MOVE, {"user": str(kim.uuid), "from": kim.email, "to": "ny@kl.example"})
    user("ny@kl.example")
    assert client.post(reverse("account_confirm_email", args=[token])).status_code == 410
    kim.refresh_from_db()
    assert kim.email == "kim@hk.example"


@pytest.mark.parametrize("name", ASKS)
def test_letters_are_rationed_by_machine_and_by_address(name: str) -> None:
    assert [ask(name, "kim@hk.example").status_code for _n in range(6)] == [302] * 5 + [429]
    cache.clear()
    assert [ask(name, f"a{n}@hk.example").status_code for n in range(11)] == [302] * 10 + [429]
    assert OutboxMessage.objects.filter(topic=letters.TOPIC).count() == 15


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("email", ["", "kim", "kim@", "a@b\r\nBcc: x@y.dk", "x" * 300 + "@hk.example"])
def test_what_is_no_address_is_said_and_sends_nothing(name: str, email: str) -> None:
    response = ask(name, email)
    assert response.status_code == 200
    assert "form-error-message" in response.content.decode()
    assert not OutboxMessage.objects.exists()


def test_changing_the_password_ends_the_other_sessions_and_is_told(client: Client) -> None:
    kim = user()
    elsewhere = Client()
    type_password(elsewhere, kim.email)
    type_password(client, kim.email)
    form = {"oldpassword": PASSWORD, "password1": NEW}
    wrong = client.post(reverse("account_change_password"), {**form, "oldpassword": "forkert"})
    assert "Den nuværende adgangskode er forkert" in wrong.content.decode()
    assert client.post(reverse("account_change_password"), form).status_code == 302
    assert client.get(reverse("mfa_index")).status_code == 200
    assert elsewhere.get(reverse("mfa_index")).status_code == 302
    assert "Din adgangskode er ændret" in letter().body
