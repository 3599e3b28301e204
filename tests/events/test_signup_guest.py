"""Signing up without an account: the same answer for every address, and a seat only behind the button."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from events.api import Occurrence, occurrence_cancel
from events.models import Answer, GuestWish, ListConsent
from portal.accounts.api import User
from portal.seats.api import Participant, PlaceState, breaches, places_cancel
from tests.events import joining
from tests.events.joining import NOW, START, client_of, filled, guest_url, link_in, mails, meeting, page, text_of
from tests.factories import accounts

pytestmark = pytest.mark.django_db

GITTE = "gitte@firma.example"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    joining.forget_tries()
    with time_machine.travel(NOW, tick=False):
        yield
    assert not list(breaches())


def ask(time: Occurrence, client: Client | None = None, **values: Any) -> Any:
    """Fill in the guest's form and send it."""
    client = client or client_of()
    form = filled(client, guest_url(time))
    return client.post(guest_url(time), {**form, "name": "Gitte Gæst", "email": GITTE, **values})


def confirm(link: str, client: Client | None = None) -> Any:
    """Open the link, press the button, and follow to where it leads."""
    client = client or client_of()
    opened = client.get(link, follow=True)
    assert opened.status_code == 200
    return client.post(reverse("signup:guest_answer"), follow=True)


def test_a_guest_gets_a_mail_and_has_her_seat_when_she_presses_the_button() -> None:
    time = meeting(asks_list=True)
    asked = joining.question(time)
    client = client_of()
    response = ask(time, client, **{f"question_{asked.uuid}": "Breve", "shown": "all", "workplace": "0461"})
    assert response["Location"] == reverse("signup:guest_sent")
    assert GITTE in page(client, response["Location"])
    assert not Participant.objects.exists()
    [mail] = mails(GITTE)
    opened = client_of()
    shown = text_of(opened.get(link_in(mail), follow=True))
    assert "Gitte Gæst" in shown
    assert "Breve" in shown
    assert not Participant.objects.exists()
    done = text_of(opened.post(reverse("signup:guest_answer"), follow=True))
    assert "Du har en plads" in done
    place = Participant.objects.get()
    assert (place.email, place.name, place.user, place.state) == (GITTE, "Gitte Gæst", None, PlaceState.BOOKED)
    assert place.sign_up.municipality is not None
    assert Answer.objects.get(participant=place).value == "Breve"
    assert ListConsent.objects.get(participant=place).shown == "all"
    wish = GuestWish.objects.get()
    assert (wish.wish, wish.sign_up) == ({}, place.sign_up)
    assert not User.objects.filter(email=GITTE).exists()


def test_the_answer_is_the_same_whatever_the_portal_knows_about_the_address() -> None:
    time, known = meeting(), "kendt@kommune.example"
    accounts.user(known)
    joining.somebody(time, "Kendt")
    answers = []
    for email in (GITTE, known, "kendt@kommune.example"):
        client = client_of()
        response = ask(time, client, email=email)
        shown = page(client, response["Location"]).replace(email, "·")
        answers.append((response.status_code, response["Location"], shown))
    assert answers[0] == answers[1] == answers[2]
    subjects = {mail.payload["subject"] for mail in mails() if "bekræft" in mail.payload["subject"].lower()}
    assert len(subjects) == 1


def test_who_has_a_place_already_is_told_behind_the_link_and_gets_no_second_one() -> None:
    time = meeting()
    there = joining.somebody(time, "Kendt").participants.get()
    ask(time, email="KENDT@kommune.example", name="En Anden")
    client = client_of()
    assert "er allerede tilmeldt dette møde" in text_of(
        client.get(link_in(mails("kendt@kommune.example")[-1]), follow=True)
    )
    shown = text_of(client.post(reverse("signup:guest_answer"), follow=True))
    assert "Du har en plads" in shown
    assert Participant.objects.get() == there
    assert Participant.objects.get().name == "Kendt"


def test_a_double_click_sends_one_mail_and_a_second_press_takes_no_second_seat() -> None:
    time, client = meeting(), client_of()
    form = {**filled(client, guest_url(time)), "name": "Gitte", "email": GITTE}
    for _click in range(2):
        assert client.post(guest_url(time), form).status_code == 302
    assert len(mails(GITTE)) == 1
    link = link_in(mails(GITTE)[0])
    first = confirm(link)
    second = confirm(link)
    assert first.redirect_chain[-1] == second.redirect_chain[-1]
    assert Participant.objects.count() == 1
    assert client.post(guest_url(time), form).status_code == 302
    assert GuestWish.objects.count() == 1


def test_a_used_form_with_another_address_gets_a_new_key_and_keeps_what_was_typed() -> None:
    time, client = meeting(), client_of()
    form = {**filled(client, guest_url(time)), "name": "Gitte", "email": GITTE}
    client.post(guest_url(time), form)
    response = client.post(guest_url(time), {**form, "email": "ny@firma.example"})
    assert response.status_code == 409
    again = response.context["form"]
    assert again["email"].value() == "ny@firma.example"
    assert again["key"].value() != form["key"]
    assert not mails("ny@firma.example")


