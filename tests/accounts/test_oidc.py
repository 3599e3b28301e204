"""Login through a municipality's OpenID provider: a real one, in a process of its own, that can misbehave."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from portal.accounts.api import Membership, Source, User, membership_end, membership_grant
from portal.core.models import AuditEntry
from portal.core.roles import Role
from tests.factories.accounts import PASSWORD, user
from tests.factories.organisations import COPENHAGEN, ODENSE, municipality
from tests.support.identity.browsing import at_openid, by_openid, leave
from tests.support.identity.fixtures import Running, odense_by_openid
from tests.support.identity.openid import CLIENT, TENANT
from tests.support.postgres import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("identity")]


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def refused(response: Any, words: str, client: Client) -> None:
    """The page says why in plain words, names nothing of the inside, and nobody is logged in or was made."""
    text = response.content.decode()
    assert response.status_code == 403
    assert words in text
    for inside in ("Traceback", "JWT", "allauth", "issuer", "audience", "token", "signature"):
        assert inside not in re.sub(r"<[^>]*>", " ", text.split("<main")[1].split("</main>")[0])
    assert not is_logged_in(client)
    assert not SocialAccount.objects.exists()
    assert not Membership.objects.exists()


def test_the_first_login_makes_an_account_and_an_employee_of_that_municipality(openid: Running) -> None:
    client = Client()
    response = by_openid(client, next="/kommuner/")
    assert (response.status_code, response["Location"]) == (302, "/kommuner/")
    anna = User.objects.get()
    assert (anna.email, anna.first_name, anna.last_name) == ("anna@odense.example", "Anna", "Aagaard")
    assert not anna.has_usable_password()
    membership = Membership.objects.get()
    assert (membership.user, membership.role, membership.source) == (anna, Role.EMPLOYEE, Source.LOGIN)
    assert membership.municipality.code == ODENSE
    assert client.session["_auth_user_id"] == str(anna.pk)
    assert AuditEntry.objects.filter(action="identity.connect", object_key=str(anna.uuid)).count() == 1


def test_the_identity_is_issuer_tenant_and_object_id(openid: Running) -> None:
    by_openid(Client())
    account = SocialAccount.objects.get()
    assert account.provider == "odense"
    assert account.uid == f"{openid.address} {TENANT} 0f00a2f0-anna"
    assert account.extra_data == {}, "what is not needed is not kept"


def test_the_second_login_finds_the_same_person_whatever_her_address_is_now(openid: Running) -> None:
    by_openid(Client())
    openid.behave(claims={"email": "anna.gift@odense.example", "sub": "another"})
    client = Client()
    by_openid(client)
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert Membership.objects.count() == 1


def test_an_address_never_leads_to_somebody_elses_account(openid: Running) -> None:
    other = user("Anna@odense.example")
    client = Client()
    by_openid(client)
    assert client.session["_auth_user_id"] != str(other.pk)
    made = User.objects.exclude(pk=other.pk).get()
    assert made.email is None
    assert not Membership.objects.filter(user=other).exists()


def test_without_an_address_there_is_an_account_all_the_same(openid: Running) -> None:
    by_openid(Client(), "bo")
    assert User.objects.get().email is None


def test_what_waits_in_this_municipality_is_hers_and_what_waits_elsewhere_is_not(openid: Running) -> None:
    here, there = municipality(ODENSE), municipality(COPENHAGEN)
    email = "anna@odense.example"
    lead = membership_grant(actor=None, role=Role.COORDINATOR, email=email, municipality=here)
    foreign = membership_grant(actor=None, role=Role.COORDINATOR, email=email, municipality=there)
    portal = membership_grant(actor=None, role=Role.ADMINISTRATOR, email=email)
    by_number = membership_grant(
        actor=None, role=Role.EMPLOYEE, email="anden@odense.example", municipality=here, person_code="A-17"
    )
    by_openid(Client())
    anna = User.objects.get()
    for row in (lead, foreign, portal, by_number):
        row.refresh_from_db()
    assert (lead.user, by_number.user) == (anna, anna)
    assert (foreign.user, portal.user) == (None, None)
    assert Membership.objects.filter(user=anna, source=Source.LOGIN).count() == 0, "she had her place already"


def test_a_membership_that_has_ended_stays_ended(openid: Running) -> None:
    by_openid(Client())
    membership_end(actor=None, membership=Membership.objects.get())
    client = Client()
    by_openid(client)
    assert is_logged_in(client)
    assert not Membership.objects.in_force().exists()


def test_only_what_the_connection_believes_makes_a_session_strong(openid: Running) -> None:
    def strength() -> bool:
        client = Client()
        by_openid(client)
        return any(method.get("strong") for method in client.session["account_authentication_methods"])

    assert not strength(), "being outside is not enough"
    openid.behave(claims={"amr": ["pwd"]})
    assert not strength()
    openid.behave(claims={"amr": ["pwd", "mfa"]})
    assert strength()
    openid.behave(claims={"acr": "mfa"})
    assert strength()


def test_a_connection_that_does_not_vouch_is_never_strong(openid: Running, settings: Any) -> None:
    settings.LOGIN_CONNECTIONS = (odense_by_openid(openid.address, vouches=()),)
    openid.behave(claims={"amr": ["mfa"], "acr": "mfa"})
    client = Client()
    by_openid(client)
    assert not any(method.get("strong") for method in client.session["account_authentication_methods"])


NOT_ACCEPTED = "Vi kunne ikke godkende dit login"
MISBEHAVIOUR: dict[str, tuple[dict[str, Any], str]] = {
    "another tenant": ({"claims": {"tid": "another-tenant"}}, "Dit login hører til en anden organisation"),
    "no tenant": ({"claims": {"tid": None}}, "Dit login hører til en anden organisation"),
    "nobody": ({"claims": {"oid": None}}, "Vi fik ikke at vide, hvem du er"),
    "a subject with a space": ({"claims": {"oid": "a b"}}, "Vi fik ikke at vide, hvem du er"),
    "another issuer": ({"claims": {"iss": "https://evil.example"}}, NOT_ACCEPTED),
    "an issuer that is nearly ours": ({"slash": True}, NOT_ACCEPTED),
    "a description of another issuer": ({"described_issuer": "https://evil.example"}, NOT_ACCEPTED),
    "no signature": ({"alg": "none"}, NOT_ACCEPTED),
    "signed with the public key": ({"alg": "HS256"}, NOT_ACCEPTED),
    "signed by a stranger": ({"stranger_signs": True}, NOT_ACCEPTED),
    "an unknown key": ({"kid": "two"}, NOT_ACCEPTED),
    "expired": ({"claims": {"exp": 1_700_000_000}}, NOT_ACCEPTED),
    "without an end": ({"claims": {"exp": None}}, NOT_ACCEPTED),
    "not valid yet": ({"claims": {"nbf": 4_000_000_000}}, NOT_ACCEPTED),
    "another audience": ({"claims": {"aud": "another-client"}}, NOT_ACCEPTED),
    "several audiences": ({"claims": {"aud": [CLIENT, "another-client"]}}, NOT_ACCEPTED),
    "made for another client": ({"claims": {"azp": "another-client"}}, NOT_ACCEPTED),
    "no nonce": ({"claims": {"nonce": None}}, NOT_ACCEPTED),
    "an empty nonce": ({"claims": {"nonce": ""}}, NOT_ACCEPTED),
    "another login's nonce": ({"claims": {"nonce": "another"}}, NOT_ACCEPTED),
    "no token": ({"no_id_token": True}, NOT_ACCEPTED),
}


@pytest.mark.parametrize("case", MISBEHAVIOUR)
def test_a_provider_that_misbehaves_lets_nobody_in(openid: Running, case: str) -> None:
    faults, words = MISBEHAVIOUR[case]
    client = Client()
    target = leave(client, "odense")
    if faults.pop("slash", False):
        faults = {"claims": {"iss": f"{openid.address}/"}}
    openid.behave(**faults)
    refused(client.get(at_openid(target)), words, client)


def test_a_refused_answer_of_the_provider_stands_in_the_audit_trail(openid: Running) -> None:
    openid.behave(claims={"tid": "another-tenant"})
    by_openid(Client())
    entry = AuditEntry.objects.get(action="login.refused")
    assert entry.after == {"connection": "odense", "reason": "wrong-organisation"}
    assert entry.object_label == "Odense"


def test_an_answer_counts_in_the_session_that_asked_and_once(openid: Running) -> None:
    mine, attackers = Client(), Client()
    answer = at_openid(leave(attackers, "odense"))
    refused(mine.get(answer), "Begynd forfra", mine)
    assert attackers.get(answer).status_code == 302
    again = attackers.get(answer)
    assert again.status_code == 403
    assert not AuditEntry.objects.filter(action="login.refused").exists(), "strangers do not fill the trail"


def test_an_answer_without_a_state_is_refused(openid: Running) -> None:
    client = Client()
    refused(client.get("/konto/kommune/oidc/odense/svar/?code=x"), "Begynd forfra", client)


def test_a_code_of_another_login_does_not_fit(openid: Running) -> None:
    """PKCE: a code that was caught on its way is worth nothing in another login."""
    client, other = Client(), Client()
    caught = parse_qs(urlsplit(at_openid(leave(other, "odense"))).query)["code"][0]
    own = at_openid(leave(client, "odense"))
    state = parse_qs(urlsplit(own).query)["state"][0]
    refused(client.get(f"/konto/kommune/oidc/odense/svar/?code={caught}&state={state}"), NOT_ACCEPTED, client)


def test_cancelling_at_the_provider_is_no_error(openid: Running) -> None:
    client = Client()
    refused(by_openid(client, ""), "Du afbrød", client)


def test_a_provider_that_is_down_is_told_in_words(settings: Any) -> None:
    settings.LOGIN_CONNECTIONS = (odense_by_openid(f"http://127.0.0.1:{free_port()}"),)
    client = Client()
    refused(client.post("/konto/kommune/", {"connection": "odense"}), "svarer ikke", client)


def test_a_closed_account_stays_closed(openid: Running) -> None:
    by_openid(Client())
    User.objects.update(is_active=False)
    client = Client()
    response = by_openid(client)
    assert response.status_code == 403
    assert "Din konto er lukket" in response.content.decode()
    assert not is_logged_in(client)


def test_the_request_cannot_add_to_what_is_asked_of_the_provider(openid: Running) -> None:
    client = Client()
    path = "/konto/kommune/oidc/odense/?scope=admin&auth_params=nonce%3Dmine%26prompt%3Dnone&process=redirect"
    response = client.post(path, {"next": "https://evil.example/"})
    text = response.content.decode().split('content="0;url=')[1].split('"')[0]
    assert "admin" not in text
    assert "nonce=mine" not in text
    assert "prompt" not in text
    for word in ("code_challenge_method=S256", "nonce=", "state="):
        assert word in text


def test_after_the_login_nobody_is_sent_to_another_site(openid: Running) -> None:
    client = Client()
    response = by_openid(client, next="https://evil.example/")
    assert response["Location"].startswith("/")


def test_a_link_to_a_login_alone_changes_nothing(openid: Running) -> None:
    client = Client()
    response = client.get("/konto/kommune/oidc/odense/")
    assert response.status_code == 200
    assert not client.session.keys()
    assert client.get("/konto/kommune/oidc/ukendt/").status_code == 404


def test_a_changed_issuer_finds_none_of_the_old_identities(openid: Running, settings: Any) -> None:
    by_openid(Client())
    account = SocialAccount.objects.get()
    SocialAccount.objects.update(uid=account.uid.replace(openid.address, "https://former.example"))
    client = Client()
    by_openid(client)
    assert client.session["_auth_user_id"] != str(account.user_id)


def test_connecting_a_login_to_an_account_asks_for_the_password_again(openid: Running) -> None:
    kim = user("kim@hk.example")
    client = Client()
    client.force_login(kim)
    asked = by_openid(client, process="connect", next="/konto/kommune/mine/")
    assert asked["Location"].startswith("/konto/bekraeft-dig/")
    assert not SocialAccount.objects.exists()
    done = client.post("/konto/bekraeft-dig/", {"password": PASSWORD})
    assert done.status_code == 302
    assert SocialAccount.objects.get().user == kim
    assert User.objects.count() == 1
    assert Membership.objects.get(user=kim).municipality.code == ODENSE
    kim.refresh_from_db()
    assert kim.email == "kim@hk.example"


def test_an_identity_of_somebody_else_cannot_be_connected(openid: Running) -> None:
    by_openid(Client())
    kim = user("kim@hk.example")
    client = Client()
    client.force_login(kim)
    response = by_openid(client, process="connect")
    assert response.status_code == 403
    assert "hører til en anden konto" in response.content.decode()
    assert SocialAccount.objects.get().user != kim
    assert not Membership.objects.filter(user=kim).exists()


def test_connecting_needs_an_account_to_connect_to(openid: Running) -> None:
    by_openid(Client(), process="connect")
    assert User.objects.count() == 1, "nobody was logged in, so it is a login like any other"


def test_the_only_way_in_cannot_be_taken_away(openid: Running) -> None:
    client = Client()
    by_openid(client)
    account = SocialAccount.objects.get()
    response = client.post("/konto/kommune/mine/", {"account": account.pk}, follow=True)
    assert "eneste vej ind" in response.content.decode()
    assert SocialAccount.objects.exists()


def test_an_identity_can_be_taken_away_where_there_is_another_way_in(openid: Running) -> None:
    client = Client()
    by_openid(client)
    anna = User.objects.get()
    anna.set_password(PASSWORD)
    anna.save()
    client.force_login(anna)
    account = SocialAccount.objects.get()
    first = client.post("/konto/kommune/mine/", {"account": account.pk})
    assert first["Location"].startswith("/konto/bekraeft-dig/")
    assert SocialAccount.objects.exists()
    client.post(first["Location"], {"password": PASSWORD})
    assert SocialAccount.objects.exists(), "what she sent before is not kept: she presses again"
    client.post("/konto/kommune/mine/", {"account": account.pk})
    assert not SocialAccount.objects.exists()
    assert AuditEntry.objects.filter(action="identity.disconnect").count() == 1


@pytest.fixture
def independent() -> Iterator[str]:
    """A provider that others wrote."""
    port = free_port()
    claims = f'{{"sub": "x", "oid": "eva", "tid": "{TENANT}", "email": "eva@odense.example", "name": "Eva"}}'
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "--user-claims", claims]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(100):
                try:
                    requests.get(f"{address}/jwks", timeout=5)
                    break
                except requests.ConnectionError:
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()


def test_a_provider_that_others_wrote_lets_her_in(independent: str, settings: Any) -> None:
    settings.LOGIN_CONNECTIONS = (odense_by_openid(independent),)
    client = Client()
    target = leave(client, "odense")
    answer = requests.post(target, data={"sub": "x"}, allow_redirects=False, timeout=10)
    response = client.get(answer.headers["Location"].removeprefix("http://testserver"))
    assert response.status_code == 302
    assert SocialAccount.objects.get().uid == f"{independent} {TENANT} eva"
