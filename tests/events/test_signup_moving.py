"""Moving a place to another date of the same meeting, and changing the answers, until the meeting."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from events.api import Occurrence, occurrence_save, occurrence_spec
from events.models import Answer, ListConsent
from events.signup.answers import answers_save, consent_save
from portal.seats.api import Participant, PlaceState, SignUp, breaches
from tests.events import joining
from tests.events.joining import (
    NOW,
    START,
    client_of,
    filled,
    hers,
    linked,
    meeting,
    page,
    place_url_of,
    question,
    somebody,
    state,
    text_of,
)
from tests.factories import accounts
from tests.factories.events import local

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    joining.forget_tries()
    with time_machine.travel(NOW, tick=False):
        yield
    assert not list(breaches())


def dates(capacity: int = 40, **values: int) -> tuple[Occurrence, Occurrence]:
    """Return two dates of one meeting."""
    first = meeting()
    second = meeting(capacity, event=first.event, starts_at=local(2027, 6, 9, 15, 30), **values)
    return first, second


def test_a_move_takes_answers_and_consent_along_and_gives_the_seat_back() -> None:
    first, second = dates()
    for time in (first, second):
        occurrence_save(actor=None, occurrence=time, spec=replace(occurrence_spec(time), asks_list=True))
    asked, user = question(first), accounts.user()
    place = hers(user, first)
    answers_save(participant=place, values={str(asked.uuid): "Samtaler"})
    consent_save(participant=place, shown="participants")
    client, url = client_of(user), place_url_of(place, "move")
    form = {**filled(client, url), "target": str(second.uuid)}
    moves = [client.post(url, form) for _click in range(2)]
    assert moves[0]["Location"] == moves[1]["Location"]
    new = Participant.objects.get(offering=second.offering)
    assert (new.state, state(place)) == (PlaceState.BOOKED, PlaceState.CANCELLED)
    assert Answer.objects.get(participant=new).value == "Samtaler"
    assert ListConsent.objects.get(participant=new).shown == "participants"


def test_a_guest_who_moves_comes_to_her_new_place() -> None:
    first, second = dates()
    place = somebody(first).participants.get()
    client, url = client_of(), place_url_of(place, "move")
    client.get(linked(place))
    response = client.post(url, {**filled(client, url), "target": str(second.uuid)}, follow=True)
    assert "Du har en plads" in text_of(response)
    assert "Du er flyttet til denne dato." in text_of(response)


def test_a_full_date_is_not_offered_and_a_move_there_changes_nothing() -> None:
    first, second = dates(capacity=1)
    user = accounts.user()
    place, client = hers(user, first), client_of(user)
    url = place_url_of(place, "move")
    form = {**filled(client, url), "target": str(second.uuid)}
    somebody(second)
    assert client.get(url).status_code == 302
    response = client.post(url, form)
    assert response.status_code == 409
    assert state(place) == PlaceState.BOOKED
    assert not second.offering.participants.filter(user=user).exists()


def test_one_cannot_move_to_another_meeting() -> None:
    user, other = accounts.user(), meeting()
    first, _second = dates()
    place, client = hers(user, first), client_of(user)
    url = place_url_of(place, "move")
    assert client.post(url, {**filled(client, url), "target": str(other.uuid)}).status_code == 400
    assert state(place) == PlaceState.BOOKED
    assert SignUp.objects.count() == 1


# --- Answers -----------------------------------------------------------------------------------------------------------


def test_answers_can_be_changed_and_taken_back_until_the_meeting() -> None:
    time, user = meeting(), accounts.user()
    asked = question(time)
    place, name = hers(user, time), f"question_{asked.uuid}"
    client, url = client_of(user), place_url_of(place, "answers")
    client.post(url, {name: "Breve"})
    assert filled(client, url)[name] == "Breve"
    client.post(url, {name: "Samtaler"})
    assert Answer.objects.get().value == "Samtaler"
    client.post(url, {name: ""})
    assert not Answer.objects.exists()
    with time_machine.travel(START + timedelta(minutes=1), tick=False):
        assert client_of(user).post(url, {name: "Breve"}).status_code == 409
    assert not Answer.objects.exists()


def test_a_retired_question_is_asked_no_more_and_its_answer_stays() -> None:
    time, user = meeting(), accounts.user()
    asked = question(time)
    place = hers(user, time)
    answers_save(participant=place, values={str(asked.uuid): "Breve"})
    type(asked).objects.filter(pk=asked.pk).update(retired=True)
    answers_save(participant=place, values={str(asked.uuid): "Samtaler"})
    assert Answer.objects.get().value == "Breve"
    assert asked.text in page(client_of(user), place_url_of(place))
