"""The frame of the coordinators' screens: who is let in, and that a foreign municipality looks like none."""

import pytest
from django.test import Client

from tests.factories.accounts import administrator, coordinator, manager
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
ODENSE = "/min-kommune/odense/"


def test_a_coordinator_sees_her_municipality_and_no_other(client: Client) -> None:
    client.force_login(coordinator(municipality()))
    response = client.get(ODENSE)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert client.get("/min-kommune/koebenhavn/").status_code == 404
    assert client.get("/min-kommune/findes-ikke/").status_code == 404


def test_the_front_leads_to_the_only_municipality_and_lets_choose_between_several(client: Client) -> None:
    client.force_login(coordinator(municipality()))
    assert client.get("/min-kommune/").headers["Location"] == ODENSE
    client.force_login(administrator())
    assert "København" in client.get("/min-kommune/").content.decode()


def test_others_find_nothing(client: Client) -> None:
    client.force_login(manager(unit("Der", municipality=municipality(COPENHAGEN))))
    assert client.get(ODENSE).status_code == 404
    assert client.get("/min-kommune/").status_code == 404


def test_a_visitor_signs_in_first(client: Client) -> None:
    for address in (ODENSE, "/min-kommune/findes-ikke/", "/min-kommune/"):
        response = client.get(address)
        assert response.status_code == 302
        assert "next=" in response.headers["Location"]
