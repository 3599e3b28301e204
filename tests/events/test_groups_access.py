"""Who gets to a group's page, by account or link, and until when; foreign and missing look the same."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from events.signup.links import place_url
from portal.accounts.strength import METHODS_KEY
from portal.organisations.api import Unit
from portal.seats.api import (
    PlaceState,
)
from tests.events.groups import Page, colleague, group, meeting, odense, queries, states
from tests.factories.accounts import coordinator, employee, manager
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Unit:
    return unit("Borgerservice")


@pytest.fixture
def kim(team: Unit) -> Any:
    return coordinator(odense())


# --- Who may ---------------------------------------------------------------------------------------------------------


def _acts(page: Page) -> list[Any]:
    place, offer = page.places[0].uuid, uuid4()
    return [
        *(page.get(), page.get("cancel", all=1), page.get("leave"), page.get("move", all=1)),
        *(page.get("substitute", place), page.get("offer", offer)),
        *(page.post("cancel", p=[place]), page.post("leave"), page.post("names", **{f"name-{place}": "X"})),
        *(page.post("move", p=[place], key="k"), page.post("offer", offer, answer="yes")),
        page.post("substitute", place, name="X"),
    ]


def test_a_foreign_group_is_not_there_for_anybody(kim: Any, team: Unit) -> None:
    made = group(kim, meeting(4).offering, "Anne Holm", unit=team)
    anne = colleague("Anne Holm", team).user
    foreign = [
        coordinator(municipality(COPENHAGEN), "koordinator@kk.example"),
        manager(unit("Kultur"), "leder.kultur@kommune.example"),
        employee(team),
        anne,
    ]
    for who in foreign:
        assert {answer.status_code for answer in _acts(Page(who, made))} == {404}, who
    assert {answer.status_code for answer in _acts(Page(None, made))} == {302}
    assert states(made) == [PlaceState.BOOKED]
    assert Page(manager(team), made).get().status_code == 200
    missing = Client().get(reverse("groups:group", args=[uuid4()]))
    assert (missing.status_code, "next=" in missing["Location"]) == (302, True)


def test_a_coordinator_with_one_factor_is_sent_to_the_second(kim: Any) -> None:
    made = group(None, meeting(4).offering, "Anne Holm")
    page = Page(kim, made)
    session = page.client.session
    session[METHODS_KEY] = [{"method": "password"}]
    session.save()
    response = page.get()
    assert response.status_code == 302
    assert "/konto/" in response["Location"]


def test_the_contacts_link_opens_the_group_without_an_account_and_a_participants_does_not(kim: Any) -> None:
    time = meeting(4)
    made = group(kim, time.offering, "Anne Holm", "Bo Berg")
    contact = place_url(sign_up=made, participant=None, email="koordinator@kommune.example", ends_at=time.ends_at)
    page = Page(None, made)
    opened = page.client.get("/" + contact.split("/", 3)[3])
    assert opened["Location"] == page.url()
    assert "Anne Holm" in page.said()
    page.post("cancel", p=[page.places[1].uuid])
    assert states(made) == [PlaceState.BOOKED, PlaceState.CANCELLED]
    hers = page.places[0]
    own = place_url(sign_up=made, participant=hers, email=hers.email or "", ends_at=time.ends_at)
    anne = Page(None, made)
    anne.client.get("/" + own.split("/", 3)[3])
    assert anne.get().status_code == 302


def test_after_the_beginning_nothing_can_be_changed_any_more(kim: Any) -> None:
    time = meeting(4)
    made = group(kim, time.offering, "Anne Holm")
    page = Page(kim, made)
    with time_machine.travel(time.starts_at + dt.timedelta(minutes=1), tick=False):
        page = Page(kim, made)
        place = page.places[0].uuid
        assert 'name="p"' not in page.said()
        page.post("cancel", p=[place])
        assert "Mødet er begyndt" in page.said() or "Mødet er i gang" in page.said()
        page.post("substitute", place, name="Bo Berg")
    assert (states(made), page.places[0].name) == ([PlaceState.BOOKED], "Anne Holm")


def test_the_online_link_is_for_groups_with_a_seat_only(kim: Any) -> None:
    time = meeting(1, online=True, participants_link="https://moede.example/kun-for-deltagere")
    seated, waiting = group(kim, time.offering, "Anne Holm"), group(kim, time.offering, "Bo Berg")
    assert "kun-for-deltagere" in Page(kim, seated).said()
    assert "kun-for-deltagere" not in Page(kim, waiting).said()


def test_the_queries_of_the_page_do_not_grow_with_the_group(kim: Any) -> None:
    time = meeting(100)
    small = Page(kim, group(kim, time.offering, "Anne Holm", unnamed=1))
    large = Page(kim, group(kim, time.offering, *(f"N{n} Holm" for n in range(20)), unnamed=20))
    small.get()
    assert queries(large.get) == queries(small.get)
