"""The tree of units in the coordinator's hands: added, renamed, moved and closed, with the past kept."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.api import User
from portal.core.models import AuditEntry
from portal.organisations.api import Unit, tree_on
from tests.factories.accounts import coordinator, employee, manager
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
LIST = "/min-kommune/odense/enheder/"
DAY = dt.timedelta(days=1)
ACTS = ("", "omdoeb/", "flyt/", "luk/")


def today() -> dt.date:
    return timezone.localdate()


def said(day: dt.date) -> str:
    return day.strftime("%d-%m-%Y")


@pytest.fixture
def kim(client: Client) -> User:
    made = coordinator(municipality())
    client.force_login(made)
    return made


def html_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_tree_counts_those_below_and_names_no_other_municipality(client: Client, kim: User) -> None:
    top = unit("Top")
    boss = manager(unit("Blad", parent=top))
    unit("Canary", municipality=municipality(COPENHAGEN))
    html = html_of(client.get(LIST))
    assert "1 enhed under Top" in html
    assert str(boss) in html
    assert "Canary" not in html


def test_an_empty_tree_says_what_to_do(client: Client, kim: User) -> None:
    assert "Ingen enheder endnu" in html_of(client.get(LIST))


def test_a_unit_is_added_below_another_once(client: Client, kim: User) -> None:
    top = unit("Top")
    sent = {"name": "Ny", "code": "ny-1", "parent": str(top.uuid), "valid_from": said(today())}
    assert client.post(f"{LIST}ny/", sent).status_code == 302
    html = html_of(client.post(f"{LIST}ny/", sent))
    assert "har denne kode" in html or "har allerede" in html
    made = Unit.objects.get(code="ny-1")
    assert tree_on([made.municipality], on=today()).parents[made.pk] == top.pk
    assert AuditEntry.objects.filter(action="unit.create", actor=kim, municipality="0461").count() == 1


@pytest.mark.parametrize(
    "values", [{"name": ""}, {"code": ""}, {"parent": "FOREIGN"}, {"valid_from": "snart"}, {"parent": "x"}]
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(
    client: Client, kim: User, values: dict[str, str]
) -> None:
    foreign = unit("Canary", municipality=municipality(COPENHAGEN))
    sent = {"name": "Beholdt navn", "code": "beholdt-kode", "parent": "", "valid_from": said(today()), **values}
    sent["parent"] = str(foreign.uuid) if sent["parent"] == "FOREIGN" else sent["parent"]
    html = html_of(client.post(f"{LIST}ny/", sent))
    assert "Der er problemer" in html
    assert ("Beholdt navn" in html) or ("beholdt-kode" in html)
    assert "Canary" not in html
    assert not Unit.objects.filter(municipality=municipality()).exists()


def test_a_unit_is_renamed(client: Client, kim: User) -> None:
    one = unit("Gammelt navn")
    client.post(f"{LIST}{one.uuid}/omdoeb/", {"name": "Nyt navn", "code": "n"})
    assert "Nyt navn" in html_of(client.get(f"{LIST}{one.uuid}/"))
    entry = AuditEntry.objects.get(action="unit.change")
    assert (entry.before["name"], entry.after["name"]) == ("Gammelt navn", "Nyt navn")


def test_a_move_keeps_where_it_stood_and_a_circle_is_refused(client: Client, kim: User) -> None:
    top = unit("Top")
    middle = unit("Midt", parent=top)
    leaf = unit("Blad", parent=middle)
    circle = {"parent": str(leaf.uuid), "on": said(today())}
    assert "ikke" in html_of(client.post(f"{LIST}{middle.uuid}/flyt/", circle)).split("Der er problemer")[1][:400]
    assert client.post(f"{LIST}{leaf.uuid}/flyt/", {"parent": str(top.uuid), "on": said(today())}).status_code == 302
    html = html_of(client.get(f"{LIST}{leaf.uuid}/"))
    assert "Under Midt fra" in html
    assert "Under Top fra" in html
    parents = tree_on([top.municipality], on=today()).parents
    assert (parents[leaf.pk], parents[middle.pk]) == (top.pk, top.pk)


def test_closing_says_what_must_be_moved_first(client: Client, kim: User) -> None:
    top = unit("Top")
    leaf = unit("Blad", parent=top)
    employee(leaf)
    sent = {"last_day": said(today())}
    assert "Blad" in html_of(client.post(f"{LIST}{top.uuid}/luk/", sent)).split("Der er problemer")[1]
    assert "person" in html_of(client.post(f"{LIST}{leaf.uuid}/luk/", sent)).split("Der er problemer")[1]
    assert not Unit.objects.filter(valid_to__isnull=False).exists()
    empty = unit("Tom")
    assert client.post(f"{LIST}{empty.uuid}/luk/", sent).status_code == 302
    empty.refresh_from_db()
    assert empty.valid_to == today()


def test_anothers_unit_does_not_exist_and_is_not_changed(client: Client, kim: User) -> None:
    foreign = unit("Canary", municipality=municipality(COPENHAGEN))
    sent = {"name": "Taget", "code": "t", "parent": "", "on": said(today()), "last_day": said(today())}
    for uuid in (foreign.uuid, uuid4()):
        for act in ACTS:
            assert client.get(f"{LIST}{uuid}/{act}").status_code == 404
        for act in ACTS[1:]:
            assert client.post(f"{LIST}{uuid}/{act}", sent).status_code == 404
    foreign.refresh_from_db()
    assert (foreign.name, foreign.valid_to) == ("Canary", None)
    assert "Canary" not in html_of(client.get(f"{LIST}ny/?under={foreign.uuid}"))


def test_those_who_look_after_nothing_find_nothing(client: Client) -> None:
    one = unit()
    for asker in (manager(one), employee(one), coordinator(municipality(COPENHAGEN))):
        client.force_login(asker)
        for address in (LIST, f"{LIST}ny/", *(f"{LIST}{one.uuid}/{act}" for act in ACTS)):
            assert client.get(address).status_code == 404
    client.logout()
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("address", [LIST, "UNIT"])
def test_as_many_queries_for_thirty_units_as_for_two(client: Client, kim: User, address: str) -> None:
    top = unit("Top")
    manager(top)
    path = address if address == LIST else f"{LIST}{top.uuid}/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            html_of(client.get(path))
        return len(caught)

    few = queries()
    for number in range(20):
        employee(unit(f"E{number}", parent=top), f"a{number}@kommune.example")
        employee(top, f"b{number}@kommune.example")
    assert queries() == few


def test_a_manager_above_leads_those_below_as_well(client: Client, kim: User) -> None:
    top = unit("Top")
    unit("Blad", parent=top)
    assert html_of(client.get(LIST)).count("ingen leder") == 2
    manager(top)
    assert "ingen leder" not in html_of(client.get(LIST))
    assert "har ingen leder" not in html_of(client.get("/min-kommune/odense/"))
