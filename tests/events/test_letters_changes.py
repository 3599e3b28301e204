"""A meeting that is changed, called off, or held after all: who is told what, and what their calendars do."""

from dataclasses import replace
from typing import Any

import pytest
import time_machine

from events.api import Occurrence, occurrence_cancel, occurrence_save, occurrence_spec
from events.models import Letter
from portal.seats.api import OfferingSpec, places_cancel
from tests.events.letters import (
    START,
    calendar_of,
    delivered,
    event_of,
    group,
    meeting,
    one,
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


def change(made: Occurrence, **values: Any) -> Occurrence:
    """Change a meeting's time."""
    made.refresh_from_db()
    return occurrence_save(actor=None, occurrence=made, spec=replace(occurrence_spec(made), **values))


def by_receiver() -> dict[str, Any]:
    """Return what has been delivered, by receiver; nobody gets two."""
    mails = delivered()
    found = {mail["To"].split("@")[0]: mail for mail in mails}
    assert len(found) == len(mails)
    return found


def test_a_new_time_is_told_with_what_was_and_what_is_now() -> None:
    made = meeting(capacity=1)
    one(made, "Anna")
    one(made, "Bo")
    delivered()
    change(made, starts_at=local(2027, 5, 13, 16), ends_at=local(2027, 5, 13, 18), place="Biblioteket")
    mails = by_receiver()
    assert sorted(mails) == ["anna", "bo"]
    for name, said in (("anna", "Du har stadig din plads."), ("bo", "Du står stadig på ventelisten.")):
        text = text_of(mails[name])
        assert said in text
        assert "Tid: var onsdag 12. maj 2027 kl. 15.30–17.30, er nu torsdag 13. maj 2027 kl. 16.00–18.00" in text
        assert "Sted: var Rådhuset, Odense, er nu Biblioteket, Odense" in text
    assert calendar_of(mails["bo"]) is None
    event = event_of(mails["anna"])
    assert (calendar_of(mails["anna"])["METHOD"], event["SEQUENCE"]) == ("REQUEST", 1)
    assert event["DTSTART"].dt == local(2027, 5, 13, 16)


def test_what_concerns_nobody_s_calendar_sends_nothing() -> None:
    made = meeting()
    one(made)
    delivered()
    change(made, access_notes="Elevator til 2. sal.")
    change(made, keep_days=90)
    assert delivered() == []


def test_a_closed_link_is_told_to_those_who_have_a_seat_alone() -> None:
    made = meeting(capacity=1, online=True, participants_link="https://moede.example/gammel")
    one(made, "Anna")
    one(made, "Bo")
    group(made, "Carl")
    delivered()
    change(made, participants_link="https://moede.example/ny")
    [mail] = delivered()
    assert mail["To"].startswith("anna@")
    assert "https://moede.example/ny" in text_of(mail)
    assert "gammel" not in text_of(mail)


def test_the_number_passes_the_meeting_s_own_and_never_falls_back() -> None:
    made = meeting()
    sign_up = one(made)
    change(made, place="Salen")
    change(made, place="Gården")
    places_cancel(actor=None, sign_up=sign_up)
    one(made)
    assert [event_of(mail)["SEQUENCE"] for mail in delivered()] == [0, 1, 2, 3, 4]


def test_a_late_comer_starts_at_the_meeting_s_own_number() -> None:
    made = meeting()
    change(made, place="Salen")
    made.refresh_from_db()
    one(made)
    [mail] = delivered()
    assert event_of(mail)["SEQUENCE"] == 1


def test_a_group_is_told_each_and_its_contact_once() -> None:
    made = meeting(capacity=3)
    group(made, "Anna", "Bo", unnamed=1)
    delivered()
    change(made, place="Salen")
    mails = by_receiver()
    assert sorted(mails) == ["anna", "bo", "karen"]
    assert "Salen" in text_of(mails["karen"])
    assert calendar_of(mails["karen"]) is None


def test_who_has_given_up_is_told_nothing() -> None:
    made = meeting()
    places_cancel(actor=None, sign_up=one(made))
    delivered()
    change(made, place="Salen")
    occurrence_cancel(actor=None, occurrence=made, reason="Underviseren er syg.")
    assert delivered() == []


def test_called_off_takes_it_out_of_the_calendars_and_says_why() -> None:
    made = meeting(capacity=1)
    one(made, "Anna")
    one(made, "Bo")
    delivered()
    occurrence_cancel(actor=None, occurrence=made, reason="Underviseren er syg.")
    mails = by_receiver()
    assert sorted(mails) == ["anna", "bo"]
    assert "Arrangøren skriver: Underviseren er syg." in text_of(mails["bo"])
    assert calendar_of(mails["bo"]) is None
    assert (calendar_of(mails["anna"])["METHOD"], event_of(mails["anna"])["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event_of(mails["anna"])["SEQUENCE"] == 1


def test_cancelling_twice_is_told_once() -> None:
    made = meeting()
    one(made)
    delivered()
    occurrence_cancel(actor=None, occurrence=made, reason="Underviseren er syg.")
    made.refresh_from_db()
    occurrence_cancel(actor=None, occurrence=made, reason="En anden grund.")
    assert len(delivered()) == 1


def test_back_on_puts_it_into_the_calendars_again() -> None:
    made = meeting()
    one(made)
    occurrence_cancel(actor=None, occurrence=made, reason="Underviseren er syg.")
    delivered()
    change(made, cancelled=False, cancel_reason="")
    [mail] = delivered()
    assert told()[-1] == ("back_on", "anna")
    assert (calendar_of(mail)["METHOD"], event_of(mail)["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert event_of(mail)["SEQUENCE"] == 2


def test_called_off_twice_is_told_twice_with_a_mail_between() -> None:
    made = meeting()
    one(made)
    for reason in ("Syg.", "Syg igen."):
        made.refresh_from_db()
        occurrence_cancel(actor=None, occurrence=made, reason=reason)
        change(made, cancelled=False, cancel_reason="")
    methods = [calendar_of(mail)["METHOD"] for mail in delivered()]
    assert methods == ["REQUEST", "CANCEL", "REQUEST", "CANCEL", "REQUEST"]


def test_leaving_a_meeting_that_is_called_off_cancels_no_calendar_twice() -> None:
    made = meeting()
    sign_up = one(made)
    occurrence_cancel(actor=None, occurrence=made, reason="Syg.")
    delivered()
    places_cancel(actor=None, sign_up=sign_up)
    [mail] = delivered()
    assert calendar_of(mail) is None


def test_a_meeting_of_last_week_is_mended_in_silence() -> None:
    made = meeting()
    one(made)
    delivered()
    with time_machine.travel(local(2027, 5, 20, 12), tick=False):
        change(made, place="Salen")
        occurrence_cancel(actor=None, occurrence=made, reason="Den blev aldrig holdt.")
        assert delivered() == []
    assert Letter.objects.count() == 1


def test_the_offer_and_the_change_speak_for_themselves() -> None:
    made = meeting(seats=OfferingSpec(capacity=1, offer_hours=48))
    anna, _bo = one(made, "Anna"), one(made, "Bo")
    places_cancel(actor=None, sign_up=anna)
    delivered()
    change(made, place="Salen", starts_at=START, ends_at=local(2027, 5, 12, 18))
    [mail] = delivered()
    assert "Husk at svare på det." in text_of(mail)


def test_a_change_does_not_take_back_what_somebody_has_not_been_told_yet() -> None:
    made = meeting(seats=OfferingSpec(capacity=1, offer_hours=48))
    anna, _bo, _carl = one(made, "Anna"), one(made, "Bo"), one(made, "Carl")
    places_cancel(actor=None, sign_up=anna)
    change(made, place="Salen")
    kinds = [letter.kind for letter in Letter.objects.order_by("pk") if not letter.email.startswith("anna")]
    assert kinds == ["waiting", "offer", "changed", "changed"]
    assert sorted(mail["To"].split("@")[0] for mail in delivered() if not mail["To"].startswith("anna")) == [
        *("bo", "bo", "carl", "carl")
    ]


def test_who_has_an_offer_is_told_when_a_change_shortens_it_and_only_then() -> None:
    made = meeting(seats=OfferingSpec(capacity=1, offer_hours=48))
    anna, _bo = one(made, "Anna"), one(made, "Bo")
    places_cancel(actor=None, sign_up=anna)
    delivered()
    change(made, place="Salen")
    assert len(delivered()) == 1
    change(made, starts_at=local(2027, 4, 2, 9), ends_at=local(2027, 4, 2, 12))
    subjects = {mail["Subject"].strip().split(":")[0]: text_of(mail) for mail in delivered()}
    assert sorted(subjects) == ["Du får tilbudt en plads", "Mødet er ændret"]
    assert "Svar inden fredag 2. april 2027 kl. 09.00" in subjects["Du får tilbudt en plads"]