@pytest.mark.parametrize("key", ["", "x", "1" * 500])
def test_a_forged_key_writes_nothing(key: str) -> None:
    response = ask(meeting(), key=key)
    assert response.status_code == 400
    assert not GuestWish.objects.exists()
    assert not mails()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": "G" * 500}, "name"), ({"name": " "}, "name"), ({"email": "gitte"}, "email"), ({"email": ""}, "email")],
)
def test_what_is_wrong_stands_at_its_field_and_is_kept(values: dict[str, str], field: str) -> None:
    response = ask(meeting(), None, **values)
    assert response.status_code == 400
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert form[field].value() == values[field]
    assert not GuestWish.objects.exists()


def test_who_is_signed_in_has_a_form_of_her_own() -> None:
    time = meeting()
    response = client_of(accounts.user()).get(guest_url(time))
    assert response["Location"] == joining.person_url(time)


def test_one_address_is_not_flooded() -> None:
    time = meeting()
    codes = [ask(time).status_code for _try in range(7)]
    assert codes.count(302) == 5
    assert codes[-1] == 429
    assert len(mails(GITTE)) == 5


# --- The link ----------------------------------------------------------------------------------------------------------


def test_a_link_that_is_unknown_or_too_old_says_the_same() -> None:
    time = meeting()
    ask(time)
    link = link_in(mails(GITTE)[0])
    unknown = page(client_of(), reverse("signup:confirm", args=["findes-ikke"]), 404)
    token = link.strip("/").rsplit("/", 1)[-1]
    with time_machine.travel(NOW + timedelta(hours=49), tick=False):
        assert page(client_of(), link, 404).replace(token, "findes-ikke") == unknown
    assert "Linket virker ikke mere" in unknown


def test_without_a_link_there_is_nothing_to_confirm() -> None:
    assert client_of().get(reverse("signup:guest_answer")).status_code == 404
    assert client_of().post(reverse("signup:guest_answer")).status_code == 404
    assert client_of().get(reverse("signup:guest_sent")).status_code == 404


def test_opening_the_link_takes_no_seat_however_often() -> None:
    time = meeting()
    ask(time)
    link, client = link_in(mails(GITTE)[0]), client_of()
    for _filter in range(3):
        client.get(link, follow=True)
        client.head(link)
    assert not Participant.objects.exists()


def test_a_link_that_runs_out_while_the_page_stands_open_takes_no_seat() -> None:
    time, client = meeting(), client_of()
    ask(time)
    client.get(link_in(mails(GITTE)[0]), follow=True)
    with time_machine.travel(NOW + timedelta(hours=49), tick=False):
        assert client.post(reverse("signup:guest_answer")).status_code == 404
    assert not Participant.objects.exists()


def test_a_meeting_that_fills_up_meanwhile_puts_her_on_the_list() -> None:
    time = meeting(capacity=1)
    ask(time)
    joining.somebody(time)
    client = client_of()
    assert "Mødet er fuldt booket" in text_of(client.get(link_in(mails(GITTE)[0]), follow=True))
    assert "Du er på ventelisten" in text_of(client.post(reverse("signup:guest_answer"), follow=True))
    assert Participant.objects.get(email=GITTE).state == PlaceState.WAITING


def test_a_meeting_that_is_called_off_meanwhile_takes_nobody_and_says_why() -> None:
    time, client = meeting(), client_of()
    ask(time)
    client.get(link_in(mails(GITTE)[0]), follow=True)
    occurrence_cancel(actor=None, occurrence=time, reason="Underviseren er syg.")
    response = client.post(reverse("signup:guest_answer"))
    assert response.status_code == 409
    assert "Underviseren er syg." in text_of(response)
    assert not Participant.objects.exists()


def test_a_closed_sign_up_sends_no_mail() -> None:
    time = meeting(deadline=NOW + timedelta(hours=1))
    client = client_of()
    form = {**filled(client, guest_url(time)), "name": "Gitte", "email": GITTE}
    for moment in (NOW + timedelta(hours=2), START + timedelta(days=1)):
        with time_machine.travel(moment, tick=False):
            assert client.post(guest_url(time), form).status_code == 409
    assert not GuestWish.objects.exists()
    assert not mails()


def test_a_guest_who_cancelled_is_shown_so_by_the_old_link_and_can_sign_up_again() -> None:
    time = meeting()
    ask(time)
    link = link_in(mails(GITTE)[0])
    confirm(link)
    places_cancel(actor=None, sign_up=Participant.objects.get().sign_up)
    shown = text_of(confirm(link))
    assert "Din tilmelding er afmeldt" in shown
    assert guest_url(time) in shown
    assert not Participant.objects.active().exists()


def test_the_link_promises_no_longer_than_the_sign_up_is_open() -> None:
    time = meeting(deadline=NOW + timedelta(hours=2))
    ask(time)
    assert GuestWish.objects.get().expires_at == NOW + timedelta(hours=2)
