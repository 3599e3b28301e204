"""Groups, contacts and substitutes: who gets which mail, and nobody two of the same thing."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from events.api import Occurrence, occurrence_cancel, occurrence_save, occurrence_spec
from events.letters.notices import on_notice
from events.letters.reminders import remind
from events.models import PlaceLink
from portal.seats.api import (
    OfferingSpec,
    Person,
    SignUp,
    names_expire,
    names_fill,
    offer_accept,
    offer_decline,
    person_substitute,
    places_cancel,
)
from tests.events.letters import (
    calendar_of,
    delivered,
    group,
    meeting,
    one,
    person,
    text_of,
    told,
)
from tests.factories.events import local
from tests.seats.lines import told as told_notices

pytestmark = pytest.mark.django_db
NOW = local(2027, 4, 1, 12)


@pytest.fixture(autouse=True)
def _april() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_group_s_contact_gets_one_sum_and_each_person_her_own_mail() -> None:
    made = meeting(capacity=3)
    group(made, "Anna", "Bo", unnamed=1)
    mails = {mail["To"].split("@")[0]: mail for mail in delivered()}
    assert sorted(mails) == ["anna", "bo", "karen"]
    assert calendar_of(mails["karen"]) is None
    assert "Anna: Har en plads" in text_of(mails["karen"])
    assert "1 plads uden navn: Har en plads" in text_of(mails["karen"])
    assert "Du er blevet tilmeldt af Karen Kontakt." in text_of(mails["anna"])
    assert "Bo" not in text_of(mails["anna"])


def test_a_split_group_s_contact_gets_one_sum_of_both_parts() -> None:
    group(meeting(capacity=1), "Anna", "Bo", may_split=True)
    sums = [text_of(mail) for mail in delivered() if mail["To"].startswith("karen@")]
    assert len(sums) == 1
    assert "Anna: Har en plads" in sums[0]
    assert "Bo: På ventelisten" in sums[0]


def test_a_contact_who_comes_along_gets_one_mail_with_both_links() -> None:
    made = meeting(capacity=3)
    sign_up = group(made, "Anna", "Bo", contact_name="Anna", contact_email="anna@kommune.example")
    mails = {mail["To"].split("@")[0]: mail for mail in delivered()}
    assert sorted(mails) == ["anna", "bo"]
    assert text_of(mails["anna"]).count("/tilmelding/link/") == 2
    assert "Bo: Har en plads" in text_of(mails["anna"])
    assert text_of(mails["bo"]).count("/tilmelding/link/") == 1
    assert PlaceLink.objects.filter(sign_up=sign_up, participant=None).count() == 1


def test_who_is_signed_up_by_somebody_else_is_told_by_whom_and_both_get_a_mail() -> None:
    one(meeting(), contact_name="Karen Kontakt", contact_email="karen@kommune.example")
    assert told() == [("confirmed", "anna"), ("confirmed", "karen")]


def test_six_names_written_at_once_are_one_sum_for_the_contact() -> None:
    made = meeting(capacity=6)
    sign_up = group(made, unnamed=6)
    delivered()
    slots = sign_up.participants.order_by("pk")
    with transaction.atomic():
        names_fill(
            actor=None, sign_up=sign_up, names={slot.uuid: person(f"P{number}") for number, slot in enumerate(slots)}
        )
    receivers = sorted(mail["To"].split("@")[0] for mail in delivered())
    assert receivers == ["karen", "p0", "p1", "p2", "p3", "p4", "p5"]


def test_names_that_do_not_come_are_said_to_the_contact_alone() -> None:
    made = meeting(seats=OfferingSpec(capacity=6, names_by=NOW + dt.timedelta(hours=1)))
    group(made, unnamed=2)
    delivered()
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        names_expire()
        [mail] = delivered()
    assert mail["To"] == "karen@kommune.example"
    assert "2 pladser uden navne" in text_of(mail)


def test_a_substitute_gets_the_invitation_and_the_former_one_her_goodbye() -> None:
    made = meeting()
    sign_up = group(made, "Anna")
    delivered()
    person_substitute(actor=None, sign_up=sign_up, place=sign_up.participants.get().uuid, person=person("Bo"))
    mails = {mail["To"].split("@")[0]: mail for mail in delivered()}
    assert sorted(mails) == ["anna", "bo", "karen"]
    assert calendar_of(mails["anna"])["METHOD"] == "CANCEL"
    assert calendar_of(mails["bo"])["METHOD"] == "REQUEST"
    assert "Bo" not in text_of(mails["anna"])
    assert "/tilmelding/link/" not in text_of(mails["anna"])
    assert "Du har overtaget pladsen fra Anna." in text_of(mails["bo"])


def test_a_substitute_that_is_told_of_twice_is_one_goodbye_and_one_welcome() -> None:
    made = meeting()
    sign_up = group(made, "Anna")
    delivered()
    place = sign_up.participants.get()
    with told_notices() as notices:
        person_substitute(actor=None, sign_up=sign_up, place=place.uuid, person=person("Bo"))
    with transaction.atomic():
        on_notice(notices[0])
    assert sorted(mail["To"].split("@")[0] for mail in delivered()) == ["anna", "bo", "karen"]


def test_what_had_not_left_to_a_former_person_is_taken_back() -> None:
    made = meeting()
    sign_up = group(made, "Anna")
    person_substitute(actor=None, sign_up=sign_up, place=sign_up.participants.get().uuid, person=person("Bo"))
    subjects = [mail["Subject"].strip().split(":")[0] for mail in delivered() if mail["To"].startswith("anna@")]
    assert subjects == ["Din tilmelding er afmeldt"]


def test_a_name_that_was_spelled_wrong_sends_no_mail() -> None:
    made = meeting()
    sign_up = group(made, "Anna")
    delivered()
    mended = Person("Anna Berg", "anna@kommune.example")
    person_substitute(actor=None, sign_up=sign_up, place=sign_up.participants.get().uuid, person=mended)
    assert delivered() == []


def test_who_gave_her_own_place_away_is_not_written_to_about_it_again() -> None:
    made = meeting()
    sign_up = one(made)
    person_substitute(actor=None, sign_up=sign_up, place=sign_up.participants.get().uuid, person=person("Bo"))
    delivered()
    occurrence_cancel(actor=None, occurrence=made, reason="Underviseren er syg.")
    assert not [mail for mail in delivered() if mail["To"].startswith("anna@")]


def test_a_large_group_costs_each_of_its_people_the_same_few_queries() -> None:
    made = meeting(capacity=None)
    costs = []
    for size in (10, 60):
        with CaptureQueriesContext(connection) as few:
            group(made, *(f"P{size}x{number}" for number in range(size)))
        costs.append(len(few) / size)
    assert costs[1] <= costs[0]
    assert costs[1] < 16


def test_the_contact_s_subject_speaks_of_the_group() -> None:
    made = meeting(capacity=1)
    group(made, "Anna")
    group(made, "Bo", contact_email="lis@kommune.example")
    subjects = {mail["To"].split("@")[0]: mail["Subject"].strip() for mail in delivered()}
    assert subjects["karen"] == "Der er plads til din tilmelding: Når samtalen bliver svær"
    assert subjects["lis"] == "Din gruppe er på ventelisten: Når samtalen bliver svær"


# --- An open offer, whatever else is said -------------------------------------------------------------------------------

BY = "Svar inden lørdag 3. april 2027 kl. 12.00"


def offered(
    *names: str, unnamed: int = 0, spec: OfferingSpec | None = None, **values: Any
) -> tuple[Occurrence, SignUp]:
    """Return a meeting and a group that has an offer, of which its contact has not got the mail."""
    size = len(names) + unnamed
    made = meeting(seats=replace(spec or OfferingSpec(), capacity=size, offer_hours=48))
    first = group(made, *(f"F{number}" for number in range(size)), contact_email="lis@kommune.example")
    sign_up = group(made, *names, unnamed=unnamed, **values)
    delivered()
    places_cancel(actor=None, sign_up=first)
    return made, sign_up


def to_contact(name: str = "karen") -> list[EmailMessage]:
    return [mail for mail in delivered() if mail["To"].startswith(f"{name}@")]


def change(made: Occurrence, **values: Any) -> None:
    made.refresh_from_db()
    occurrence_save(actor=None, occurrence=made, spec=replace(occurrence_spec(made), **values))


def one_less(made: Occurrence, sign_up: SignUp) -> None:
    places_cancel(actor=None, sign_up=sign_up, places=[sign_up.participants.order_by("pk")[0].uuid])


def another(made: Occurrence, sign_up: SignUp) -> None:
    place = sign_up.participants.order_by("pk")[0]
    person_substitute(actor=None, sign_up=sign_up, place=place.uuid, person=person("Dorte"))


@pytest.mark.parametrize(
    ("act", "names", "count"),
    [
        (one_less, "Bo, Carl", 1),
        (another, "Dorte, Bo, Carl", 1),
        (lambda made, sign_up: change(made, place="Ny sal"), "Anna, Bo, Carl", 2),
    ],
)
def test_what_is_newer_takes_no_offer_from_the_contact(
    act: Callable[[Occurrence, SignUp], None], names: str, count: int
) -> None:
    made, sign_up = offered("Anna", "Bo", "Carl")
    act(made, sign_up)
    mails = to_contact()
    assert len(mails) == count
    [mail] = [mail for mail in mails if BY in text_of(mail)]
    assert f"Der er pladser til: {names}. Sig ja eller nej" in text_of(mail)
    assert "/tilmelding/link/" in text_of(mail)


def test_the_question_for_names_leaves_the_offer_alone() -> None:
    names_by = NOW + dt.timedelta(days=4)
    offered("Anna", unnamed=1, spec=OfferingSpec(names_by=names_by))
    with time_machine.travel(names_by - dt.timedelta(days=2, hours=23), tick=False):
        remind()
        texts = [text_of(mail) for mail in to_contact()]
    assert len(texts) == 2
    assert BY in texts[0]
    assert "1 plads har ikke fået et navn endnu." in texts[1]


@pytest.mark.parametrize("away", [1, 30])
def test_an_offer_outlives_a_cancelled_meeting_with_its_new_deadline(away: int) -> None:
    made, sign_up = offered("Anna", "Bo")
    occurrence_cancel(actor=None, occurrence=made, reason="Underviseren er syg.")
    assert [BY in text_of(mail) for mail in to_contact()] == [False]
    with time_machine.travel(NOW + dt.timedelta(hours=away), tick=False):
        change(made, cancelled=False, cancel_reason="")
        texts = [text_of(mail) for mail in delivered() if mail["To"].split("@")[0] in ("karen", "anna")]
    deadline = sign_up.offers.get().deadline.astimezone(NOW.tzinfo)
    assert deadline == NOW + dt.timedelta(hours=48 + away)
    told_until = [text for text in texts if f" {'lørdag 3' if away == 1 else 'søndag 4'}. april" in text]
    assert len(texts) == 4
    assert len(told_until) == 2
    assert all(f"kl. {deadline:%H.%M}" in text for text in told_until)


def test_a_contact_who_gives_up_her_own_place_still_reads_of_the_others_offer() -> None:
    made, sign_up = offered("Anna", "Bo", contact_name="Anna", contact_email="anna@kommune.example")
    one_less(made, sign_up)
    [mail] = to_contact("anna")
    assert BY in text_of(mail)
    assert "Der er pladser til: Bo. Sig ja eller nej" in text_of(mail)
    assert "tilmelding" in text_of(mail)


@pytest.mark.parametrize("answer", [offer_accept, offer_decline])
def test_an_answered_offer_is_not_spoken_of_again(answer: Callable[..., Any]) -> None:
    made, sign_up = offered("Anna", "Bo")
    answer(actor=None, offer=sign_up.offers.get())
    if answer is offer_accept:
        one_less(made, sign_up)
    texts = [text_of(mail) for mail in to_contact()]
    assert texts
    assert not [text for text in texts if "Svar inden" in text or "Sig ja eller nej" in text]
