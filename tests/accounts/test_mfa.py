"""Two-step login: setting it up, showing it, changing it, and what needs it."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.accounts.services.accounts import factors_reset
from portal.core.models.audit import AuditEntry
from tests.factories.accounts import administrator, editor, user
from tests.support.login import SECRET, code, has_app, type_password, with_app

pytestmark = pytest.mark.django_db


def step(client: Client, given: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": given})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_alone_does_not_sign_in_whoever_has_a_factor(client: Client) -> None:
    with_app(user())
    response = type_password(client, "kim@hk.example", next="/profiler/")
    assert response["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)
    assert client.get(reverse("mfa_index")).status_code == 302
    assert step(client, code())["Location"] == "/profiler/"
    assert signed_in(client)


def test_the_session_key_changes_with_the_second_step(client: Client) -> None:
    with_app(user())
    type_password(client, "kim@hk.example")
    between = client.session.session_key
    step(client, code())
    assert client.session.session_key != between


@pytest.mark.parametrize("given", ["", "000000", "abcdef", "1" * 20, "💥"])
def test_a_wrong_code_is_refused_in_words(client: Client, given: str) -> None:
    with_app(user())
    type_password(client, "kim@hk.example")
    html = step(client, given).content.decode()
    assert "Skriv koden" in html or "Skriv den kode, der vises nu" in html
    assert not signed_in(client)


def test_a_code_works_once_for_as_long_as_it_would_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allauth forgets used codes after half a minute, and accepts the one before as well."""
    with_app(user())
    used = code()
    type_password(client, "kim@hk.example")
    step(client, used)
    assert signed_in(client)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda self, code: True)
    thief = Client()
    type_password(thief, "kim@hk.example")
    assert "brugt" in step(thief, used).content.decode()
    assert not signed_in(thief)


def test_codes_cannot_be_guessed_by_trying(client: Client) -> None:
    with_app(user())
    type_password(client, "kim@hk.example")
    answers = [step(client, f"{number:06}").status_code for number in range(7)]
    assert answers[:5] == [200] * 5
    assert answers[-1] == 429
    assert step(client, code()).status_code == 429
    cache.clear()
    assert step(client, code()).status_code == 302


def test_a_recovery_code_works_once(client: Client) -> None:
    kim = with_app(user())
    spare = RecoveryCodes.activate(kim).get_unused_codes()[0]
    type_password(client, "kim@hk.example")
    step(client, spare)
    assert signed_in(client)
    again = Client()
    type_password(again, "kim@hk.example")
    step(again, spare)
    assert not signed_in(again)


def test_secrets_are_sealed_in_the_database() -> None:
    with_app(user())
    assert SECRET not in json.dumps(Authenticator.objects.get().data)


def test_an_editor_without_a_factor_is_led_to_one_and_on_to_where_she_was_going(client: Client) -> None:
    redaktoer = editor()
    response = type_password(client, redaktoer.email, next="/admin/pages/")
    assert response["Location"] == reverse("mfa_index")
    html = client.get(reverse("mfa_index")).content.decode()
    assert "Dine roller kræver totrinslogin" in html
    assert "Sæt totrinslogin op" in html
    form = client.get(reverse("mfa_activate_totp")).context["form"]
    response = client.post(reverse("mfa_activate_totp"), {"code": code(form.secret)})
    assert has_app(redaktoer)
    html = client.get(response["Location"]).content.decode()
    assert 'href="/admin/pages/"' in html
    assert client.get("/admin/pages/", follow=True).status_code == 200
    assert AuditEntry.objects.filter(action="account.factor_add", actor=redaktoer).exists()


def test_a_wrong_first_code_sets_up_nothing(client: Client) -> None:
    kim = user()
    type_password(client, kim.email)
    form = client.get(reverse("mfa_activate_totp")).context["form"]
    response = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert response.status_code == 200
    assert form.secret in response.content.decode(), "the picture that the app has read must stay the same"
    assert not has_app(kim)


def test_a_change_asks_again_and_a_password_is_not_enough_where_there_is_a_factor(client: Client) -> None:
    kim = with_app(user())
    client.force_login(kim)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]
    session.save()
    response = client.get(reverse("mfa_deactivate_totp"))
    assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    by_password = client.get(reverse("account_reauthenticate"))
    assert by_password["Location"].startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("mfa_deactivate_totp"))
    assert has_app(kim)
    shown = client.post(response["Location"], {"code": code(), "next": reverse("mfa_deactivate_totp")})
    assert shown["Location"] == reverse("mfa_deactivate_totp")
    client.post(reverse("mfa_deactivate_totp"))
    assert not has_app(kim)


def test_what_was_sent_is_not_kept_while_asking_again(client: Client) -> None:
    """Allauth would keep the whole request in the session, the sender's IP address included."""
    client.force_login(with_app(user()))
    client.post(reverse("mfa_deactivate_totp"), REMOTE_ADDR="192.0.2.17")
    assert "192.0.2.17" not in json.dumps(dict(client.session))


def test_another_persons_passkey_is_not_found(client: Client) -> None:
    other = user("anden@hk.example")
    key = Authenticator.objects.create(
        user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "x", "credential": {}}
    )
    kim = user()
    type_password(client, kim.email)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[key.pk])).status_code == 404
        assert client.post(reverse(name, args=[key.pk]), {"name": "y"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "x"


@pytest.mark.parametrize("sent", ["", "{", "{}", '{"id": "x"}', "[]", "null", '{"response": {"userHandle": "MQ"}}'])
def test_a_broken_passkey_signs_nobody_in(client: Client, sent: str) -> None:
    user()
    response = client.post(reverse("mfa_login_webauthn"), {"credential": sent})
    assert response.status_code == 302
    assert not signed_in(client)


def test_an_administrator_takes_away_a_lost_factor(client: Client) -> None:
    kim = with_app(user())
    boss = administrator()
    client.force_login(boss)
    address = reverse("account_factors_reset", args=[kim.pk])
    assert "Fjern totrinslogin" in client.get(address).content.decode()
    assert has_app(kim), "looking changes nothing"
    client.post(address)
    assert not has_app(kim)
    assert AuditEntry.objects.get(action="account.factors_reset").actor == boss


def test_an_editor_does_not(client: Client) -> None:
    kim = with_app(user())
    client.force_login(editor())
    client.post(reverse("account_factors_reset", args=[kim.pk]))
    assert has_app(kim)


def test_resetting_nothing_leaves_no_trace() -> None:
    assert factors_reset(actor=None, user=user()) == 0
    assert not AuditEntry.objects.filter(action="account.factors_reset").exists()
