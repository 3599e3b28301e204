"""The organiser's view of the mails, and sending one again."""

from typing import Any

import pytest
import time_machine
from django.db import transaction

from events.api import occurrence_cancel
from events.letters.api import (
    LetterState,
    NotSentAgainError,
    afterwards,
    guest_confirm,
    letter_send_again,
    letters_of,
)
from events.letters.reminders import remind
from events.models import GuestWish, Letter
from portal.core.models import AuditEntry, OutboxMessage
from portal.seats.api import OfferingSpec, person_substitute, places_cancel
from tests.events.letters import (
    calendar_of,
    delivered,
    event_of,
    group,
    meeting,
    one,
    person,
    text_of,
    told,
)
from tests.factories.events import local

pytestmark = pytest.mark.django_db
NOW = local(2027, 4, 1, 12)


@pytest.fixture(autouse=True)
def _april() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def again(letter: Letter) -> Letter:
    """Send a letter again."""
    return letter_send_again(actor=None, letter=letter)


def failed(letter: Letter) -> None:
    """Let the mail give up."""
    OutboxMessage.objects.filter(key=letter.key).update(state="dead")


def test_sent_waiting_and_failed_are_told_apart_newest_first() -> None:
    made = meeting(capacity=3)
    for name in ("Anna", "Bo", "Carl"):
        one(made, name)
        if name == "Anna":
            delivered()
    failed(Letter.objects.get(email="bo@kommune.example"))
    rows = letters_of(made)
    assert [(row.name, row.state) for row in rows] == [
        ("Carl", LetterState.WAITING),
        ("Bo", LetterState.FAILED),
        ("Anna", LetterState.SENT),
    ]
    assert {row.kind for row in rows} == {"confirmed"}


def test_what_the_outbox_has_forgotten_was_sent() -> None:
    made = meeting()
    one(made)
    delivered()
    OutboxMessage.objects.all().delete()
    assert [row.state for row in letters_of(made)] == [LetterState.SENT]


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: Any) -> None:
    made = meeting(capacity=20)
    one(made)
    with django_assert_num_queries(2):
        letters_of(made)
    for number in range(9):
        one(made, f"P{number}")
    with django_assert_num_queries(2):
        assert len(letters_of(made)) == 10


def test_a_name_of_today_is_not_lent_to_a_mail_of_yesterday() -> None:
    made = meeting()
    sign_up = group(made, "Anna")
    delivered()
    person_substitute(actor=None, sign_up=sign_up, place=sign_up.participants.get().uuid, person=person("Bo"))
    names = {(row.email, row.name) for row in letters_of(made) if row.email.startswith("anna")}
    assert names == {("anna@kommune.example", "")}


def test_a_failed_mail_that_is_still_true_is_the_same_mail() -> None:
    one(meeting())
    letter = Letter.objects.get()
    failed(letter)
    assert again(letter) == letter
    [mail] = delivered()
    assert event_of(mail)["SEQUENCE"] == 0
    assert Letter.objects.count() == 1
    assert AuditEntry.objects.filter(action="letter.sent_again").count() == 1


def test_a_delivered_mail_is_written_anew_with_a_new_number_and_a_link_that_works() -> None:
    one(meeting())
    [first] = delivered()
    letter = Letter.objects.get()
    fresh = again(letter)
    assert again(letter) == fresh, "a second press finds the first one waiting"
    [mail] = delivered()
    assert (calendar_of(mail)["METHOD"], event_of(mail)["SEQUENCE"]) == ("REQUEST", 1)
    assert mail["Message-ID"] != first["Message-ID"]
    again(letter)
    [third] = delivered()
    assert event_of(third)["SEQUENCE"] == 2
    assert len(told()) == 3


def test_a_mail_that_is_sent_again_says_what_is_so_now() -> None:
    made = meeting(capacity=1)
    anna, _bo = one(made, "Anna"), one(made, "Bo")
    delivered()
    waiting = Letter.objects.get(kind="waiting")
    places_cancel(actor=None, sign_up=anna)
    delivered()
    assert again(waiting).kind == "confirmed"
    [mail] = delivered()
    assert "Du har en plads" in mail["Subject"]


def test_a_failed_mail_that_is_untrue_now_is_not_sent_as_it_was() -> None:
    made = meeting(seats=OfferingSpec(capacity=1))
    anna, _bo = one(made, "Anna"), one(made, "Bo")
    waiting = Letter.objects.get(kind="waiting")
    failed(waiting)
    places_cancel(actor=None, sign_up=anna)
    delivered()
    fresh = again(waiting)
    assert (fresh.kind, fresh != waiting) == ("confirmed", True)


