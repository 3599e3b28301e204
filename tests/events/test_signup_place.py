"""A place's own page: who gets in, what it says, and what can be done about it until the meeting."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from events.api import occurrence_cancel, occurrence_save, occurrence_spec
from events.models import Answer, ListConsent, PlaceLink
from events.signup.answers import answers_save, consent_save
from events.signup.links import place_url
from portal.seats.api import (
    NoPlaceError,
    Offer,
    Participant,
    Person,
    PlaceState,
    Reason,
    SignUp,
    breaches,
    person_substitute,
    places_cancel,
    sign_up_one,
)
from tests.events import joining
from tests.events.joining import (
    NOW,
    START,
    client_of,
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
from tests.factories import accounts, organisations

pytestmark = pytest.mark.django_db
LINK = "https://moede.example/hemmeligt"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    joining.forget_tries()
    with time_machine.travel(NOW, tick=False):
        yield
    assert not list(breaches())


# --- Who gets in -------------------------------------------------------------------------------------------------------


def test_a_link_opens_the_place_and_leaves_its_token_behind() -> None:
    place = somebody(meeting()).participants.get()
    client = client_of()
    response = client.get(linked(place))
    assert response["Location"] == place_url_of(place)
    assert response["Referrer-Policy"] == "same-origin"
    shown = client.get(response["Location"])
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert client_of().get(place_url_of(place)).status_code == 404


def test_somebody_elses_link_opens_her_place_and_not_mine() -> None:
    time, user = meeting(), accounts.user()
    mine, other = hers(user, time), somebody(time).participants.get()
    client = client_of()
    client.get(linked(other))
    assert client.get(place_url_of(mine)).status_code == 404
    for name in ("cancel", "offer", "move", "answers", "consent"):
        assert client.post(place_url_of(mine, name)).status_code == 404
    assert state(mine) == PlaceState.BOOKED


def test_an_unknown_place_and_a_foreign_one_look_the_same() -> None:
    place, client = somebody(meeting()).participants.get(), client_of(accounts.user())
    unknown = reverse("signup:place", args=["00000000-0000-4000-8000-000000000000"])
    foreign = text_of(client.get(place_url_of(place)))
    assert foreign.replace(str(place.uuid), "·") == text_of(client.get(unknown)).replace(unknown.split("/")[-2], "·")


def test_a_substitute_gets_a_clean_place_and_the_former_ones_link_is_dead() -> None:
    time = meeting(asks_list=True)
    asked, place = question(time), somebody(time, "Gammel").participants.get()
    answers_save(participant=place, values={str(asked.uuid): "Breve"})
    consent_save(participant=place, shown="all")
    link, client = linked(place), client_of()
    client.get(link)
    person_substitute(actor=None, sign_up=place.sign_up, place=place.uuid, person=Person("Ny", "ny@kommune.example"))
    assert not Answer.objects.exists()
    assert not ListConsent.objects.exists()
    assert not PlaceLink.objects.filter(email="gammel@kommune.example").exists()
    assert client.get(place_url_of(place)).status_code == 404
    assert client_of().get(link).status_code == 404
    with pytest.raises(NoPlaceError):
        answers_save(participant=place, values={str(asked.uuid): "Samtaler"})
    assert not Answer.objects.exists()


def handed_over(user: Any, place: Participant) -> Participant:
    """Let a person give her single place to another one, on the screen, and return it with the other one's answer."""
    asked = question(place.offering.occurrence)
    url = reverse("groups:substitute", args=[place.sign_up.uuid, place.uuid])
    client = client_of(user)
    response = client.post(url, {"name": "Bo Berg", "email": "bo@kommune.example"})
    said = text_of(client.get(response["Location"]))
    assert "Bo Berg har pladsen nu." in said
    place = Participant.objects.get(pk=place.pk)
    assert place.name == "Bo Berg"
    answers_save(participant=place, values={str(asked.uuid): "Breve"})
    return place


def test_who_gave_her_single_place_away_reaches_it_by_no_way_any_more() -> None:
    user = accounts.user()
    place = hers(user, meeting())
    client = client_of()
    client.get(linked(place))
    place = handed_over(user, place)
    group = reverse("groups:group", args=[place.sign_up.uuid])
    for former in (client_of(user), client):
        for name in ("place", "cancel", "answers", "move"):
            assert former.get(place_url_of(place, name)).status_code == 404
        assert former.post(place_url_of(place, "cancel")).status_code == 404
    assert client_of(user).get(group).status_code == 404
    assert client_of(user).post(reverse("groups:cancel", args=[place.sign_up.uuid]), {"all": "1"}).status_code == 404
    assert state(place) == PlaceState.BOOKED
    new = client_of()
    new.get(linked(place))
    assert "Breve" in page(new, place_url_of(place))
    new.post(place_url_of(place, "cancel"))
    assert state(place) == PlaceState.CANCELLED


