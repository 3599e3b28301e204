"""Login through a SAML identity provider after OIOSAML 3: a real one, on another library, that can misbehave."""

import base64
import re
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from portal.accounts.api import Membership, Source, User, membership_grant
from portal.accounts.connections.configuration import Level
from portal.accounts.connections.models import SamlArrival
from portal.accounts.connections.saml.arrivals import FINISH_WITHIN, arrivals_forget
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.organisations.api import Municipality
from tests.factories.organisations import COPENHAGEN, ODENSE, municipality
from tests.support.identity.browsing import at_saml, by_saml, leave, trust
from tests.support.identity.fixtures import Running, shared_by_saml

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("identity")]

ACS = "/konto/kommune/saml/faelles/svar/"
LEVEL = "https://data.gov.dk/concept/core/nsis/loa"
MODEL = "https://data.gov.dk/model/core"
NOT_ACCEPTED = "Vi kunne ikke godkende dit login"


@pytest.fixture
def provider(saml: Running) -> Running:
    """The provider, which knows us by our metadata."""
    trust(saml)
    return saml


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def refused(response: Any, words: str, client: Client) -> None:
    """The page says why in plain words, names nothing of the inside, and nobody is logged in or was made."""
    text = response.content.decode()
    assert response.status_code == 403, response
    assert words in text
    main = re.sub(r"<[^>]*>", " ", text.split("<main")[1].split("</main>")[0])
    for inside in ("Traceback", "SAML", "Assertion", "signature", "issuer", "xml"):
        assert inside not in main
    assert not is_logged_in(client)
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not Membership.objects.exists()


def test_the_first_login_makes_an_account_and_an_employee_of_the_municipality_with_that_cvr(provider: Running) -> None:
    client = Client()
    response = by_saml(client, next="/kommuner/")
    assert (response.status_code, response["Location"]) == (302, "/kommuner/")
    anna = User.objects.get()
    assert (anna.email, str(anna)) == ("anna@odense.example", "Anna Aagaard")
    membership = Membership.objects.get()
    assert (membership.user, membership.role, membership.source) == (anna, Role.EMPLOYEE, Source.LOGIN)
    assert membership.municipality.code == ODENSE
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("faelles", f"{provider.address}/idp 35209115 3b1f8f1c-anna")
    assert any(method.get("strong") for method in client.session["account_authentication_methods"])


def test_one_provider_serves_many_municipalities_by_their_cvr(provider: Running) -> None:
    by_saml(Client(), "anna")
    by_saml(Client(), "bo")
    places = {
        row.user.first_name: row.municipality.code for row in Membership.objects.select_related("user", "municipality")
    }
    assert places == {"Anna": ODENSE, "Bo": COPENHAGEN}


def test_the_second_login_finds_the_same_person(provider: Running) -> None:
    by_saml(Client())
    client = Client()
    by_saml(client)
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_what_waits_in_another_municipality_goes_on_waiting(provider: Running) -> None:
    email = "anna@odense.example"
    here = membership_grant(actor=None, role=Role.COORDINATOR, email=email, municipality=municipality(ODENSE))
    there = membership_grant(actor=None, role=Role.COORDINATOR, email=email, municipality=municipality(COPENHAGEN))
    by_saml(Client())
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.user, there.user) == (User.objects.get(), None)


def test_an_encrypted_assertion_is_read(provider: Running) -> None:
    provider.behave(encrypt=True)
    client = Client()
    by_saml(client)
    assert is_logged_in(client)


def test_where_encryption_is_demanded_a_plain_assertion_is_refused(
    saml: Running, identity_keys: Any, settings: Any
) -> None:
    settings.LOGIN_CONNECTIONS = (shared_by_saml(saml.address, identity_keys, encrypted=True),)
    trust(saml)
    client = Client()
    refused(by_saml(client), NOT_ACCEPTED, client)
    saml.behave(encrypt=True)
    by_saml(client)
    assert is_logged_in(client)


