"""No way into the admin past the login, the second factor, or a role that is in force today."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from portal.accounts.groups import editors_of
from portal.accounts.jobs import bring_groups_in_line
from portal.accounts.models import Membership, User
from portal.accounts.services.memberships import membership_end
from portal.core.roles import Role
from tests.factories.accounts import PASSWORD, administrator, coordinator, editor, holder, user
from tests.factories.organisations import municipality
from tests.support.login import code, type_password, with_app

pytestmark = pytest.mark.django_db
ADMIN = ["/admin/", "/admin/pages/", "/admin/users/", "/admin/account/", "/admin/findes-ikke/", "/admin/jsi18n/"]
SECOND_STEP = "/konto/sikkerhed/"


def sign_in_weakly(client: Client, person: User) -> None:
    """Sign in with a password only, as a session does that began before she had a role."""
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()


@pytest.mark.parametrize("path", ADMIN)
def test_nobody_comes_in_unasked(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/konto/log-ind/?next=")


@pytest.mark.parametrize("path", ADMIN)
def test_a_password_alone_does_not_open_the_admin_to_an_editor(client: Client, path: str) -> None:
    sign_in_weakly(client, editor())
    for response in (client.get(path), client.post(path, {})):
        assert response.status_code == 302
        assert response["Location"].startswith(SECOND_STEP)
    assert "Dine roller kræver totrinslogin" in client.get(SECOND_STEP).content.decode()


@pytest.mark.parametrize("superuser", [True, False])
def test_nor_to_an_administrator(client: Client, superuser: bool) -> None:
    person = user(is_superuser=True, is_staff=True) if superuser else administrator()
    sign_in_weakly(client, person)
    assert client.get("/admin/")["Location"].startswith(SECOND_STEP)


def test_whoever_has_a_factor_shows_it_and_goes_on(client: Client) -> None:
    sign_in_weakly(client, with_app(editor()))
    ask = client.get("/admin/pages/?ordering=title")
    assert ask["Location"].startswith(reverse("mfa_reauthenticate"))
    page = client.get(ask["Location"])
    assert "kræver totrinslogin" in page.content.decode()
    shown = client.post(ask["Location"], {"code": code(), "next": "/admin/pages/?ordering=title"})
    assert shown["Location"] == "/admin/pages/?ordering=title"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ADMIN)
def test_a_person_without_a_role_in_the_admin_is_refused(client: Client, path: str) -> None:
    client.force_login(user())
    assert client.get(path).status_code == 403


def test_a_coordinator_has_no_work_there(client: Client) -> None:
    client.force_login(coordinator(municipality()))
    assert client.get("/admin/").status_code == 403


def test_groups_put_on_by_hand_open_nothing(client: Client) -> None:
    person = holder(Role.ADMINISTRATOR, "anden@hk.example")
    kim = user()
    kim.groups.add(*person.groups.all())
    client.force_login(kim)
    assert client.get("/admin/").status_code == 403


def test_a_revoked_role_closes_the_admin_at_the_next_request(client: Client) -> None:
    kim = editor()
    client.force_login(kim)
    assert client.get("/admin/").status_code == 200
    membership_end(actor=None, membership=Membership.objects.get(user=kim))
    assert client.get("/admin/").status_code == 403


def test_a_role_that_has_lapsed_closes_the_admin_though_the_group_lags(client: Client) -> None:
    kim = editor()
    Membership.objects.filter(user=kim).update(
        valid_from=timezone.localdate() - timedelta(days=9), valid_to=timezone.localdate() - timedelta(days=1)
    )
    assert kim.groups.exists()
    client.force_login(kim)
    assert client.get("/admin/").status_code == 403


def test_one_of_two_roles_has_lapsed_and_its_group_goes_on_the_way_in(client: Client) -> None:
    kim = editor()
    Group.objects.get_or_create(name=editors_of("kl"))[0].user_set.add(kim)
    client.force_login(kim)
    assert client.get("/admin/").status_code == 200
    assert [group.name for group in kim.groups.all()] == [editors_of("hk")]


def test_groups_follow_at_midnight_without_anybody_asking() -> None:
    begun, ended = editor("a@hk.example"), editor("b@hk.example")
    begun.groups.clear()
    Membership.objects.filter(user=ended).update(
        valid_from=timezone.localdate() - timedelta(days=9), valid_to=timezone.localdate() - timedelta(days=1)
    )
    bring_groups_in_line()
    assert begun.groups.exists()
    assert not ended.groups.exists()


def test_a_closed_account_is_out_at_once(client: Client) -> None:
    kim = editor()
    client.force_login(kim)
    User.objects.filter(pk=kim.pk).update(is_active=False)
    assert client.get("/admin/")["Location"].startswith("/konto/log-ind/")


def test_logging_out_of_the_admin_is_always_possible(client: Client) -> None:
    sign_in_weakly(client, editor())
    client.post(reverse("wagtailadmin_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/admin/login/", "/_util/login/", "/en/_util/login/"])
def test_other_logins_lead_to_ours_and_keep_where_one_was_going(client: Client, path: str) -> None:
    assert client.get(f"{path}?next=/admin/pages/")["Location"].endswith("/konto/log-ind/?next=%2Fadmin%2Fpages%2F")


def test_the_admins_own_reset_leads_to_ours(client: Client) -> None:
    for path in ("", "done/", "confirm/MQ/abc-def/", "complete/"):
        assert client.get(f"/admin/password_reset/{path}")["Location"] == reverse("account_reset_password")


def test_the_admins_page_about_oneself_changes_neither_address_nor_password(client: Client) -> None:
    kim = editor()
    client.force_login(kim)
    html = client.get("/admin/account/").content.decode()
    assert "password" not in html
    client.post("/admin/account/", {"name_email-email": "ny@kl.example", "name_email-first_name": "K"})
    kim.refresh_from_db()
    assert kim.email == "redaktoer@hk.example"


def _routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route, pattern


_WORDS = (
    "login",
    "log-ind",
    "signin",
    "signup",
    "opret",
    "auth",
    "token",
    "password",
    "adgangskode",
    "session",
    "konto",
    "reset",
)
_FIELDS = (
    "login",
    "username",
    "email",
    "password",
    "password1",
    "password2",
    "new_password1",
    "new_password2",
    "oldpassword",
)


def test_every_door_that_takes_a_password_asks_for_the_second_step() -> None:
    """Walk all addresses that look like a login, send everything that a login could want: nobody is signed in."""
    kim = with_app(administrator("kim@hk.example"))
    doors = set()
    for route, pattern in _routes(get_resolver().url_patterns):
        if any(word in route for word in _WORDS) or "Login" in str(pattern.lookup_str):
            arguments = dict.fromkeys(pattern.pattern.regex.groupindex, "1")
            try:
                doors.add(reverse(pattern.name, kwargs=arguments) if pattern.name else f"/{route}")
            except Exception:
                doors.add("/" + route.replace("^", "").replace("$", ""))
    doors |= {"/admin/login/", "/_util/login/", "/en/_util/login/", "/en/konto/log-ind/", "/accounts/login/", "/login/"}
    assert len(doors) > 20, "the walk found nothing"
    for door in sorted(doors):
        client = Client(raise_request_exception=False)
        sent = {name: kim.email if name in {"login", "username", "email"} else PASSWORD for name in _FIELDS}
        response = client.post(door, {**sent, "first_name": "K", "last_name": "E", "next": "/admin/"})
        assert response.status_code < 500, door
        assert "_auth_user_id" not in client.session, door
        assert client.get("/admin/").status_code == 302, door
    kim.refresh_from_db()
    assert kim.check_password(PASSWORD)


@pytest.mark.parametrize(
    "path", ["/konto/signup/", "/konto/inactive/", "/konto/password/reset/", "/konto/confirm-email/"]
)
def test_allauths_own_addresses_do_not_exist(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_walls_hold_while_somebody_is_half_way_through_a_login(client: Client) -> None:
    with_app(administrator("kim@hk.example"))
    type_password(client, "kim@hk.example")
    for path in (
        *ADMIN,
        "/konto/sikkerhed/app/fjern/",
        "/konto/adgangskode/",
        "/konto/email/",
        "/konto/sikkerhed/koder/",
    ):
        assert client.get(path).status_code == 302, path
        assert "_auth_user_id" not in client.session
