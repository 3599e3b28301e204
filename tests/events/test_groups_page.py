"""A group's page: give up, fill in, substitute, wait, answer, move."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from events.models import Question
from events.signup.answers import answers_save
from portal.organisations.api import Unit
from portal.seats.api import (
    OfferingSpec,
    OfferState,
    Person,
    PlaceState,
    SignUp,
    breaches,
    places_cancel,
    sign_up_one,
)
from tests.events.groups import Page, booked, colleague, group, meeting, odense, states, text
from tests.factories.accounts import coordinator, user
from tests.factories.events import occurrence
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Unit:
    return unit("Borgerservice")


@pytest.fixture
def kim(team: Unit) -> Any:
    return coordinator(odense())


def test_the_page_shows_the_people_their_states_and_what_has_happened(kim: Any) -> None:
    made = group(kim, meeting(5).offering, "Anne Holm", "Bo Berg", unnamed=1)
    said = Page(kim, made).said()
    for words in ("Anne Holm", "bo@odense.example", "Har en plads: 3", "navn følger", "Tilmeldt: 3 personer", str(kim)):
        assert words in said
    assert made.key not in said


# --- Give up one, some, all ------------------------------------------------------------------------------------------


def test_giving_up_asks_first_then_does_it_and_the_next_get_the_seats(kim: Any) -> None:
    time = meeting(4)
    mine = group(kim, time.offering, "Anne Holm", "Bo Berg", "Carla Dam", "Ditte Eng")
    others = group(None, time.offering, "Erik Fisk", "Freja Gram")
    page = Page(kim, mine)
    first, second = page.places[0].uuid, page.places[1].uuid
    asked = page.get("cancel", p=[first, second])
    assert "Anne Holm" in text(asked)
    assert "Carla Dam" not in text(asked)
    assert states(mine) == [PlaceState.BOOKED] * 4, "A GET gives nothing up."
    answered = page.post("cancel", p=[first, second])
    assert answered["Location"] == page.url()
    assert states(mine) == [PlaceState.CANCELLED] * 2 + [PlaceState.BOOKED] * 2
    assert states(others) == [PlaceState.BOOKED] * 2
    again = page.post("cancel", p=[first, second])
    assert again["Location"] == page.url()
    assert "allerede" in page.said()
    assert booked(time) == 4


def test_everybody_can_be_given_up_at_once(kim: Any) -> None:
    made = group(kim, meeting(4).offering, "Anne Holm", unnamed=2)
    page = Page(kim, made)
    assert "3 personer" in text(page.get("cancel", all=1))
    page.post("cancel", p=[place.uuid for place in page.places])
    assert states(made) == [PlaceState.CANCELLED] * 3
    said = page.said()
    assert "Ingen i gruppen kommer længere" in said
    assert 'name="p"' not in said


def test_giving_up_nobody_is_told(kim: Any) -> None:
    page = Page(kim, group(kim, meeting(4).offering, "Anne Holm"))
    assert page.get("cancel")["Location"] == page.url()
    assert "Marker først" in page.said()
    assert states(page.made) == [PlaceState.BOOKED]


def test_a_place_of_another_group_cannot_be_given_up_here(kim: Any) -> None:
    time = meeting(4)
    mine, other = group(kim, time.offering, "Anne Holm"), group(kim, time.offering, "Bo Berg")
    page = Page(kim, mine)
    foreign = other.participants.get().uuid
    for uuid in (foreign, uuid4(), "vrøvl"):
        assert page.get("cancel", p=[uuid]).status_code == 404
        assert page.post("cancel", p=[uuid]).status_code == 404
        assert page.post("move", p=[uuid], target="x", key="k").status_code == 404
    assert states(other) == [PlaceState.BOOKED]


# --- Names and substitutes -------------------------------------------------------------------------------------------


def test_names_are_filled_in_some_now_and_some_later(kim: Any, team: Unit) -> None:
    made = group(kim, meeting(4).offering, unnamed=3)
    page = Page(kim, made)
    one = page.places[1].uuid
    page.post("names", **{f"name-{one}": "Anne Holm", f"email-{one}": "anne@odense.example"})
    assert [place.name for place in page.places] == ["", "Anne Holm", ""]
    said = page.said()
    assert "1 navn er gemt" in said
    assert f'name="name-{one}"' not in said


def test_a_wrong_name_is_told_at_its_field_and_the_others_stay_written(kim: Any) -> None:
    page = Page(kim, group(kim, meeting(4).offering, "Anne Holm", unnamed=2))
    _named, first, second = (place.uuid for place in page.places)
    sent = {f"name-{first}": "Bo Berg", f"name-{second}": "x" * 500}
    response = page.post("names", **sent)
    assert response.status_code == 200
    assert response.context["problem_field"] == f"name-{second}"
    assert 'value="Bo Berg"' in text(response)
    assert [place.name for place in page.places] == ["Anne Holm", "", ""]
    known = page.post("names", **{f"name-{first}": "Anne H", f"email-{first}": "anne@odense.example"})
    assert "har allerede en plads" in text(known) or "plads her" in text(known)
    assert "Skriv mindst ét navn" in text(page.post("names"))


def test_names_come_too_late(kim: Any) -> None:
    by = timezone.now() + dt.timedelta(days=2)
    made = group(kim, meeting(seats=OfferingSpec(capacity=4, names_by=by)).offering, unnamed=1)
    page = Page(kim, made)
    place = page.places[0].uuid
    with time_machine.travel(by + dt.timedelta(minutes=1), tick=False):
        response = page.post("names", **{f"name-{place}": "Bo Berg"})
    assert "Fristen for navne" in text(response)
    assert page.places[0].is_unnamed


def test_another_person_takes_the_place_and_nothing_of_the_first_stays(kim: Any) -> None:
    time = meeting(1)
    made, waiting = group(kim, time.offering, "Anne Holm"), group(None, time.offering, "Bo Berg")
    place = made.participants.get()
    question = Question.objects.create(event=time.event, text="Hvilken workshop?", choices="Breve\nSamtaler")
    answers_save(participant=place, values={str(question.uuid): "Breve"})
    page = Page(kim, made)
    assert "Anne Holm" in text(page.get("substitute", place.uuid))
    page.post("substitute", place.uuid, name="Carla Dam", email="carla@odense.example")
    place.refresh_from_db()
    assert (place.name, place.email, place.state) == ("Carla Dam", "carla@odense.example", PlaceState.BOOKED)
    assert place.user is None
    assert not place.answers.exists()
    assert states(waiting) == [PlaceState.WAITING], "The seat was never free in between."


def test_a_colleagues_address_is_her_account_and_a_strangers_is_only_an_address(kim: Any, team: Unit) -> None:
    carla = colleague("Carla Dam", team).user
    away = colleague("Sofie Lund", unit("Kultur", municipality=municipality(COPENHAGEN))).user
    page = Page(kim, group(kim, meeting(4).offering, "Anne Holm", unnamed=1))
    named, slot = page.places
    page.post("substitute", named.uuid, name="Carla Dam", email="carla@odense.example")
    page.post("names", **{f"name-{slot.uuid}": "Sofie", f"email-{slot.uuid}": away.email if away else ""})
    assert [place.user for place in page.places] == [carla, None]


@pytest.mark.parametrize(
    ("name", "email", "field"), [("", "", "name"), ("x" * 500, "", "name"), ("Bo", "ikke en adresse", "email")]
)
def test_a_substitute_who_cannot_be_is_told_at_the_field(kim: Any, name: str, email: str, field: str) -> None:
    page = Page(kim, group(kim, meeting(3).offering, "Anne Holm"))
    place = page.places[0]
    response = page.post("substitute", place.uuid, name=name, email=email)
    assert response.context["field"] == field
    assert f'value="{name}"' in text(response)
    assert page.places[0].name == "Anne Holm"


def test_an_open_slot_and_a_place_given_up_have_no_substitute(kim: Any) -> None:
    made = group(kim, meeting(3).offering, "Anne Holm", unnamed=1)
    page = Page(kim, made)
    named, slot = page.places
    places_cancel(actor=kim, sign_up=made, places=[named.uuid])
    for place in (named.uuid, slot.uuid, uuid4()):
        assert page.get("substitute", place).status_code == 404
        assert page.post("substitute", place, name="Bo Berg").status_code == 404


# --- In line, and offers ---------------------------------------------------------------------------------------------


def _in_line(kim: Any, **seats: Any) -> tuple[SignUp, SignUp]:
    """Return a group that fills the room, and one of three that waits."""
    time = meeting(seats=OfferingSpec(capacity=3, **seats))
    return group(kim, time.offering, unnamed=3), group(kim, time.offering, "Anne Holm", "Bo Berg", "Carla Dam")


def test_the_line_is_said_in_words_and_can_be_left_after_a_question(kim: Any) -> None:
    _there, waiting = _in_line(kim)
    page = Page(kim, waiting)
    said = page.said()
    assert "Gruppen står på venteliste" in said
    assert "Gruppen bliver ikke delt" in said
    assert "Forlad ventelisten" in text(page.get("leave"))
    assert states(waiting) == [PlaceState.WAITING] * 3
    page.post("leave")
    assert states(waiting) == [PlaceState.CANCELLED] * 3
    assert page.get("leave")["Location"] == page.url()


def test_an_offer_is_taken_for_the_whole_group(kim: Any) -> None:
    there, waiting = _in_line(kim, offer_hours=24)
    places_cancel(actor=kim, sign_up=there)
    page = Page(kim, waiting)
    offer = waiting.offers.get()
    assert "Der er 3 pladser til jer" in page.said()
    assert states(waiting) == [PlaceState.OFFERED] * 3
    page.post("offer", offer.uuid, answer="yes")
    assert states(waiting) == [PlaceState.BOOKED] * 3
    page.post("offer", offer.uuid, answer="yes")
    assert states(waiting) == [PlaceState.BOOKED] * 3, "A double click takes once."
    assert not list(breaches())


def test_no_to_an_offer_is_asked_about_first_and_another_answer_is_none(kim: Any) -> None:
    there, waiting = _in_line(kim, offer_hours=24)
    places_cancel(actor=kim, sign_up=there)
    page = Page(kim, waiting)
    offer = waiting.offers.get()
    assert "3 pladser går til de næste" in text(page.get("offer", offer.uuid))
    page.post("offer", offer.uuid, answer="måske")
    assert states(waiting) == [PlaceState.OFFERED] * 3
    page.post("offer", offer.uuid, answer="no")
    offer.refresh_from_db()
    assert offer.state == OfferState.DECLINED
    assert states(waiting) == [PlaceState.LAPSED] * 3
    page.post("offer", offer.uuid, answer="yes")
    assert states(waiting) == [PlaceState.LAPSED] * 3
    assert page.get("offer", uuid4()).status_code == 404


def test_who_made_room_is_not_told_to_those_who_got_it(kim: Any) -> None:
    time = meeting(1)
    stranger = user("fremmed@andet.example", first_name="Fremmed", last_name="Person")
    there = sign_up_one(actor=stranger, offering=time.offering, person=Person(user=stranger), key="fremmed")
    waiting = group(kim, time.offering, "Anne Holm")
    places_cancel(actor=stranger, sign_up=there)
    assert states(waiting) == [PlaceState.BOOKED]
    said = Page(kim, waiting).said()
    assert "Rykket op" in said or "automatisk" in said
    assert "Fremmed" not in said


# --- Another date ----------------------------------------------------------------------------------------------------


def test_some_are_moved_to_another_date_where_there_is_room(kim: Any) -> None:
    here = meeting(4)
    there = occurrence(event=here.event, capacity=2, starts_at=here.starts_at + dt.timedelta(days=7))
    made = group(kim, here.offering, "Anne Holm", "Bo Berg", "Carla Dam")
    page = Page(kim, made)
    first, second, third = (place.uuid for place in page.places)
    shown = page.get("move", p=[first, second])
    assert "2 ledige pladser" in text(shown)
    key = shown.context["key"]
    sent = {"p": [first, second], "target": there.uuid, "key": key}
    moved = page.post("move", **sent)
    new = SignUp.objects.get(offering=there.offering)
    assert moved["Location"] == reverse("groups:group", args=[new.uuid])
    assert states(new) == [PlaceState.BOOKED] * 2
    assert states(made) == [PlaceState.CANCELLED, PlaceState.CANCELLED, PlaceState.BOOKED]
    assert page.post("move", **sent)["Location"] == moved["Location"], "A double click moves once."
    full = page.post("move", p=[third], target=there.uuid, key="en-anden")
    assert "Ingen er flyttet" in text(full)
    assert booked(there) == 2
    assert booked(here) == 1


def test_nobody_is_moved_to_another_meeting_or_to_no_date(kim: Any) -> None:
    here, elsewhere = meeting(4), meeting(4)
    page = Page(kim, group(kim, here.offering, "Anne Holm"))
    assert "Der er ingen andre datoer" in text(page.get("move", all=1))
    for target in (elsewhere.uuid, uuid4(), "", "vrøvl"):
        response = page.post("move", p=[page.places[0].uuid], target=target, key="k")
        assert response.status_code == 200
    assert states(page.made) == [PlaceState.BOOKED]
    assert booked(elsewhere) == 0