def test_a_broken_cipher_is_refused_in_words(provider: Running) -> None:
    provider.behave(encrypt=True, replace=[["CipherValue>[^<]{40}", "CipherValue>" + "QUJD" * 10]])
    client = Client()
    refused(by_saml(client), NOT_ACCEPTED, client)


WEAK = "Dit login er ikke sikkert nok"
ELSEWHERE = "Dit login hører til en anden organisation"
UNKNOWN = "Vi fik ikke at vide, hvem du er"
MISBEHAVIOUR: dict[str, tuple[dict[str, Any], str]] = {
    "a low level": ({"attributes": {LEVEL: "Low"}}, WEAK),
    "no level": ({"attributes": {LEVEL: ""}}, WEAK),
    "an invented level": ({"attributes": {LEVEL: "Enormous"}}, WEAK),
    "several levels": ({"attributes": {LEVEL: ["Low", "High"]}}, WEAK),
    "an unknown CVR number": ({"attributes": {f"{MODEL}/eid/professional/cvr": "12345678"}}, ELSEWHERE),
    "no CVR number": ({"attributes": {f"{MODEL}/eid/professional/cvr": ""}}, ELSEWHERE),
    "nobody": ({"attributes": {f"{MODEL}/eid/professional/uuid/persistent": ""}}, UNKNOWN),
    "another profile": ({"attributes": {f"{MODEL}/specVersion": "DK-SAML-2.0"}}, UNKNOWN),
    "an unsigned assertion": ({"unsigned_assertion": True}, NOT_ACCEPTED),
    "an unsigned message": ({"unsigned_message": True}, NOT_ACCEPTED),
    "no signature": ({"unsigned_message": True, "unsigned_assertion": True}, NOT_ACCEPTED),
    "signed by a stranger": ({"stranger_signs": True}, NOT_ACCEPTED),
    "a name changed on the way": ({"replace": [["Anna Aagaard", "Eva Evensen"]]}, NOT_ACCEPTED),
    "a subject changed on the way": ({"replace": [["3b1f8f1c-anna<", "3b1f8f1c-evil<"]]}, NOT_ACCEPTED),
    "another audience": ({"audience": "https://another.example/"}, NOT_ACCEPTED),
    "another recipient": ({"destination": "http://testserver/konto/kommune/saml/anden/svar/"}, NOT_ACCEPTED),
    "a recipient that is nearly ours": (
        {"destination": "http://testserver/konto/kommune/saml/faelles/svar/x/"},
        NOT_ACCEPTED,
    ),
    "expired": ({"minutes": -10}, NOT_ACCEPTED),
    "asked for by nobody": ({"in_response_to": ""}, NOT_ACCEPTED),
    "asked for by somebody else": ({"in_response_to": "id-of-another"}, "Begynd forfra"),
}


@pytest.mark.parametrize("case", MISBEHAVIOUR)
def test_a_provider_that_misbehaves_lets_nobody_in(provider: Running, case: str) -> None:
    faults, words = MISBEHAVIOUR[case]
    client = Client()
    target = leave(client, "faelles")
    provider.behave(**faults)
    _, form = at_saml(target)
    received = Client().post(ACS, form)
    response = client.get(received["Location"]) if received.status_code == 302 else received
    refused(response, words, client)


def test_a_register_that_knows_another_cvr_number_is_believed(provider: Running) -> None:
    Municipality.objects.filter(code=ODENSE).update(cvr="11111111")
    client = Client()
    refused(by_saml(client), ELSEWHERE, client)


def test_a_connection_may_ask_for_more(saml: Running, identity_keys: Any, settings: Any) -> None:
    settings.LOGIN_CONNECTIONS = (shared_by_saml(saml.address, identity_keys, minimum_level=Level.HIGH),)
    trust(saml)
    client = Client()
    refused(by_saml(client), WEAK, client)


