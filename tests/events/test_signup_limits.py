"""Nobody's mailbox is filled by who types her address, whichever form takes it."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.core import outbox
from portal.seats.api import Participant, SignUp
from tests.events import groups, joining
from tests.events.joining import NOW, client_of, filled, guest_url, mails, meeting, person_url
from tests.factories import accounts
from tests.factories.events import occurrence
from tests.factories.organisations import unit

pytestmark = pytest.mark.django_db
VICTIM, SAID = "offer@privat.example", "Vent en time"


def ask_with_manager(client: Client, time: Any) -> Any:
    """Sign up with a manager, and give the places up again."""
    sent = {**filled(client, person_url(time)), "manager_name": "Lis Leder", "manager_email": VICTIM}
    response = client.post(person_url(time), sent)
    for made in SignUp.objects.filter(participants__state__in=["booked", "waiting"]).distinct():
        client.post(reverse("groups:cancel", args=[made.uuid]), {"all": "1"})
    outbox.drain()
    return response


def desk_of(who: Any) -> groups.Desk:
    """Return the form of a meeting of its own, opened afresh."""
    desk = groups.Desk(who, groups.meeting(40))
    desk.key = uuid4().hex
    return desk


@time_machine.travel(NOW, tick=False)
def test_a_manager_s_address_takes_only_so_many_sign_ups_and_what_was_typed_is_kept() -> None:
    time = meeting(40)
    clients = [client_of(accounts.user(f"mig{number}@kommune.example")) for number in range(2)]
    tries = [ask_with_manager(client, time) for client in [*clients * 3, clients[0]]]
    assert [one.status_code for one in tries] == [302] * 5 + [429] * 2
    form = tries[-1].context["form"]
    assert SAID in str(form.errors["manager_email"])
    assert form["manager_email"].value() == VICTIM
    assert SignUp.objects.count() == 5
    alone = clients[0].post(person_url(time), filled(clients[0], person_url(time)))
    assert alone.status_code == 302, "Alone she signs up all the same."


def test_a_group_a_substitute_and_a_late_name_count_together() -> None:
    kim, time = accounts.coordinator(groups.odense()), groups.meeting(40)
    for _try in range(3):
        assert desk_of(kim).sign_up(name=["Vera"], email=[VICTIM]).status_code == 302
    page = groups.Page(kim, groups.group(kim, time.offering, "Anne Holm", unnamed=1))
    first, slot = (place.uuid for place in page.places)
    assert page.post("names", **{f"name-{slot}": "Vera", f"email-{slot}": VICTIM}).status_code == 302
    assert page.post("substitute", slot, name="Bo Berg", email="bo@odense.example").status_code == 302
    assert page.post("substitute", first, name="Vera", email=VICTIM).status_code == 302
    refused = page.post("substitute", slot, name="Vera", email=VICTIM)
    assert SAID in groups.text(refused)
    assert VICTIM in groups.text(refused)
    assert SAID in groups.text(desk_of(kim).sign_up(name=["Vera"], email=[VICTIM]))
    assert Participant.objects.filter(email=VICTIM).count() == 4, "One of the five was given to Bo."


def test_people_with_an_account_are_no_strangers_to_who_signs_them_up() -> None:
    anne, kim = groups.colleague("Anne Holm", unit("Borgerservice")), accounts.coordinator(groups.odense())
    for _meeting in range(7):
        assert desk_of(kim).sign_up(m=[anne.uuid]).status_code == 302


def test_one_account_sends_only_so_much(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "sign_up_by": "2/h/key"}
    anne, kim = groups.colleague("Anne Holm", unit("Borgerservice")), accounts.coordinator(groups.odense())
    event = groups.meeting().event
    there, here = (occurrence(event=event, capacity=9) for _time in range(2))
    page = groups.Page(kim, groups.group(kim, here.offering, "Bo Berg"))
    for _meeting in range(2):
        assert desk_of(kim).sign_up(m=[anne.uuid]).status_code == 302
    assert SAID in groups.text(desk_of(kim).sign_up(m=[anne.uuid]))
    moved = page.post("move", p=[page.places[0].uuid], target=there.uuid, key="n" * 30)
    assert SAID in groups.text(moved)
    assert SignUp.objects.count() == 3


def test_a_guest_s_form_counts_by_the_day_as_well() -> None:
    time = joining.meeting(40)
    with time_machine.travel(NOW, tick=False) as clock:
        for _try in range(25):
            client = Client()
            client.post(guest_url(time), {**filled(client, guest_url(time)), "name": "Vera", "email": VICTIM})
            clock.shift(721)
        assert len(mails(VICTIM)) == 20
