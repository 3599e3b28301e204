"""A group's contact can be written to: an offer of which nobody hears is none."""

from typing import Any

import pytest

from portal.seats.api import SignUp
from tests.events.groups import Desk, meeting, odense, text
from tests.events.joining import client_of, filled, mails, person_url
from tests.events.joining import meeting as joining_meeting
from tests.factories.accounts import coordinator

pytestmark = pytest.mark.django_db
ASKED = "Hvor vi skriver til dig"
PEOPLE: dict[str, Any] = {"name": ["Bo Berg"], "email": [""]}


@pytest.fixture
def kim() -> Any:
    user = coordinator(odense())
    user.email = None
    user.save(update_fields=["email"])
    return user


def test_an_account_without_an_address_is_asked_where_offers_are_sent(kim: Any) -> None:
    desk = Desk(kim, meeting())
    assert ASKED in text(desk.client.get(desk.url))
    for wrong in ("", "kim"):
        refused = desk.check(**PEOPLE, contact_email=wrong)
        assert list(refused.context["form"].errors) == ["contact_email"]
        assert "Bo Berg" in text(refused)
    assert "contact_email" not in desk.send("more", **PEOPLE).context["form"].errors
    looked = desk.check(**PEOPLE, contact_email="kim@privat.example")
    assert 'name="contact_email" value="kim@privat.example"' in text(looked)
    assert desk.sign_up(**PEOPLE, contact_email="kim@privat.example").status_code == 302
    assert desk.made().contact_email == "kim@privat.example"
    assert len(mails("kim@privat.example")) == 1


def test_without_the_address_nothing_is_written_whatever_was_sent(kim: Any) -> None:
    desk = Desk(kim, meeting())
    seen = desk.check(**PEOPLE, contact_email="kim@privat.example").context["wish"].seen
    desk.send("sign_up", **PEOPLE, seen=seen)
    assert not SignUp.objects.exists()


def test_an_account_s_own_address_is_not_asked_for_and_not_replaced() -> None:
    desk = Desk(coordinator(odense()), meeting())
    assert ASKED not in text(desk.client.get(desk.url))
    desk.sign_up(**PEOPLE, contact_email="kim@privat.example")
    assert desk.made().contact_email == "koordinator@kommune.example"


def test_of_two_the_manager_reads_of_an_offer_if_the_other_has_no_address(kim: Any) -> None:
    time, client = joining_meeting(4), client_of(kim)
    sent = {"manager_name": "Lis Leder", "manager_email": "lis@kommune.example"}
    response = client.post(person_url(time), {**filled(client, person_url(time)), **sent})
    assert response.status_code == 302
    made = SignUp.objects.get()
    assert (made.contact_name, made.contact_email) == ("Lis Leder", "lis@kommune.example")