def test_a_connection_may_ask_for_less_and_then_nobody_is_strong(
    saml: Running, identity_keys: Any, settings: Any
) -> None:
    settings.LOGIN_CONNECTIONS = (shared_by_saml(saml.address, identity_keys, minimum_level=Level.LOW),)
    trust(saml)
    saml.behave(attributes={LEVEL: "Low"})
    client = Client()
    by_saml(client)
    assert is_logged_in(client)
    assert not any(method.get("strong") for method in client.session["account_authentication_methods"])


def test_an_assertion_counts_once(provider: Running) -> None:
    client = Client()
    _, form = at_saml(leave(client, "faelles"))
    first = Client().post(ACS, form)
    again = Client().post(ACS, form)
    assert first.status_code == 302
    assert again.status_code == 403
    assert "Begynd forfra" in again.content.decode()
    assert SamlArrival.objects.count() == 1
    assert client.get(first["Location"]).status_code == 302
    assert is_logged_in(client)
    once_more = client.get(first["Location"])
    assert once_more.status_code == 403


def test_only_the_session_that_asked_can_finish(provider: Running) -> None:
    mine, attackers = Client(), Client()
    _, form = at_saml(leave(attackers, "faelles"))
    received = Client().post(ACS, form)
    refused(mine.get(received["Location"]), "Begynd forfra", mine)


def test_an_answer_waits_for_minutes_only_and_is_emptied(provider: Running) -> None:
    client = Client()
    _, form = at_saml(leave(client, "faelles"))
    received = Client().post(ACS, form)
    SamlArrival.objects.update(received_at=timezone.now() - FINISH_WITHIN * 2)
    refused(client.get(received["Location"]), "Begynd forfra", client)
    arrivals_forget()
    assert SamlArrival.objects.get().statement == {}
    assert Client().post(ACS, form).status_code == 403, "its id is remembered for as long as it would be accepted"
    SamlArrival.objects.update(expires_at=timezone.now())
    arrivals_forget()
    assert not SamlArrival.objects.exists()


def test_nothing_is_kept_of_a_finished_login(provider: Running) -> None:
    by_saml(Client())
    arrival = SamlArrival.objects.get()
    assert arrival.statement == {}
    assert "anna" not in arrival.token_hash


def test_the_provider_is_answered_without_touching_a_session(provider: Running) -> None:
    """Its POST comes without our cookies; a new session would throw out the one that waits."""
    _, form = at_saml(leave(Client(), "faelles"))
    received = Client(enforce_csrf_checks=True).post(ACS, form)
    assert received.status_code == 302
    assert not received.cookies


def test_a_refusal_of_a_signed_answer_stands_in_the_audit_trail_and_noise_does_not(provider: Running) -> None:
    provider.behave(attributes={LEVEL: "Low"})
    by_saml(Client())
    entry = AuditEntry.objects.get(action="login.refused")
    assert entry.after == {"connection": "faelles", "reason": "too-weak"}
    Client().post(ACS, {"SAMLResponse": "nonsense"})
    assert AuditEntry.objects.filter(action="login.refused").count() == 1


def _genuine(client: Client) -> str:
    _, form = at_saml(leave(client, "faelles"))
    return base64.b64decode(form["SAMLResponse"]).decode()


def _sent(text: str) -> dict[str, str]:
    return {"SAMLResponse": base64.b64encode(text.encode()).decode()}


