"""Log in with e-mail and password: whom it lets in, whom not, and that nobody learns who has an account."""

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from tests.factories.accounts import PASSWORD, user

pytestmark = pytest.mark.django_db
LOGIN = "/konto/log-ind/"


def log_in(client: Client, email: str = "kim@hk.example", password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("address", ["kim@hk.example", "KIM@hk.example", " Kim@HK.example "])
def test_the_case_of_an_address_does_not_matter(client: Client, address: str) -> None:
    user()
    assert log_in(client, address).status_code == 302
    assert signed_in(client)


def test_the_session_key_changes_with_the_login(client: Client) -> None:
    user()
    session = client.session
    session["before"] = "1"
    session.save()
    planted = session.session_key
    log_in(client)
    assert signed_in(client)
    assert client.session.session_key != planted


def test_the_session_ends_with_the_browser(client: Client) -> None:
    user()
    log_in(client)
    assert client.session.get_expire_at_browser_close()


def _refused(email: str, password: str) -> tuple[str, int, int]:
    """Return what a failed login answers, and what it cost in queries and in password hashes."""
    cache.clear()
    client = Client()
    client.get(LOGIN)
    hashes = []
    hasher = type(hashers.get_hasher())
    real = hasher.encode

    def counted(self: Any, *args: Any, **kwargs: Any) -> str:
        hashes.append(1)
        return real(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(hasher, "encode", counted)
        response = log_in(client, email, password)
    assert not signed_in(client)
    text = response.content.decode().replace(email, "ADDRESS").split("csrfmiddlewaretoken")[0]
    return text, len(queries), len(hashes)


def test_unknown_known_closed_and_without_password_answer_and_cost_the_same() -> None:
    user("kim@hk.example")
    user("lukket@hk.example", is_active=False)
    User.objects.create_user(email="uden@hk.example")
    answers = {
        _refused("findes-ikke@hk.example", PASSWORD),
        _refused("kim@hk.example", "forkert-adgangskode-2026"),
        _refused("lukket@hk.example", PASSWORD),
        _refused("uden@hk.example", PASSWORD),
    }
    ((text, queries, hashes),) = answers
    assert "E-mailadressen eller adgangskoden er forkert" in text
    assert queries > 0
    assert hashes == 1


@pytest.mark.parametrize(
    "target", ["https://ond.example/", "//ond.example/", "javascript:alert(1)", "https:ond.example"]
)
def test_next_to_another_host_is_refused(client: Client, target: str) -> None:
    user()
    assert "ond.example" not in log_in(client, next=target)["Location"]
    assert signed_in(client)


def test_next_on_this_host_is_kept(client: Client) -> None:
    user()
    assert log_in(client, next="/profiler/?a=1")["Location"] == "/profiler/?a=1"


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [
        ("", PASSWORD, "Skriv din e-mailadresse"),
        ("kim", PASSWORD, "hele"),
        ("kim@hk.example", "", "Skriv din adgangskode"),
    ],
)
def test_what_is_missing_is_said_at_the_field(client: Client, login: str, password: str, said: str) -> None:
    html = log_in(client, login, password).content.decode()
    assert said in html
    assert "Fejl: " in html
    assert "påkrævet" not in html


def test_after_five_wrong_tries_the_right_password_has_to_wait(client: Client) -> None:
    user()
    for _number in range(5):
        assert log_in(client, password="forkert-adgangskode").status_code == 200
    response = log_in(client)
    assert response.status_code == 429
    assert "For mange forsøg" in response.content.decode()
    assert not signed_in(client)
    cache.clear()
    assert log_in(client).status_code == 302


def test_one_machine_cannot_try_many_addresses(client: Client) -> None:
    answers = [log_in(client, f"a{number}@hk.example").status_code for number in range(12)]
    assert answers.count(200) == 10
    assert answers[-1] == 429


def test_logging_out_needs_a_button(client: Client) -> None:
    client.force_login(user())
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)
    client.post(reverse("account_logout"))
    assert not signed_in(client)


def test_only_djangos_own_cookies(client: Client) -> None:
    user()
    client.get(LOGIN)
    log_in(client)
    assert set(client.cookies) <= {"sessionid", "csrftoken"}


def test_whoever_is_signed_in_goes_on(client: Client) -> None:
    client.force_login(user())
    assert client.get(LOGIN, {"next": "/profiler/"})["Location"] == "/profiler/"