@pytest.mark.parametrize("how", ["given_up", "another"])
def test_nobody_is_written_to_about_a_place_that_is_not_hers_any_more(how: str) -> None:
    made = meeting()
    sign_up = group(made, "Anna", "Carl")
    place = sign_up.participants.order_by("pk")[0]
    delivered()
    letter = Letter.objects.get(email="anna@kommune.example")
    if how == "given_up":
        places_cancel(actor=None, sign_up=sign_up, places=[place.uuid])
    else:
        person_substitute(actor=None, sign_up=sign_up, place=place.uuid, person=person("Bo"))
    delivered()
    count = Letter.objects.count()
    with pytest.raises(NotSentAgainError, match="ikke længere en plads"):
        again(letter)
    assert (delivered(), Letter.objects.count()) == ([], count)


def test_the_contact_s_sum_can_be_sent_again_until_nobody_is_left() -> None:
    sign_up = group(meeting(capacity=3), "Anna", "Bo")
    delivered()
    letter = Letter.objects.get(participant=None)
    again(letter)
    [mail] = delivered()
    assert (mail["To"], "Bo: Har en plads" in text_of(mail)) == ("karen@kommune.example", True)
    places_cancel(actor=None, sign_up=sign_up)
    with pytest.raises(NotSentAgainError):
        again(letter)


def test_a_goodbye_that_failed_is_still_true_and_goes_out_again() -> None:
    sign_up = one(meeting())
    delivered()
    places_cancel(actor=None, sign_up=sign_up)
    letter = Letter.objects.get(kind="given_up")
    failed(letter)
    assert again(letter) == letter
    [mail] = delivered()
    assert calendar_of(mail)["METHOD"] == "CANCEL"


def test_of_a_meeting_that_is_called_off_only_that_is_said() -> None:
    made = meeting()
    one(made)
    delivered()
    letter = Letter.objects.get()
    occurrence_cancel(actor=None, occurrence=made, reason="Syg.")
    delivered()
    letter.refresh_from_db()
    again(letter)
    [mail] = delivered()
    assert "aflyst" in mail["Subject"]
    assert calendar_of(mail) is None


def test_a_reminder_stays_a_reminder() -> None:
    one(meeting())
    delivered()
    with time_machine.travel(local(2027, 5, 10, 9), tick=False):
        remind()
        delivered()
        again(Letter.objects.get(kind="reminder"))
        remind()
        [mail] = delivered()
    assert "Påmindelse" in mail["Subject"]


# --- Guests, and those who came -----------------------------------------------------------------------------------------


def wish(**values: Any) -> GuestWish:
    """Return what a guest has asked for."""
    return GuestWish.objects.create(
        occurrence=meeting(),
        email="gaest@kommune.example",
        wish={"name": "Gæst"},
        token_hash="x",
        expires_at=local(2027, 4, 3, 12),
        **values,
    )


def test_a_guest_gets_one_link_and_no_file_before_she_has_a_seat() -> None:
    made = wish()
    with transaction.atomic():
        guest_confirm(wish=made, token="hemmeligt-ord")
        guest_confirm(wish=made, token="hemmeligt-ord")
    [mail] = delivered()
    assert mail["To"] == "gaest@kommune.example"
    assert "/tilmelding/gaest/bekraeft/hemmeligt-ord/" in text_of(mail)
    assert "lørdag 3. april 2027 kl. 12.00" in text_of(mail)
    assert "Du har ikke en plads endnu." in text_of(mail)
    assert calendar_of(mail) is None
    assert "hemmeligt-ord" not in str([row.payload for row in OutboxMessage.objects.filter(topic="mail")])


def test_a_guest_s_link_cannot_be_made_again_by_others() -> None:
    made = wish(language="en")
    letter = guest_confirm(wish=made, token="hemmeligt-ord")
    [mail] = delivered()
    assert mail["Subject"].strip().startswith("Confirm your sign-up")
    with pytest.raises(NotSentAgainError):
        again(letter)


def test_thanks_come_once_with_the_questions_and_change_no_calendar() -> None:
    made = meeting()
    place = one(made).participants.get()
    delivered()
    with time_machine.travel(local(2027, 5, 13, 9), tick=False):
        for _run in range(2):
            afterwards(occurrence=made, participant=place, pulse_url="https://portal.example/efter-moedet/abc/")
        [mail] = delivered()
    assert "https://portal.example/efter-moedet/abc/" in text_of(mail)
    assert calendar_of(mail) is None
    assert told()[-1] == ("afterwards", "anna")