def test_signature_wrapping_is_refused(provider: Running) -> None:
    """The signed assertion is still there, somewhere; another one stands where readers look."""
    client = Client()
    text = _genuine(client)
    prefix = re.search(r"<(\w+):Assertion ", text)[1]
    genuine = re.search(rf"<{prefix}:Assertion .*</{prefix}:Assertion>", text, re.DOTALL)[0]
    forged = re.sub(r"<(\w+):Signature.*?</\1:Signature>", "", genuine, flags=re.DOTALL)
    forged = forged.replace("3b1f8f1c-anna", "3b1f8f1c-evil").replace(' ID="', ' ID="forged-', 1)
    opening = re.search(r"<(\w+):Response[^>]*>", text)[0]
    wrappers = {
        "before": text.replace(genuine, forged + genuine),
        "after": text.replace(genuine, genuine + forged),
        "in an extension": text.replace(genuine, forged).replace(
            opening, f'{opening}<x:Extensions xmlns:x="urn:oasis:names:tc:SAML:2.0:protocol">{genuine}</x:Extensions>'
        ),
        "inside the forged one": text.replace(
            genuine, forged.replace(f"</{prefix}:Assertion>", f"{genuine}</{prefix}:Assertion>")
        ),
        "inside the message's signature": text.replace(genuine, forged).replace(
            ":KeyInfo>", f":KeyInfo><o:Object xmlns:o='http://www.w3.org/2000/09/xmldsig#'>{genuine}</o:Object>", 1
        ),
    }
    for wrapped in wrappers.values():
        assert wrapped != text
        refused(Client().post(ACS, _sent(wrapped)), NOT_ACCEPTED, client)


@pytest.mark.parametrize(
    "entity",
    ['SYSTEM "file:///etc/hostname"', 'SYSTEM "http://127.0.0.1:1/"', '"swollen"'],
    ids=["file", "net", "inner"],
)
def test_documents_with_entities_are_refused(provider: Running, entity: str) -> None:
    client = Client()
    text = re.sub(r"^<\?xml[^>]*\?>", "", _genuine(client))
    declared = f"<!DOCTYPE r [<!ENTITY x {entity}>]>{text.replace('Anna Aagaard', '&x;')}"
    response = Client().post(ACS, _sent(declared))
    refused(response, NOT_ACCEPTED, client)
    assert "swollen" not in response.content.decode()


@pytest.mark.parametrize("body", ["", "%%%", "PGE+", "PGE+PC9hPg==", "A" * 250_000])
def test_rubbish_is_refused_in_words(provider: Running, body: str) -> None:
    client = Client()
    refused(client.post(ACS, {"SAMLResponse": body}), NOT_ACCEPTED, client)


def test_trying_very_often_is_stopped(provider: Running, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"own_login": "2/m/ip"}
    tries = [Client().post(ACS, {"SAMLResponse": "x"}).status_code for _ in range(3)]
    assert tries == [403, 403, 429]
    assert Client().post("/konto/kommune/", {"connection": "faelles"}).status_code == 429


def test_only_the_expected_methods_are_answered(provider: Running) -> None:
    assert Client().get(ACS).status_code == 405
    assert Client().post("/konto/kommune/saml/faelles/metadata/").status_code == 405
    assert Client().get("/konto/kommune/saml/ukendt/metadata/").status_code == 404
    assert Client().post("/konto/kommune/saml/ukendt/svar/").status_code == 404


def test_our_metadata_is_signed_and_says_what_we_need(provider: Running) -> None:
    response = Client().get("/konto/kommune/saml/faelles/metadata/")
    text = response.content.decode()
    assert response["Content-Type"].startswith("application/samlmetadata+xml")
    assert 'AuthnRequestsSigned="true"' in text
    assert 'WantAssertionsSigned="true"' in text
    assert f'Location="http://testserver{ACS}"' in text
    assert "<ds:SignatureValue>" in text
    for name in (f"{MODEL}/specVersion", LEVEL, f"{MODEL}/eid/professional/cvr"):
        assert f'Name="{name}"' in text
    assert Client().get("/en/konto/kommune/saml/faelles/metadata/").content.decode().count("/en/") == 0


def test_the_request_is_signed_and_asks_for_the_level(provider: Running) -> None:
    target = leave(Client(), "faelles")
    assert "Signature=" in target
    assert "SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256" in target
