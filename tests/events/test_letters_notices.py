"""A mail for each change of a place: to whom, with which words, with which calendar file."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import translation

from events.letters.notices import on_notice
from events.models import Letter, PlaceLink
from portal.core.models import OutboxMessage
from portal.core.principal import Grant, Principal
from portal.core.roles import Role
from portal.seats.api import (
    Notice,
    OfferingSpec,
    Person,
    Reason,
    offer_accept,
    offer_decline,
    offering_save,
    offers_expire,
    places_cancel,
    places_move,
    sign_up_one,
    spec_of,
    waiting_leave,
)
from portal.workflows.api import Asker, Case, case_transition
from tests.events.letters import (
    START,
    calendar_of,
    calendar_part,
    delivered,
    event_of,
    group,
    html_of,
    meeting,
    one,
    person,
    queued,
    text_of,
    told,
)
from tests.factories.accounts import user
from tests.factories.events import EventPageFactory, local

pytestmark = pytest.mark.django_db
NOW = local(2027, 4, 1, 12)


@pytest.fixture(autouse=True)
def _april() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_whoever_gets_a_seat_gets_an_invitation_that_calendars_act_on() -> None:
    made = meeting()
    one(made)
    [mail] = delivered()
    assert (mail["To"], mail["Subject"]) == ("anna@kommune.example", "Du har en plads: Når samtalen bliver svær")
    assert "onsdag 12. maj 2027 kl. 15.30–17.30" in text_of(mail)
    assert "/tilmelding/link/" in text_of(mail)
    assert "Hej Anna" in html_of(mail)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert calendar_of(mail)["METHOD"] == "REQUEST"
    event = event_of(mail)
    assert event["UID"] == f"{made.uuid}@moeder.kompetenceportalen"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["DTSTART"].dt == dt.datetime(2027, 5, 12, 15, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
    assert str(event["ATTENDEE"]) == "mailto:anna@kommune.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert str(event["ORGANIZER"]).startswith("mailto:ingen-svar@")


def test_the_method_stands_in_the_mail_as_it_goes_over_the_wire() -> None:
    one(meeting())
    [mail] = delivered()
    part = calendar_part(mail)
    assert str(part["Content-Type"]) == 'text/calendar; charset="utf-8"; method="REQUEST"'
    assert b"METHOD:REQUEST" in part.get_payload(decode=True)


def test_who_waits_is_told_where_in_line_and_gets_no_invitation() -> None:
    made = meeting(capacity=1, seats=OfferingSpec(capacity=1, offer_hours=24, smaller_may_pass=True))
    one(made, "Anna")
    one(made, "Bo")
    one(made, "Carl")
    mails = delivered()
    assert [calendar_of(mail) is None for mail in mails] == [False, True, True]
    bo, carl = map(text_of, mails[1:])
    assert "Du er den næste i rækken." in bo
    assert "1 tilmelding er før din." in carl
    assert "24 timer" in carl
    assert "mindre tilmeldinger" in carl


def test_a_promoted_person_gets_one_mail_and_the_leaver_s_calendar_forgets() -> None:
    made = meeting(capacity=1)
    anna, _bo = one(made, "Anna"), one(made, "Bo")
    delivered()
    places_cancel(actor=None, sign_up=anna)
    mails = delivered()
    assert [(mail["To"].split("@")[0], calendar_of(mail)["METHOD"]) for mail in mails] == [
        ("anna", "CANCEL"),
        ("bo", "REQUEST"),
    ]
    assert event_of(mails[0])["STATUS"] == "CANCELLED"
    assert event_of(mails[0])["SEQUENCE"] == 1
    assert "ledig" in text_of(mails[1])
    assert told() == [("confirmed", "anna"), ("waiting", "bo"), ("given_up", "anna"), ("promoted", "bo")]


def test_nobody_reads_of_the_waiting_list_and_of_the_seat_in_the_same_minute() -> None:
    made = meeting(capacity=1)
    anna, _bo = one(made, "Anna"), one(made, "Bo")
    places_cancel(actor=None, sign_up=anna)
    subjects = [mail["Subject"].strip().split(":")[0] for mail in delivered() if mail["To"].startswith("bo@")]
    assert subjects == ["Du har fået en plads fra ventelisten"]
    assert ("waiting", "bo") not in told()


def test_an_offer_has_its_deadline_and_no_invitation_until_it_is_taken() -> None:
    made = meeting(seats=OfferingSpec(capacity=1, offer_hours=24))
    anna, bo = one(made, "Anna"), one(made, "Bo")
    delivered()
    places_cancel(actor=None, sign_up=anna)
    offer_mail = next(mail for mail in delivered() if mail["To"].startswith("bo@"))
    assert calendar_of(offer_mail) is None
    assert "fredag 2. april 2027 kl. 12.00" in text_of(offer_mail)
    offer_accept(actor=None, offer=bo.offers.get())
    [mail] = delivered()
    assert (mail["Subject"].strip().split(":")[0], calendar_of(mail)["METHOD"]) == ("Du har en plads", "REQUEST")


@pytest.mark.parametrize(("answer", "kind"), [("decline", "given_up"), ("expire", "lapsed")])
def test_an_offer_that_is_not_taken_is_said_once_and_cancels_no_calendar(answer: str, kind: str) -> None:
    made = meeting(seats=OfferingSpec(capacity=1, offer_hours=24))
    anna, bo = one(made, "Anna"), one(made, "Bo")
    places_cancel(actor=None, sign_up=anna)
    delivered()
    if answer == "decline":
        offer_decline(actor=None, offer=bo.offers.get())
        offer_decline(actor=None, offer=bo.offers.get())
    else:
        with time_machine.travel(NOW + dt.timedelta(hours=25), tick=False):
            offers_expire()
            offers_expire()
    with time_machine.travel(NOW + dt.timedelta(hours=25), tick=False):
        [mail] = delivered()
    assert told()[-1] == (kind, "bo")
    assert calendar_of(mail) is None


def test_leaving_the_line_cancels_no_calendar() -> None:
    made = meeting(capacity=1)
    one(made, "Anna")
    bo = one(made, "Bo")
    delivered()
    waiting_leave(actor=None, sign_up=bo)
    [mail] = delivered()
    assert "ikke længere på ventelisten" in text_of(mail)
    assert calendar_of(mail) is None


def test_a_file_for_the_same_receiver_has_a_higher_number_each_time() -> None:
    made = meeting()
    places_cancel(actor=None, sign_up=one(made))
    one(made)
    numbers = [event_of(mail)["SEQUENCE"] for mail in delivered()]
    assert numbers == [0, 1, 2]
    assert len({str(letter.key) for letter in Letter.objects.all()}) == 3


def test_moving_gives_one_mail_for_each_date() -> None:
    event = EventPageFactory.make(title="To gange", signup_here=True)
    here, there = meeting(event=event), meeting(event=event, starts_at=START + dt.timedelta(days=7))
    sign_up = one(here)
    delivered()
    places_move(actor=None, sign_up=sign_up, target=there.offering, key="flyt")
    found = {event_of(mail)["UID"]: calendar_of(mail)["METHOD"] for mail in delivered()}
    assert found == {
        f"{here.uuid}@moeder.kompetenceportalen": "CANCEL",
        f"{there.uuid}@moeder.kompetenceportalen": "REQUEST",
    }


def test_the_same_change_told_twice_is_one_mail() -> None:
    made = meeting()
    sign_up = one(made)
    place = sign_up.participants.get()
    before = OutboxMessage.objects.count()
    key = Letter.objects.get().key.rpartition(":")[0]
    notice = Notice(Reason.GIVEN, sign_up, (place,), key)
    with transaction.atomic():
        on_notice(notice)
        on_notice(notice)
    assert OutboxMessage.objects.count() == before
    assert len(delivered()) == 1


def test_an_act_that_fails_sends_nothing() -> None:
    made = meeting()

    class StoppedError(Exception):
        pass

    def failing() -> None:
        with transaction.atomic():
            one(made)
            raise StoppedError

    with pytest.raises(StoppedError):
        failing()
    assert (delivered(), Letter.objects.count(), PlaceLink.objects.count()) == ([], 0, 0)


def test_english_is_spoken_to_whoever_signed_up_in_english() -> None:
    made = meeting()
    with translation.override("en"):
        one(made)
    [mail] = delivered()
    assert mail["Subject"] == "You have a seat: Når samtalen bliver svær"
    assert "Wednesday 12 May 2027 at 15:30–17:30" in text_of(mail)
    assert "/en/tilmelding/link/" in text_of(mail)
    assert '<html lang="en">' in html_of(mail)


def test_the_closed_link_is_for_those_who_have_a_seat() -> None:
    made = meeting(capacity=1, online=True, participants_link="https://moede.example/hemmelig")
    one(made, "Anna")
    one(made, "Bo")
    group(made, "Carl")
    mails = {mail["To"].split("@")[0]: mail for mail in delivered()}
    assert "hemmelig" in text_of(mails["anna"])
    assert "hemmelig" in str(event_of(mails["anna"])["DESCRIPTION"])
    for receiver in ("bo", "carl", "karen"):
        assert "hemmelig" not in mails[receiver].as_string() + text_of(mails[receiver]) + html_of(mails[receiver])


def test_names_and_titles_cannot_break_out_of_a_header_a_line_or_a_tag() -> None:
    event = EventPageFactory.make(title='Møde <b>\r\nBcc: alle@x.example; "SÅ"', signup_here=True)
    one(meeting(event=event), person=Person('Ann "A;B:C" <script>', "ann@kommune.example"))
    [mail] = delivered()
    assert mail["Bcc"] is None
    assert "<script>" not in html_of(mail)
    assert "<b>" not in html_of(mail)
    assert "Ann" in event_of(mail)["ATTENDEE"].params["CN"]
    assert calendar_of(mail)["METHOD"] == "REQUEST"


def test_more_seats_tell_each_of_those_who_get_one() -> None:
    made = meeting(capacity=1)
    for name in ("Anna", "Bo", "Carl"):
        one(made, name)
    delivered()
    made.offering.refresh_from_db()
    spec = spec_of(made.offering)
    offering_save(actor=None, offering=made.offering, spec=type(spec)(**{**_fields(spec), "capacity": 3}))
    assert sorted(mail["To"].split("@")[0] for mail in delivered()) == ["bo", "carl"]


def _fields(spec: OfferingSpec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in spec.__dataclass_fields__}


def test_the_link_stands_in_no_row_once_the_mail_has_left() -> None:
    one(meeting())
    assert all(message.payload["secret"] for message in queued())
    delivered()
    [message] = OutboxMessage.objects.filter(topic="mail")
    assert "/tilmelding/link/" not in str(message.payload)
    assert "calendar" not in message.payload


def test_seats_of_something_else_send_no_mail_about_meetings() -> None:
    offering = offering_save(actor=None, spec=OfferingSpec(capacity=1))
    sign_up_one(actor=None, offering=offering, person=person("Anna"), key="kursus")
    assert (told(), queued()) == ([], [])


@pytest.mark.parametrize(
    ("answer", "kinds"), [("approve", ["pending", "confirmed"]), ("decline", ["pending", "refused"])]
)
def test_an_approval_is_awaited_and_answered_in_a_mail_each(answer: str, kinds: list[str]) -> None:
    made = meeting(seats=OfferingSpec(capacity=1, policy="organiser"))
    sign_up = one(made)
    [awaits] = delivered()
    assert "skal godkendes" in text_of(awaits)
    assert calendar_of(awaits) is None
    case = Case.objects.open().about(sign_up).get()
    person_who_answers = user("arrangoer@kommune.example")
    who = Asker(person_who_answers, Principal(person_who_answers.uuid, grants=(Grant(Role.ORGANISER.value),)))
    case_transition(asker=who, case=case, transition=answer, expected=case.number, comment="Derfor.")
    [mail] = delivered()
    assert [kind for kind, _receiver in told()] == kinds
    assert (calendar_of(mail) is not None) == (answer == "approve")


def test_whoever_is_approved_and_finds_no_seat_reads_of_the_line() -> None:
    made = meeting(seats=OfferingSpec(capacity=1, policy="organiser"))
    who = user("arrangoer@kommune.example")
    asker = Asker(who, Principal(who.uuid, grants=(Grant(Role.ORGANISER.value),)))
    for name in ("Anna", "Bo"):
        case = Case.objects.open().about(one(made, name)).get()
        case_transition(asker=asker, case=case, transition="approve", expected=case.number, comment="Derfor.")
    assert told() == [("confirmed", "anna"), ("waiting", "bo")], "what had not left is taken back"
