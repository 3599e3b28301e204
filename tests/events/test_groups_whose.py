"""Who may sign up a group, of which people, at which meetings and when."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.api import User, membership_grant
from portal.core.roles import Role
from portal.organisations.api import Unit
from portal.seats.api import OfferingSpec, SignUp
from tests.events.groups import Desk, colleague, meeting, odense, text
from tests.factories.accounts import coordinator, employee, manager, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Unit:
    return unit("Borgerservice")


@pytest.fixture
def desk(team: Unit) -> Desk:
    return Desk(coordinator(odense()), meeting())


def verdicts(response: Any) -> list[str]:
    return [one.verdict.value for one in response.context["wish"].people]


# --- Whose people ----------------------------------------------------------------------------------------------------


def test_a_manager_signs_up_her_units_people_and_no_others(team: Unit) -> None:
    below = unit("Team Kontakt", parent=team)
    mine, far, beside = (
        colleague("Anne Holm", team),
        colleague("Bo Berg", below),
        colleague("Carla Dam", unit("Kultur")),
    )
    desk = Desk(manager(team), meeting())
    shown = text(desk.client.get(desk.url))
    assert "Anne Holm" in shown
    assert "Bo Berg" in shown
    assert "Carla" not in shown
    desk.sign_up(m=[mine.uuid, far.uuid, beside.uuid])
    made = desk.made()
    assert set(made.participants.values_list("user", flat=True)) == {mine.user_id, far.user_id}
    assert (made.unit, made.municipality) == (team, odense())


def test_a_coordinator_cannot_tick_people_of_another_municipality(desk: Desk) -> None:
    away = colleague("Sofie Lund", unit("Kultur", municipality=municipality(COPENHAGEN)))
    response = desk.check(m=[away.uuid], name=["Bo Berg"], email=[""])
    assert [one.name for one in response.context["wish"].people] == ["Bo Berg"]
    assert "Sofie" not in text(response)


@pytest.mark.parametrize("named", ["kommune-koebenhavn", "enhed-00000000-0000-4000-8000-000000000000", "vrøvl"])
def test_nobody_acts_on_behalf_of_another_place(desk: Desk, named: str) -> None:
    assert desk.client.get(desk.url, {"for": named}).status_code == 404
    assert desk.send("check", **{"for": named}, name=["Bo"], email=[""]).status_code == 404


def test_who_coordinates_and_leads_chooses_on_whose_behalf(desk: Desk, team: Unit) -> None:
    kim = User.objects.get(email="koordinator@kommune.example")
    membership_grant(actor=None, role=Role.MANAGER, user=kim, unit=team)
    key = f"enhed-{team.uuid}"
    assert f'value="{key}"' in text(desk.client.get(desk.url))
    desk.sign_up(**{"for": key}, name=["Bo Berg"], email=[""])
    assert desk.made().unit == team


def test_an_invited_person_without_an_account_is_signed_up_by_her_address(desk: Desk, team: Unit) -> None:
    invited = colleague("Ida Lund", team, waiting=True)
    desk.sign_up(m=[invited.uuid])
    place = desk.made().participants.get()
    assert (place.user, place.email, place.name) == (None, "ida@odense.example", "Ida Lund")


def test_others_are_told_who_signs_up_groups(team: Unit) -> None:
    made = meeting()
    for one in (user("nogen@hk.example"), employee(team)):
        desk = Desk(one, made)
        response = desk.client.get(desk.url)
        assert response.status_code == 403
        assert "koordinatorer og ledere" in text(response)
        assert desk.send("sign_up", name=["Bo"], email=[""], seen="").status_code == 403
    assert not SignUp.objects.exists()


def test_a_visitor_signs_in_first_whether_the_meeting_is_there_or_not() -> None:
    made = meeting()
    client = Client()
    for uuid in (made.uuid, "00000000-0000-4000-8000-000000000000"):
        response = client.get(reverse("groups:new", args=[uuid]))
        assert response.status_code == 302
        assert "next=" in response["Location"]


def test_a_meeting_that_takes_no_sign_ups_here_is_not_there(team: Unit) -> None:
    from tests.factories.events import EventPageFactory, occurrence

    made = occurrence(event=EventPageFactory.make(title="Andetsteds"))
    assert Desk(manager(team), made).client.get(reverse("groups:new", args=[made.uuid])).status_code == 404


# --- Too early, too late, called off ---------------------------------------------------------------------------------


def _moment(**offset: Any) -> dt.datetime:
    return timezone.now() + dt.timedelta(**offset)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"starts_at": _moment(days=-3)}, "Mødet er holdt"),
        ({"seats": OfferingSpec(capacity=9, deadline=_moment(hours=-1))}, "Tilmeldingsfristen"),
        ({"seats": OfferingSpec(capacity=9, opens_at=_moment(days=1))}, "Tilmeldingen åbner"),
        ({"cancelled": True, "cancel_reason": "Syg."}, "aflyst"),
    ],
    ids=["past", "closed", "not-yet", "called-off"],
)
def test_no_form_when_nobody_can_sign_up_and_no_seat_when_it_is_sent_all_the_same(
    team: Unit, values: dict[str, Any], told: str
) -> None:
    desk = Desk(manager(team), meeting(**values))
    shown = text(desk.client.get(desk.url))
    assert told in shown
    assert 'name="do"' not in shown
    response = desk.sign_up(name=["Bo Berg"], email=[""])
    assert response.status_code == 200
    assert not SignUp.objects.exists()
