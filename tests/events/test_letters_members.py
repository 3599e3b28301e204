"""What somebody in a group is told: her contact answers for her, and no mail asks her for what she cannot do."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from portal.seats.api import OfferingSpec, offer_decline, offers_expire, places_cancel
from tests.events.letters import delivered, group, meeting, text_of
from tests.factories.events import local

pytestmark = pytest.mark.django_db
NOW = local(2027, 4, 1, 12)


@pytest.fixture(autouse=True)
def _april() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_who_is_in_a_group_is_not_asked_for_an_answer_that_only_its_contact_gives() -> None:
    made = meeting(seats=OfferingSpec(capacity=2, offer_hours=48))
    first = group(made, "Erik", "Freja")
    waiting = group(made, "Anna", "Bo", contact_name="Anna", contact_email="anna@kommune.example")
    line = {mail["To"].split("@")[0]: text_of(mail) for mail in delivered()}
    assert "får gruppens kontaktperson et tilbud" in line["bo"]
    assert "sender vi dig et tilbud" not in line["bo"]
    assert "sender vi dig et tilbud" in line["anna"]
    places_cancel(actor=None, sign_up=first)
    offered = {mail["To"].split("@")[0]: text_of(mail) for mail in delivered()}
    assert "Gruppens kontaktperson svarer" in offered["bo"]
    assert "Sig ja eller nej" not in offered["bo"]
    assert "Svar på tilbuddet" not in offered["bo"]
    assert "Sig ja eller nej" in offered["anna"]
    assert "Svar på tilbuddet" in offered["anna"]
    offer_decline(actor=None, offer=waiting.offers.get())
    declined = {mail["To"].split("@")[0]: text_of(mail) for mail in delivered()}
    assert "Gruppens kontaktperson har sagt nej" in declined["bo"]
    assert "Du har sagt nej" not in declined["bo"]
    assert "Du har sagt nej" in declined["anna"]


def test_an_offer_that_a_group_lets_lapse_is_no_fault_of_who_could_not_answer() -> None:
    made = meeting(seats=OfferingSpec(capacity=2, offer_hours=1))
    first = group(made, "Erik", "Freja")
    group(made, "Bo")
    places_cancel(actor=None, sign_up=first)
    delivered()
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        offers_expire()
        [lapsed] = [text_of(mail) for mail in delivered() if mail["To"].startswith("bo@")]
    assert "Din gruppe svarede ikke" in lapsed
    assert "Du svarede ikke" not in lapsed
