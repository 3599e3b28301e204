"""Signing up for a meeting by account: the form, what it refuses, and that one wish is one place."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from events.api import Occurrence, occurrence_cancel
from events.models import Answer, ListConsent
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.seats.api import Participant, PlaceState, SignUp, breaches, places_cancel
from tests.events import joining
from tests.events.joining import (
    NOW,
    START,
    client_of,
    filled,
    mails,
    meeting,
    page,
    person_url,
    question,
    somebody,
    text_of,
)
from tests.factories import accounts, organisations
from tests.factories.events import occurrence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
    assert not list(breaches())


def send(user: Any, time: Occurrence, **values: Any) -> Any:
    """Fill in the form as it stands and send it."""
    client = client_of(user)
    return client.post(person_url(time), {**filled(client, person_url(time)), **values})


def place(time: Occurrence) -> Participant:
    """Return the one place there is."""
    return Participant.objects.get(offering=time.offering)


def test_an_employee_signs_up_with_the_unit_she_works_in() -> None:
    time, unit = meeting(), organisations.unit()
    user = accounts.employee(unit)
    response = send(user, time)
    made = place(time)
    assert response.status_code == 302
    assert response["Location"] == reverse("signup:place", args=[made.uuid])
    assert (made.user, made.email, made.state) == (user, user.email, PlaceState.BOOKED)
    assert (made.sign_up.unit, made.sign_up.municipality, made.sign_up.is_group) == (unit, unit.municipality, False)
    assert "Du har en plads" in page(client_of(user), response["Location"])


def test_who_has_no_membership_may_say_where_she_works_or_nothing() -> None:
    time, user = meeting(), accounts.user()
    send(user, time)
    assert place(time).sign_up.municipality is None
    other = meeting()
    send(user, other, workplace="0461")
    assert place(other).sign_up.municipality == organisations.municipality("0461")


def test_another_municipality_than_ones_own_is_refused() -> None:
    time = meeting()
    response = send(accounts.employee(organisations.unit()), time, workplace="0101")
    assert response.status_code == 400
    assert "Vælg en kommune på listen." in text_of(response)
    assert not SignUp.objects.exists()


def test_an_account_without_a_name_is_asked_for_one() -> None:
    time, user = meeting(), accounts.user(first_name="", last_name="")
    response = send(user, time, name="")
    assert response.status_code == 400
    assert "Skriv dit navn." in text_of(response)


def test_an_account_without_an_address_takes_nobody_elses() -> None:
    time, user = meeting(), accounts.user()
    type(user).objects.filter(pk=user.pk).update(email=None)
    assert "Din konto har ingen e-mailadresse" in page(client_of(user), person_url(time))
    assert send(user, time, name="Kim Ny", email="vera@kommune.example").status_code == 302
    assert (place(time).name, place(time).email) == ("Kim Ny", None)
    assert not mails("vera@kommune.example")


def test_a_name_of_five_hundred_characters_is_refused_and_kept() -> None:
    time, name = meeting(), "Kim " * 125
    response = send(accounts.user(), time, name=name, workplace="0461")
    assert response.status_code == 400
    assert "Navnet er for langt: Skriv højst 120 tegn." in text_of(response)
    assert name in text_of(response)
    assert not SignUp.objects.exists()


def test_a_guest_is_asked_to_log_in_and_comes_back() -> None:
    time = meeting()
    response = client_of().get(person_url(time))
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={person_url(time)}")


def test_an_unknown_meeting_and_one_without_sign_up_here_are_not_there() -> None:
    client, elsewhere = client_of(accounts.user()), occurrence()
    for uuid in (elsewhere.uuid, "00000000-0000-4000-8000-000000000000"):
        assert client.get(reverse("signup:person", args=[uuid])).status_code == 404
        assert client.post(reverse("signup:person", args=[uuid])).status_code == 404


# --- Questions and the list ------------------------------------------------------------------------------------------


def test_answers_and_consent_are_kept_with_the_place_and_their_words_stay_out_of_the_audit() -> None:
    time = meeting(asks_list=True)
    asked = question(time, required=True)
    send(accounts.user(), time, **{f"question_{asked.uuid}": "Samtaler", "shown": "participants"})
    made = place(time)
    assert Answer.objects.get(participant=made).value == "Samtaler"
    assert ListConsent.objects.get(participant=made).shown == "participants"
    said = "".join(str(entry.after) + entry.object_label for entry in AuditEntry.objects.all())
    assert "Samtaler" not in said
    assert made.name not in said


def test_a_required_question_without_an_answer_is_refused_at_its_field() -> None:
    time = meeting()
    asked = question(time, required=True)
    response = send(accounts.user(), time)
    assert response.status_code == 400
    assert response.context["form"].errors[f"question_{asked.uuid}"] == ["Vælg et svar."]
    assert not SignUp.objects.exists()


def test_without_a_choice_nobody_sees_her_on_the_list() -> None:
    time = meeting(asks_list=True)
    send(accounts.user(), time)
    assert not ListConsent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [
        ("yes_no", "yes", True),
        ("yes_no", "måske", False),
        ("number", "3", True),
        ("number", "-3", False),
        ("number", "99999", False),
        ("text", "x" * 200, True),
        ("text", "x" * 201, False),
        ("choice", "Breve", True),
        ("choice", "Kaffe", False),
    ],
)
def test_each_kind_of_question_takes_its_own_answers(kind: str, value: str, good: bool) -> None:
    time = meeting()
    asked = question(time, kind=kind)
    response = send(accounts.user(), time, **{f"question_{asked.uuid}": value})
    assert response.status_code == (302 if good else 400)
    assert Answer.objects.filter(value=value).exists() is good


# --- One wish is one place -------------------------------------------------------------------------------------------


def test_a_double_click_and_the_back_button_lead_to_the_same_place() -> None:
    time, user = meeting(), accounts.user()
    client = client_of(user)
    form = filled(client, person_url(time))
    first, second = client.post(person_url(time), form), client.post(person_url(time), form)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        late = client.post(person_url(time), form)
    assert first["Location"] == second["Location"] == late["Location"]
    assert SignUp.objects.count() == Participant.objects.count() == 1
    assert len(joining.mails(user.email)) == 1


def test_yesterdays_tab_does_not_undo_todays_answers() -> None:
    time, user = meeting(), accounts.user()
    asked = question(time)
    client = client_of(user)
    name = f"question_{asked.uuid}"
    form = {**filled(client, person_url(time)), name: "Breve"}
    client.post(person_url(time), form)
    client.post(joining.place_url_of(place(time), "answers"), {name: "Samtaler"})
    client.post(person_url(time), form)
    assert Answer.objects.get().value == "Samtaler"


def test_a_form_that_is_sent_again_after_cancelling_leads_to_the_cancelled_place() -> None:
    time, user = meeting(), accounts.user()
    client = client_of(user)
    form = filled(client, person_url(time))
    client.post(person_url(time), form)
    places_cancel(actor=user, sign_up=place(time).sign_up)
    response = client.post(person_url(time), form, follow=True)
    assert "Din tilmelding er afmeldt" in text_of(response)
    assert "Tilmeld dig igen" in text_of(response)
    assert not Participant.objects.active().exists()


def test_a_used_form_with_other_words_gets_a_new_key_and_keeps_what_was_typed() -> None:
    time, user = meeting(), accounts.user()
    client = client_of(user)
    form = filled(client, person_url(time))
    client.post(person_url(time), form)
    places_cancel(actor=user, sign_up=place(time).sign_up)
    response = client.post(person_url(time), {**form, "name": "Kim Nyt Navn"})
    assert response.status_code == 409
    assert "Formularen er allerede brugt. Tjek det, du har skrevet" in text_of(response)
    again = response.context["form"]
    assert again["name"].value() == "Kim Nyt Navn"
    assert again["key"].value() != form["key"]
    data = {name: again[name].value() or "" for name in again.fields}
    assert client.post(person_url(time), data).status_code == 302
    assert Participant.objects.active().get().name == "Kim Nyt Navn"


@pytest.mark.parametrize("key", ["", "x" * 200, "guest:1"])
def test_a_missing_or_forged_key_takes_no_seat_that_is_anothers(key: str) -> None:
    time = meeting()
    response = send(accounts.user(), time, key=key)
    assert response.status_code in (302, 400)
    assert Participant.objects.active().count() <= 1
    if response.status_code == 400:
        assert not SignUp.objects.exists()
        assert len(response.context["form"]["key"].value()) == 32


def test_another_ones_key_opens_nothing() -> None:
    time, first, second = meeting(), accounts.user(), accounts.user("anden@hk.example")
    form = filled(client_of(first), person_url(time))
    client_of(first).post(person_url(time), form)
    response = client_of(second).post(person_url(time), {**form, "name": "Anden"})
    assert response.status_code == 409
    assert Participant.objects.get().user == first
    assert place(time).name not in text_of(response)


def test_who_has_a_place_is_led_to_it() -> None:
    time, user = meeting(), accounts.user()
    form = filled(client_of(user), person_url(time))
    send(user, time)
    shown = page(client_of(user), person_url(time))
    assert "Du er allerede tilmeldt" in shown
    assert joining.place_url_of(place(time)) in shown
    assert client_of(user).post(person_url(time), {**form, "key": "en-ny"}).status_code == 409
    assert Participant.objects.count() == 1


# --- The door ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "seats", "said"),
    [
        (START + timedelta(hours=3), {}, "Mødet er afholdt"),
        (START + timedelta(minutes=5), {}, "Mødet er begyndt"),
        (NOW, {"deadline": NOW - timedelta(days=1)}, "Tilmeldingsfristen er overskredet"),
        (NOW, {"opens_at": NOW + timedelta(days=1)}, "Tilmeldingen er ikke åbnet endnu"),
    ],
)
def test_a_meeting_that_takes_nobody_says_why_and_writes_nothing(at: Any, seats: dict[str, Any], said: str) -> None:
    time, user = meeting(**seats), accounts.user()
    with time_machine.travel(at, tick=False):
        shown = page(client_of(user), person_url(time))
        assert said in shown
        assert '<form method="post" action="/tilmelding' not in shown
        response = client_of(user).post(person_url(time), {"key": "x", "name": "Kim"})
    assert response.status_code in (400, 409)
    assert not SignUp.objects.exists()


def test_a_meeting_that_is_called_off_says_so_and_why() -> None:
    time, user = meeting(), accounts.user()
    occurrence_cancel(actor=None, occurrence=time, reason="Underviseren er syg.")
    shown = page(client_of(user), person_url(time))
    assert "Underviseren er syg." in shown
    assert client_of(user).post(person_url(time), {"key": "x", "name": "Kim"}).status_code == 409
    assert not SignUp.objects.exists()


def test_a_full_meeting_says_so_before_and_puts_her_on_the_list() -> None:
    time, user = meeting(capacity=1, offer_hours=48), accounts.user()
    somebody(time)
    somebody(time)
    shown = page(client_of(user), person_url(time))
    assert "Mødet er fuldt booket" in shown
    assert "1 person på ventelisten." in shown
    assert "48 timer til at svare" in shown
    response = send(user, time)
    assert "Der står 1 tilmelding før din." in page(client_of(user), response["Location"])


def test_a_policy_of_the_municipality_asks_for_one() -> None:
    time, user = meeting(policy="municipality"), accounts.user()
    response = send(user, time, workplace="")
    assert response.status_code == 400
    assert response.context["form"].errors["workplace"]
    assert not SignUp.objects.exists()


# --- The manager comes along -------------------------------------------------------------------------------------------


def test_a_manager_who_comes_along_has_a_place_and_a_mail_of_her_own() -> None:
    time, user = meeting(), accounts.employee(organisations.unit())
    response = send(user, time, manager_name="Lis Leder", manager_email="Lis@Kommune.example")
    made = SignUp.objects.get()
    assert made.is_group
    assert (made.contact_name, made.contact_email) == (user.get_full_name(), user.email)
    assert [row.email for row in made.participants.order_by("pk")] == [user.email, "lis@kommune.example"]
    assert response["Location"] == joining.place_url_of(made.participants.order_by("pk")[0])
    assert joining.mails("lis@kommune.example")


def test_the_two_wait_together_when_there_is_one_seat() -> None:
    time = meeting(capacity=2)
    somebody(time)
    send(accounts.user(), time, manager_name="Lis Leder", manager_email="lis@kommune.example")
    states = SignUp.objects.get(is_group=True).participants.values_list("state", flat=True)
    assert set(states) == {PlaceState.WAITING}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"manager_name": "Lis"}, "manager_email"),
        ({"manager_email": "lis@kommune.example"}, "manager_name"),
        ({"manager_name": "Lis", "manager_email": "lis"}, "manager_email"),
        ({"manager_name": "Lis", "manager_email": "kim@hk.example"}, "manager_email"),
        ({"manager_name": "L" * 500, "manager_email": "lis@kommune.example"}, "manager_name"),
    ],
)
def test_what_is_wrong_about_the_manager_stands_at_her_fields(values: dict[str, str], field: str) -> None:
    response = send(accounts.user(), meeting(), **values)
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert '<details class="details" open>' in text_of(response)
    assert not SignUp.objects.exists()


def test_whether_the_manager_has_a_place_is_not_told() -> None:
    time = meeting()
    somebody(time, "Lis Leder")
    response = send(accounts.user(), time, manager_name="En Anden", manager_email="lis.leder@kommune.example")
    assert response.status_code == 409
    assert "har allerede" not in text_of(response)
    assert list(response.context["form"].errors) == ["manager_email"]
    assert SignUp.objects.count() == 1


@pytest.mark.parametrize("by_account", [True, False])
def test_who_has_a_place_herself_learns_nothing_about_the_manager(by_account: bool) -> None:
    time, user = meeting(), accounts.user("mig.selv@kommune.example", first_name="Mig", last_name="Selv")
    if by_account:
        joining.hers(user, time)
    else:
        somebody(time, "Mig Selv")
    somebody(time, "Lis Leder")
    said = []
    for email in ("lis.leder@kommune.example", "ingen@kommune.example"):
        sent = {"key": "k" * 32, "name": "Mig Selv", "workplace": ""}
        data = {**sent, "manager_name": "Lis Leder", "manager_email": email}
        response = client_of(user).post(person_url(time), data)
        said.append((response.status_code, dict(response.context["form"].errors)))
    assert said[0] == said[1]
    assert said[0] == (409, {"__all__": ["Du har allerede en plads til dette møde, så ingen er blevet tilmeldt."]})
    assert Participant.objects.count() == 2


def test_a_manager_of_the_portal_signs_herself_up_with_her_unit() -> None:
    time, unit = meeting(), organisations.unit()
    send(accounts.holder(Role.MANAGER, unit=unit), time)
    assert place(time).sign_up.unit == unit