def test_a_coordinator_who_signed_up_somebody_keeps_the_place_when_another_one_has_it() -> None:
    kim, time = accounts.user(), meeting()
    somebody_else = Person("Anne Holm", "anne@kommune.example")
    made = sign_up_one(actor=kim, offering=time.offering, person=somebody_else, key="anne")
    place = handed_over(kim, made.participants.get())
    assert "Bo Berg" in page(client_of(kim), place_url_of(place))


def test_a_link_dies_two_weeks_after_the_meeting() -> None:
    place = somebody(meeting()).participants.get()
    link = linked(place)
    with time_machine.travel(START + timedelta(days=15), tick=False):
        assert client_of().get(link).status_code == 404


# --- What it says ------------------------------------------------------------------------------------------------------


def test_the_link_to_the_online_meeting_is_for_those_with_a_seat() -> None:
    time = meeting(capacity=1, online=True, participants_link=LINK)
    place, waiting = somebody(time).participants.get(), somebody(time).participants.get()
    for who, there in ((place, True), (waiting, False)):
        client = client_of()
        client.get(linked(who))
        assert (LINK in page(client, place_url_of(who))) is there
    client = client_of()
    client.get(linked(place))
    places_cancel(actor=None, sign_up=place.sign_up)
    assert LINK not in page(client, place_url_of(place))
    assert LINK not in page(client_of(), time.event.get_url())
    assert LINK not in page(client_of(accounts.user()), joining.person_url(time))


def test_who_waits_reads_where_she_stands_and_whether_she_may_be_passed() -> None:
    time = meeting(capacity=2)
    somebody(time)
    joining.some_people(time, 2)
    somebody(time)
    last = somebody(time).participants.get()
    client = client_of()
    client.get(linked(last))
    shown = page(client, place_url_of(last))
    assert "Du er på ventelisten" in shown
    assert "Der står 2 tilmeldinger før din." in shown
    assert "Ingen bliver sprunget over" in shown
    spec = occurrence_spec(time)
    occurrence_save(actor=None, occurrence=time, spec=replace(spec, seats=replace(spec.seats, smaller_may_pass=True)))
    assert state(last) == PlaceState.WAITING
    shown = page(client, place_url_of(last))
    assert "Ingen bliver sprunget over" not in shown
    assert "går pladserne til de næste i køen, som der er plads til" in shown


def test_a_called_off_meeting_says_why_on_the_place() -> None:
    time, user = meeting(), accounts.user()
    place = hers(user, time)
    occurrence_cancel(actor=None, occurrence=time, reason="Underviseren er syg.")
    shown = page(client_of(user), place_url_of(place))
    assert "Underviseren er syg." in shown


def test_who_looks_after_her_reads_her_name_in_the_head() -> None:
    unit = organisations.unit()
    user = accounts.employee(unit)
    place = hers(user, meeting(), unit=unit)
    shown = page(client_of(accounts.manager(unit)), place_url_of(place))
    assert f"<h1>{place.name}: " in shown
    assert "Du har en plads" not in shown


# --- Cancel ------------------------------------------------------------------------------------------------------------


def test_cancelling_asks_first_and_gives_the_seat_to_the_next() -> None:
    time, user = meeting(capacity=1), accounts.user()
    place, waiting = hers(user, time), somebody(time).participants.get()
    client, url = client_of(user), place_url_of(place, "cancel")
    assert "Vil du melde fra?" in page(client, url)
    assert state(place) == PlaceState.BOOKED
    shown = text_of(client.post(url, follow=True))
    assert "Din tilmelding er afmeldt" in shown
    assert (state(place), state(waiting)) == (PlaceState.CANCELLED, PlaceState.BOOKED)
    client.post(url)
    assert place.changes.filter(reason=Reason.CANCELLED).count() == 1


def test_who_waits_leaves_the_list_and_a_later_seat_is_not_hers() -> None:
    time, user = meeting(capacity=1), accounts.user()
    first, place = somebody(time), hers(user, time)
    client, url = client_of(user), place_url_of(place, "cancel")
    assert "Vil du forlade ventelisten?" in page(client, url)
    client.post(url)
    places_cancel(actor=None, sign_up=first)
    assert state(place) == PlaceState.CANCELLED
    assert place.changes.filter(reason=Reason.LEFT).exists()


def test_one_of_a_group_cancels_her_own_place_only() -> None:
    group = joining.some_people(meeting(), 3)
    place = group.participants.order_by("pk")[1]
    client = client_of()
    client.get(linked(place))
    assert "De andre i gruppen beholder deres pladser." in page(client, place_url_of(place, "cancel"))
    client.post(place_url_of(place, "cancel"))
    assert group.participants.filter(state=PlaceState.BOOKED).count() == 2


def test_nothing_is_cancelled_when_the_meeting_has_begun() -> None:
    user = accounts.user()
    place = hers(user, meeting())
    client = client_of(user)
    with time_machine.travel(START + timedelta(minutes=1), tick=False):
        client = client_of(user)
        assert client.get(place_url_of(place, "cancel")).status_code == 302
        assert client.post(place_url_of(place, "cancel")).status_code == 409
    assert state(place) == PlaceState.BOOKED


# --- Offers ------------------------------------------------------------------------------------------------------------


