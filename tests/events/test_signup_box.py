"""The ways to a sign-up on the meeting's page, and how full it is in lists."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.api import occurrence_cancel
from tests.events import joining
from tests.events.joining import NOW, client_of, meeting, page, somebody
from tests.factories import accounts
from tests.factories.events import EventPageFactory, event_index, local, occurrence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def shown_list() -> str:
    """Return the list of meetings as a visitor sees it."""
    return page(client_of(), event_index().get_url())


def test_the_page_shows_the_ways_in() -> None:
    time = meeting()
    shown = page(client_of(), time.event.get_url())
    for name in ("signup:person", "signup:guest", "groups:new"):
        assert reverse(name, args=[time.uuid]) in shown
    assert "40 ledige pladser" in shown


def test_a_meeting_elsewhere_has_no_way_in_here() -> None:
    time = occurrence(event=EventPageFactory.make(signup_url="https://arrangoer.example/"))
    assert "/tilmelding/" not in page(client_of(), time.event.get_url())


@pytest.mark.parametrize(
    ("capacity", "people", "badge"),
    [
        (40, 0, "40 ledige pladser"),
        (40, 1, "39 ledige pladser"),
        (7, 2, "Få pladser: 5 tilbage"),
        (3, 2, "Få pladser: 1 tilbage"),
        (2, 2, "Fuldt booket – venteliste"),
        (2, 3, "Fuldt booket – venteliste"),
    ],
)
def test_the_badge_says_how_full_it_is(capacity: int, people: int, badge: str) -> None:
    time = meeting(capacity)
    for _number in range(people):
        somebody(time)
    assert badge in shown_list()
    assert badge.removesuffix(" – venteliste").casefold() in page(client_of(), time.event.get_url()).casefold()


def test_without_a_limit_no_number_is_shown() -> None:
    meeting(None)
    assert "ledige pladser" not in shown_list()


def test_a_full_meeting_says_openly_how_the_line_is_served() -> None:
    time = meeting(2, offer_hours=24, smaller_may_pass=True, deadline=local(2027, 5, 1, 12))
    somebody(time)
    somebody(time)
    joining.some_people(time, 2)
    shown = page(client_of(), time.event.get_url())
    assert "2 personer på ventelisten, fordelt på 1 tilmelding." in shown
    assert "24 timer til at svare" in shown
    assert "går pladserne til de næste i køen, som der er plads til" in shown
    assert "Skriv dig på ventelisten" in shown


def test_before_it_opens_after_the_deadline_and_when_cancelled_there_is_no_button() -> None:
    later = meeting(opens_at=NOW + timedelta(days=1))
    closed = meeting(deadline=NOW - timedelta(days=1))
    cancelled = meeting()
    occurrence_cancel(actor=None, occurrence=cancelled, reason="Underviseren er syg.")
    words = ("Tilmeldingen er ikke åbnet endnu", "Tilmeldingsfristen er overskredet", "Underviseren er syg.")
    for time, said in zip((later, closed, cancelled), words, strict=True):
        shown = page(client_of(), time.event.get_url())
        assert said in shown
        assert joining.person_url(time) not in shown


def test_who_is_signed_up_is_led_to_her_place_and_nobody_else_is() -> None:
    time, user = meeting(), accounts.user()
    client = client_of(user)
    client.post(joining.person_url(time), joining.filled(client, joining.person_url(time)))
    place = time.offering.participants.get()
    assert joining.place_url_of(place) in page(client, time.event.get_url())
    for other in (client_of(), client_of(accounts.user("anden@hk.example"))):
        assert joining.place_url_of(place) not in page(other, time.event.get_url())


def test_each_date_of_several_has_its_own_way_in() -> None:
    first = meeting(1)
    second = meeting(event=first.event, starts_at=local(2027, 6, 9, 15, 30))
    somebody(first)
    shown = page(client_of(), first.event.get_url())
    assert shown.count(joining.person_url(first)) == 2
    assert shown.count(joining.person_url(second)) == 1


def test_the_list_counts_all_seats_in_one_query() -> None:
    counts = []
    for _size in range(2):
        for number in range(3):
            somebody(meeting(starts_at=local(2027, 5, 12 + number, 15, 30)))
        client = client_of()
        page(client, event_index().get_url())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client_of(), f"{event_index().get_url()}?til=2027-12-31")
        counts.append(len(queries))
        assert sum("seats_participant" in query["sql"] for query in queries) == 1
    assert counts[0] == counts[1]
