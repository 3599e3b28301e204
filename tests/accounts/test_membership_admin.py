"""Roles in the admin: given with a place, ended and never overwritten, and for administrators only."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.api import Membership, principal_of
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.organisations.api import Party
from tests.factories.accounts import administrator, coordinator, editor, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(administrator())
    return client


def given(**values: Any) -> dict[str, Any]:
    return {
        "email": "ny@kl.example",
        "name": "",
        "role": "facilitator",
        "valid_from": str(timezone.localdate()),
        **values,
    }


def add(admin: Client, **values: Any) -> Any:
    return admin.post(reverse("memberships:add"), given(**values))


def rows() -> Any:
    return Membership.objects.exclude(role=Role.ADMINISTRATOR)


def test_a_role_is_given_to_somebody_who_is_there(admin: Client) -> None:
    kim = user("ny@kl.example")
    party = Party.objects.get(key="kl")
    assert add(admin, role="editor", party=party.pk).status_code == 302
    assert principal_of(kim, strong=True).parties(Role.EDITOR) == {"kl"}
    assert [group.name for group in kim.groups.all()] == ["Redaktører, KL"]
    entry = AuditEntry.objects.filter(action="membership.grant").latest("pk")
    assert entry.actor is not None
    assert entry.actor.email == "administrator@hk.example"


def test_a_role_waits_for_somebody_who_is_not(admin: Client) -> None:
    assert add(admin, municipality=municipality().pk).status_code == 302
    row = rows().get()
    assert (row.user, row.email) == (None, "ny@kl.example")


def test_a_unit_is_found_by_its_code_within_the_municipality(admin: Client) -> None:
    here = unit("Her", code="100")
    unit("Der", code="100", municipality=municipality(COPENHAGEN))
    assert add(admin, role="manager", municipality=here.municipality_id, unit_code="100").status_code == 302
    assert rows().get().unit == here


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"role": "editor"}, "Vælg den part, som personen er redaktør for."),
        ({"role": "facilitator"}, "Vælg den kommune, som rollen gælder i."),
        ({"role": "manager"}, "Skriv koden på den enhed, som personen leder, og vælg dens kommune."),
        ({"role": "manager", "unit_code": "ukendt"}, "Kommunen har ingen enhed med denne kode."),
        ({"role": "administrator", "provider": "skole"}, "Rollen gælder ikke her. Lad feltet stå tomt."),
    ],
    ids=["editor", "facilitator", "manager", "unknown-unit", "too-much"],
)
def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(
    admin: Client, values: dict[str, str], words: str
) -> None:
    response = add(admin, **values)
    assert response.status_code == 200
    html = response.content.decode()
    assert words in html
    assert "ny@kl.example" in html
    assert not rows().exists()


def test_a_role_is_taken_away_at_once_and_the_row_stays(admin: Client) -> None:
    kim = editor()
    row = rows().get()
    address = reverse("memberships:edit", args=[row.pk])
    assert 'name="email"' not in admin.get(address).content.decode(), "a role that was given is not rewritten"
    assert admin.post(address, {"revoke": "on"}).status_code == 302
    assert not principal_of(kim, strong=True).roles
    assert rows().get().revoked_at is not None


def test_a_last_day_is_set(admin: Client) -> None:
    coordinator(municipality())
    day = timezone.localdate() + DAY
    assert admin.post(reverse("memberships:edit", args=[rows().get().pk]), {"valid_to": str(day)}).status_code == 302
    assert rows().get().valid_to == day


def test_a_day_before_the_first_is_refused(admin: Client) -> None:
    coordinator(municipality())
    day = timezone.localdate() - DAY
    html = admin.post(
        reverse("memberships:edit", args=[rows().get().pk]), {"valid_to": str(day)}, follow=True
    ).content.decode()
    assert "Den sidste dag ligger før den første." in html
    assert rows().get().valid_to is None


def test_the_last_administrator_stays(admin: Client) -> None:
    row = Membership.objects.get(role=Role.ADMINISTRATOR)
    html = admin.post(reverse("memberships:edit", args=[row.pk]), {"revoke": "on"}, follow=True).content.decode()
    assert "Nogen skal passe portalen" in html
    row.refresh_from_db()
    assert row.revoked_at is None


def test_nothing_is_deleted(admin: Client) -> None:
    coordinator(municipality())
    assert admin.post(reverse("memberships:delete", args=[rows().get().pk])).status_code in {302, 403}
    assert rows().count() == 1


def test_editors_do_not_see_the_roles(client: Client) -> None:
    client.force_login(editor())
    assert client.get(reverse("memberships:index")).status_code in {302, 403}
    assert add(client, role="administrator").status_code in {302, 403}
    assert not Membership.objects.filter(role=Role.ADMINISTRATOR).exists()


def test_the_list_asks_as_often_for_many_as_for_few(admin: Client) -> None:
    coordinator(municipality(), "en@kommune.example")
    admin.get(reverse("memberships:index"))
    with CaptureQueriesContext(connection) as few:
        admin.get(reverse("memberships:index"))
    for number in range(12):
        coordinator(municipality(), f"nummer{number}@kommune.example")
    with CaptureQueriesContext(connection) as many:
        html = admin.get(reverse("memberships:index")).content.decode()
    assert "Odense" in html
    assert len(many) == len(few)


def test_a_last_day_ahead_is_taken_back_and_takes_nothing_away(admin: Client) -> None:
    kim = coordinator(municipality())
    address = reverse("memberships:edit", args=[rows().get().pk])
    admin.post(address, {"valid_to": str(timezone.localdate() + DAY)})
    admin.post(address, {"valid_to": ""})
    row = rows().get()
    assert (row.valid_to, row.revoked_at) == (None, None)
    assert principal_of(kim, strong=True).roles == {Role.COORDINATOR}


def test_a_role_that_is_over_does_not_come_back(admin: Client) -> None:
    coordinator(municipality())
    rows().update(valid_from=timezone.localdate() - 3 * DAY, valid_to=timezone.localdate() - DAY)
    html = admin.post(
        reverse("memberships:edit", args=[rows().get().pk]), {"valid_to": ""}, follow=True
    ).content.decode()
    assert "Rollen er forbi" in html
    assert rows().get().valid_to is not None


@pytest.mark.parametrize("days", [-1, 0, 30])
def test_a_last_day_leaves_somebody_who_looks_after_the_portal(admin: Client, days: int) -> None:
    Membership.objects.update(valid_from=timezone.localdate() - 9 * DAY)
    row = Membership.objects.get(role=Role.ADMINISTRATOR)
    admin.post(reverse("memberships:edit", args=[row.pk]), {"valid_to": str(timezone.localdate() + days * DAY)})
    row.refresh_from_db()
    assert row.valid_to is None


def test_an_end_before_the_beginning_is_said_at_the_field(admin: Client) -> None:
    day = timezone.localdate() - DAY
    response = add(admin, municipality=municipality().pk, valid_to=str(day))
    assert response.status_code == 200
    assert "Den sidste dag ligger før den første." in response.content.decode()
    assert not rows().exists()


def test_a_unit_that_ends_earlier_is_said(admin: Client) -> None:
    here = unit("Slutter", code="9", valid_to=timezone.localdate() + DAY)
    response = admin.post(
        reverse("memberships:add"), given(role="manager", municipality=here.municipality_id, unit_code="9"), follow=True
    )
    assert "Enheden findes ikke den dag." in response.content.decode()
    assert not rows().exists()
