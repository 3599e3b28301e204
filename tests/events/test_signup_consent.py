"""Who may see whom on the list of participants: by what each has said herself."""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from events.models import ListConsent
from events.signup.answers import consent_save
from portal.seats.api import (
    breaches,
    places_cancel,
)
from tests.events import joining
from tests.events.joining import (
    NOW,
    client_of,
    hers,
    linked,
    meeting,
    page,
    place_url_of,
    somebody,
)
from tests.factories import accounts, organisations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    joining.forget_tries()
    with time_machine.travel(NOW, tick=False):
        yield
    assert not list(breaches())


def test_the_list_shows_who_has_said_so_to_whom_she_has_said_it() -> None:
    time, user = meeting(asks_list=True), accounts.user()
    names = {shown: somebody(time, f"Person {shown}").participants.get() for shown in ("nobody", "participants", "all")}
    for shown, place in names.items():
        consent_save(participant=place, shown=shown)
    mine = page(client_of(user), place_url_of(hers(user, time)))
    everybody = page(client_of(), reverse("signup:participants", args=[time.uuid]))
    meetings_page = page(client_of(), time.event.get_url())
    assert [name in mine for name in ("Person nobody", "Person participants", "Person all")] == [False, True, True]
    assert [name in everybody for name in ("Person nobody", "Person participants", "Person all")] == [
        False,
        False,
        True,
    ]
    assert "Person all" not in meetings_page
    places_cancel(actor=None, sign_up=names["all"].sign_up)
    assert "Person all" not in page(client_of(), reverse("signup:participants", args=[time.uuid]))


def test_consent_is_given_by_the_person_and_by_nobody_for_her() -> None:
    unit, time = organisations.unit(), meeting(asks_list=True)
    user = accounts.employee(unit)
    place = hers(user, time, unit=unit)
    url = place_url_of(place, "consent")
    assert client_of(accounts.manager(unit)).post(url, {"shown": "all"}).status_code == 404
    assert client_of(user).post(url, {"shown": "x"}).status_code == 400
    assert not ListConsent.objects.exists()
    assert client_of(user).post(url, {"shown": "all"}).status_code == 302
    assert ListConsent.objects.get().shown == "all"
    client_of(user).post(url, {"shown": "nobody"})
    assert not ListConsent.objects.exists()


def test_who_is_seen_by_the_other_participants_is_not_seen_by_their_coordinators() -> None:
    time, odense = meeting(asks_list=True), organisations.municipality("0461")
    seen = somebody(time, "Petra Participant").participants.get()
    consent_save(participant=seen, shown="participants")
    place = somebody(time, "Otto Odense", municipality=odense).participants.get()
    hers = client_of()
    hers.get(linked(place))
    assert "Petra Participant" in page(hers, place_url_of(place))
    coordinator = client_of(accounts.coordinator(odense))
    assert "Petra Participant" not in page(coordinator, place_url_of(place))
