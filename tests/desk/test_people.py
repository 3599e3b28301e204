"""A unit and a person for those who lead them: as much as they cover, never what lies elsewhere."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.api import Membership, PersonLookup, User, membership_end, membership_grant
from portal.core.roles import Role
from portal.organisations.api import Unit
from tests.factories.accounts import administrator, coordinator, employee, holder, manager
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db


def of(what: Unit | User) -> str:
    return f"/{'enheder' if isinstance(what, Unit) else 'personer'}/{what.uuid}/"


def read(client: Client, what: Unit | User) -> str:
    response = client.get(of(what))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return str(response.content.decode())


def test_a_manager_sees_her_unit_and_those_below_and_nothing_beside_or_above(client: Client) -> None:
    top = unit("Top")
    mine, beside = unit("Min", parent=top), unit("Canary Ved siden af", parent=top)
    below = unit("Under", parent=mine)
    boss = manager(mine)
    employee(below, "nede@kommune.example")
    employee(beside, "canary@kommune.example")
    membership_grant(
        actor=None, role=Role.EMPLOYEE, email="v@k.example", name="Venter Vibe", municipality=municipality(), unit=mine
    )
    client.force_login(boss)
    html = read(client, mine)
    assert "Under" in html
    assert "Venter Vibe" in html
    assert Membership.objects.filter(unit=below).get().user.uuid.hex in html.replace("-", "")
    assert "anary" not in html
    assert client.get(of(below)).status_code == 200
    for hidden in (top, beside):
        assert client.get(of(hidden)).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("employee", 404),
        ("facilitator", 404),
        ("foreign", 404),
        ("coordinator", 200),
        ("administrator", 200),
        ("above", 200),
    ],
)
def test_who_may_see_a_unit_and_its_people(client: Client, who: str, status: int) -> None:
    top = unit("Top")
    here, there = unit("Her", parent=top), unit("Der", municipality=municipality(COPENHAGEN))
    person = employee(here, "person@kommune.example")
    askers: dict[str, Callable[[], User]] = {
        "employee": lambda: employee(here, "kollega@kommune.example"),
        "facilitator": lambda: holder(Role.FACILITATOR, municipality=municipality()),
        "foreign": lambda: coordinator(there.municipality),
        "coordinator": lambda: coordinator(municipality()),
        "administrator": administrator,
        "above": lambda: manager(top),
    }
    client.force_login(askers[who]())
    assert client.get(of(here)).status_code == status
    assert client.get(of(person)).status_code == status
    assert PersonLookup.objects.filter(person=person).exists() is (status == 200)
    for missing in ("enheder", "personer"):
        assert client.get(f"/{missing}/{uuid4()}/").status_code == 404


def test_a_visitor_signs_in_first(client: Client) -> None:
    for what in (unit(), employee(unit("Anden"))):
        assert client.get(of(what)).status_code == 302


def test_a_persons_roles_elsewhere_are_not_told(client: Client) -> None:
    mine, beside = unit("Min"), unit("Canary1")
    far = unit("Canary2", municipality=municipality(COPENHAGEN))
    person = employee(mine)
    for place in (beside, far):
        membership_grant(actor=None, role=Role.MANAGER, user=person, unit=place)
    client.force_login(manager(mine))
    html = read(client, person)
    assert "Min" in html
    assert "Canary" not in html
    client.force_login(coordinator(municipality()))
    html = read(client, person)
    assert "Canary1" in html
    assert "Canary2" not in html
    assert "København" not in html.split("<main")[1].split("</main")[0]


def test_each_look_is_written_down_once_a_day_with_the_reason(client: Client) -> None:
    mine = unit()
    person, boss = employee(mine), manager(mine)
    client.force_login(boss)
    for _ in range(2):
        read(client, person)
    look = PersonLookup.objects.get(person=person)
    assert (look.viewer, look.role) == (boss, Role.MANAGER)


def test_who_has_left_is_out_of_the_managers_sight_at_once(client: Client) -> None:
    mine = unit()
    person = employee(mine)
    client.force_login(manager(mine))
    read(client, person)
    membership_end(actor=None, membership=Membership.objects.get(user=person))
    assert client.get(of(person)).status_code == 404
    assert str(person.uuid) not in read(client, mine)


def test_as_many_queries_for_sixty_people_as_for_two(client: Client) -> None:
    mine = unit()
    client.force_login(manager(mine))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            read(client, mine)
        return len(caught)

    employee(mine)
    few = queries()
    for number in range(30):
        employee(unit(f"E{number}", parent=mine), f"a{number}@kommune.example")
    assert queries() == few