def offered(user: Any) -> tuple[Participant, Participant]:
    """Return a place with an offer, and the one who is next."""
    time = meeting(capacity=1, offer_hours=48)
    first, place, after = somebody(time), hers(user, time), somebody(time).participants.get()
    places_cancel(actor=None, sign_up=first)
    assert state(place) == PlaceState.OFFERED
    return Participant.objects.get(pk=place.pk), after


def test_an_offer_is_taken_with_a_button_and_twice_is_once() -> None:
    user = accounts.user()
    place, _after = offered(user)
    client, url = client_of(user), place_url_of(place, "offer")
    shown = page(client, place_url_of(place))
    assert "Svar inden 23. november 2026 kl. 13.00" in shown
    for _click in range(2):
        assert client.post(url, {"answer": "accept"}).status_code == 302
    assert state(place) == PlaceState.BOOKED
    assert client.post(url, {"answer": "decline"}).status_code == 409
    assert state(place) == PlaceState.BOOKED


def test_an_offer_that_is_declined_goes_to_the_next() -> None:
    user = accounts.user()
    place, after = offered(user)
    client_of(user).post(place_url_of(place, "offer"), {"answer": "decline"})
    assert (state(place), state(after)) == (PlaceState.LAPSED, PlaceState.OFFERED)


def test_looking_at_an_offer_answers_nothing_and_too_late_says_so() -> None:
    user = accounts.user()
    place, _after = offered(user)
    client_of(user).get(place_url_of(place, "offer"))
    client_of(user).post(place_url_of(place, "offer"), {"answer": "måske"})
    assert state(place) == PlaceState.OFFERED
    with time_machine.travel(NOW + timedelta(hours=49), tick=False):
        response = client_of(user).post(place_url_of(place, "offer"), {"answer": "accept"})
    assert response.status_code == 409
    assert "Tilbuddet" in text_of(response)
    assert state(place) != PlaceState.BOOKED
    Offer.objects.get(pk=place.offer_id)
    places_cancel(actor=None, sign_up=place.sign_up)


def test_of_a_group_only_its_contact_answers() -> None:
    time = meeting(capacity=2, offer_hours=48)
    first = joining.some_people(time, 2)
    group = joining.some_people(time, 2)
    places_cancel(actor=None, sign_up=first)
    place = group.participants.order_by("pk")[0]
    client = client_of()
    client.get(linked(place))
    assert "Ja, jeg tager pladsen" not in page(client, place_url_of(place))
    assert client.post(place_url_of(place, "offer"), {"answer": "decline"}).status_code == 404
    assert state(place) == PlaceState.OFFERED
    url = place_url(sign_up=group, participant=None, email=group.contact_email, ends_at=time.ends_at)
    contact = client_of()
    contact.get("/" + url.split("/", 3)[3])
    assert contact.post(place_url_of(place, "offer"), {"answer": "accept"}).status_code == 302
    assert group.participants.booked().count() == 2


def offered_group() -> tuple[SignUp, Participant, Participant]:
    """Return a group of three with an offer, one of its places, and the one who is next."""
    time = meeting(capacity=3, offer_hours=48)
    first, group = joining.some_people(time, 3), joining.some_people(time, 3)
    after = somebody(time).participants.get()
    places_cancel(actor=None, sign_up=first)
    return group, group.participants.order_by("pk")[0], after


@pytest.mark.parametrize("answer", ["accept", "decline"])
@pytest.mark.parametrize("by_account", [True, False])
def test_who_has_left_her_group_answers_nothing_for_those_who_stay(answer: str, by_account: bool) -> None:
    group, place, after = offered_group()
    client = client_of()
    if by_account:
        user = accounts.user()
        Participant.objects.filter(pk=place.pk).update(user=user)
        client = client_of(user)
    else:
        client.get(linked(place))
    client.post(place_url_of(place, "cancel"))
    assert state(place) == PlaceState.CANCELLED
    assert client.post(place_url_of(place, "offer"), {"answer": answer}).status_code == 302
    assert "Ja, jeg tager pladsen" not in page(client, place_url_of(place))
    states = list(group.participants.order_by("pk").values_list("state", flat=True))
    assert states == [PlaceState.CANCELLED, PlaceState.OFFERED, PlaceState.OFFERED]
    assert group.offers.open().count() == 1
    assert state(after) != PlaceState.BOOKED


def test_the_contact_answers_from_a_place_that_is_offered_and_not_from_one_given_up() -> None:
    group, gone, _after = offered_group()
    url = place_url(
        sign_up=group, participant=None, email=group.contact_email, ends_at=gone.offering.occurrence.ends_at
    )
    contact = client_of()
    contact.get("/" + url.split("/", 3)[3])
    contact.post(place_url_of(gone, "cancel"))
    assert contact.post(place_url_of(gone, "offer"), {"answer": "decline"}).status_code == 302
    stays = group.participants.order_by("pk")[1]
    assert state(stays) == PlaceState.OFFERED
    assert contact.post(place_url_of(stays, "offer"), {"answer": "accept"}).status_code == 302
    assert (group.participants.booked().count(), state(gone)) == (2, PlaceState.CANCELLED)
