"""A person's own meetings on her page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.api import occurrence_cancel
from events.models import Attendance
from portal.seats.api import places_cancel
from tests.events.joining import NOW, START, client_of, hers, meeting, page, place_url_of, somebody
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_her_page_shows_her_meetings_and_nobody_elses() -> None:
    user, time = accounts.user(), meeting(1)
    place, other = hers(user, time), somebody(time).participants.get()
    called_off = hers(user, meeting())
    occurrence_cancel(actor=None, occurrence=called_off.offering.occurrence, reason="Underviseren er syg.")
    shown = page(client_of(user), reverse("my_page:front"))
    assert place_url_of(place) in shown
    assert place_url_of(called_off) in shown
    assert "Aflyst" in shown
    assert place_url_of(other) not in shown


def test_what_she_cancelled_is_gone_and_what_was_held_is_past() -> None:
    user, time = accounts.user(), meeting()
    place = hers(user, time)
    with time_machine.travel(START + timedelta(days=1), tick=False):
        shown = page(client_of(user), reverse("my_page:front"))
        assert "Møder, du har været tilmeldt" in shown
        assert "Mødt frem" not in shown
        Attendance.objects.create(occurrence=time, participant=place, at=START)
        assert "Mødt frem" in page(client_of(user), reverse("my_page:front"))
    places_cancel(actor=user, sign_up=place.sign_up)
    shown = page(client_of(user), reverse("my_page:front"))
    assert place_url_of(place) not in shown
    assert "Du er ikke tilmeldt noget møde." in shown


def test_the_number_of_queries_does_not_grow_with_the_meetings() -> None:
    user, counts = accounts.user(), []
    for _size in range(2):
        for _number in range(3):
            hers(user, meeting())
        client = client_of(user)
        with CaptureQueriesContext(connection) as queries:
            page(client, reverse("my_page:front"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
