"""The three questions: who is asked, once each, and that nothing in the database says who answered what."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from events.models import Attendance, Letter, Occurrence, PulseAnswer, PulseResult, PulseTicket
from events.pulse.afterwards import afterwards_send
from events.pulse.selectors import pulse_screen
from events.pulse.services import figures_of, pulse_answer, pulses_count, tickets_make
from portal.core.models import AuditEntry
from portal.core.models.outbox import OutboxMessage
from portal.organisations.api import SMALLEST_GROUP
from tests.events.joining import client_of, mails, meeting, page, somebody, text_of
from tests.factories.accounts import user
from tests.factories.events import local

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

START = local(2027, 5, 12, 15, 30)
NEXT_MORNING = local(2027, 5, 13, 9, 0)
YES = {"worthwhile": 4, "usable": 3, "again": 0}


@pytest.fixture(autouse=True)
def _then(time_machine: Any) -> None:
    time_machine.move_to(local(2027, 5, 1, 12), tick=False)


def attended(time: Occurrence, number: int) -> None:
    for _one in range(number):
        place = somebody(time).participants.get()
        Attendance.objects.create(occurrence=time, participant=place, at=START, state="attended")


def asked(number: int, time_machine: Any, **values: Any) -> tuple[Occurrence, list[str]]:
    time = meeting(starts_at=START, **values)
    time_machine.move_to(NEXT_MORNING, tick=False)
    return time, tickets_make(occurrence=time, count=number)


def url(token: str) -> str:
    return reverse("pulse:answer", args=[token])


def rows_of_everything() -> dict[str, list[Any]]:
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = sorted(map(str, cursor.fetchall()))
    return found


# --- Who is asked --------------------------------------------------------------------------------------------------


def test_those_who_came_are_written_to_the_next_morning_and_once(time_machine: Any) -> None:
    time = meeting(starts_at=START)
    attended(time, 3)
    somebody(time, "Udebleven")
    time_machine.move_to(NEXT_MORNING - dt.timedelta(seconds=1), tick=False)
    afterwards_send()
    assert not Letter.objects.filter(kind="afterwards").exists()
    time_machine.move_to(NEXT_MORNING, tick=False)
    afterwards_send()
    afterwards_send()
    assert Letter.objects.filter(kind="afterwards").count() == 3
    assert PulseTicket.objects.count() == 3
    texts = [mail.payload["text"] for mail in mails() if "/efter-moedet/" in mail.payload["text"]]
    assert len(texts) == 3
    assert not [mail for mail in mails("udebleven@kommune.example") if "/efter-moedet/" in mail.payload["text"]]
    token = texts[0].split("/efter-moedet/")[1].split("/")[0]
    assert Client().get(url(token)).status_code == 200


def test_a_meeting_that_asks_nothing_thanks_and_hands_out_no_ticket(time_machine: Any) -> None:
    attended(meeting(starts_at=START, asks_pulse=False), 1)
    time_machine.move_to(NEXT_MORNING, tick=False)
    afterwards_send()
    assert Letter.objects.filter(kind="afterwards").count() == 1
    assert not PulseTicket.objects.exists()


@pytest.mark.parametrize("days", [8, 30])
def test_a_worker_that_stood_still_for_long_writes_to_nobody(time_machine: Any, days: int) -> None:
    attended(meeting(starts_at=START), 1)
    time_machine.move_to(START + dt.timedelta(days=days), tick=False)
    afterwards_send()
    assert not Letter.objects.filter(kind="afterwards").exists()


# --- Answering -----------------------------------------------------------------------------------------------------


def test_one_answer_for_each_link(time_machine: Any) -> None:
    _time, tokens = asked(1, time_machine)
    client = Client()
    assert client.post(url(tokens[0]), YES)["Location"] == reverse("pulse:thanks")
    assert "allerede svaret" in text_of(client.post(url(tokens[0]), {**YES, "again": 1}))
    assert "allerede svaret" in page(client, url(tokens[0]))
    assert PulseAnswer.objects.get().again == 0
    page(client, reverse("pulse:thanks"))
    page(client, url("x" * 43), 404)


@pytest.mark.parametrize("values", [{"again": ""}, {"again": "5"}, {"again": "-1"}, {"usable": "ja"}])
def test_what_cannot_be_answered_is_refused_and_the_link_still_works(time_machine: Any, values: Any) -> None:
    _time, tokens = asked(1, time_machine)
    answer = Client().post(url(tokens[0]), {**YES, **values})
    assert answer.status_code == 200
    assert "checked" in text_of(answer)
    assert not PulseAnswer.objects.exists()
    assert not PulseTicket.objects.get().used


def test_after_two_weeks_the_questions_are_closed(time_machine: Any) -> None:
    time, tokens = asked(1, time_machine)
    time_machine.move_to(time.ends_at + dt.timedelta(days=14), tick=False)
    page(Client(), url(tokens[0]), 404)
    assert Client().post(url(tokens[0]), YES).status_code == 404
    assert not PulseAnswer.objects.exists()


# --- Nobody can tell -----------------------------------------------------------------------------------------------


def test_an_answer_changes_its_two_tables_and_no_other_row_anywhere(time_machine: Any) -> None:
    """No log, no queue, no session, no counter: whoever is signed in leaves no trace."""
    _time, tokens = asked(3, time_machine)
    client = client_of(user())
    sessions, before = list(Session.objects.values()), rows_of_everything()
    client.get(url(tokens[0]))
    answer = client.post(url(tokens[0]), YES)
    assert not answer.cookies
    after = rows_of_everything()
    assert {table for table in after if after[table] != before[table]} == {"events_pulseanswer", "events_pulseticket"}
    assert list(Session.objects.values()) == sessions


def test_the_page_does_not_even_read_who_is_signed_in(time_machine: Any) -> None:
    _time, tokens = asked(1, time_machine)
    kim = user(first_name="Kanariella")
    drawn = page(client_of(kim), url(tokens[0]))
    assert "Kanariella" not in drawn
    assert reverse("account_login") in drawn


def test_neither_order_nor_key_nor_time_joins_an_answer_to_a_ticket(time_machine: Any) -> None:
    """The rows are written anew with each answer, so the first ones do not keep their place, their key or their number."""
    time, tokens = asked(12, time_machine)
    assert not [field for field in PulseAnswer._meta.fields if field.is_relation and field.name != "occurrence"]
    assert not [
        field.name for field in (*PulseAnswer._meta.fields, *PulseTicket._meta.fields) if "at" in field.name[-3:]
    ]
    keys: list[set[Any]] = []
    orders = set()
    for number, token in enumerate(tokens):
        pulse_answer(token=token, answers={"worthwhile": number % 5, "usable": 1, "again": 1})
        keys.append(set(PulseAnswer.objects.values_list("pk", flat=True)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT worthwhile FROM events_pulseanswer")
            orders.add(tuple(row[0] for row in cursor.fetchall()))
    assert all(not one & other for one, other in pairwise(keys)), "every row is another one"
    assert tuple(number % 5 for number in range(12)) not in orders, "not the order in which they came"
    assert time.pulse_tickets.filter(used=True).count() == 12


@pytest.mark.postgres
def test_not_even_the_transaction_that_wrote_a_row_says_which_ticket_came_with_it(time_machine: Any) -> None:
    """PostgreSQL keeps with each row which transaction wrote it: it is the same one for all rows of the meeting."""
    _time, tokens = asked(6, time_machine)
    for token in tokens[:3]:
        pulse_answer(token=token, answers=YES)
    with connection.cursor() as cursor:
        for table in ("events_pulseanswer", "events_pulseticket"):
            cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {table}")  # noqa: S608
            assert cursor.fetchone() == (1,)


def test_tickets_come_in_the_order_of_their_hashes_and_are_handed_out_in_another(time_machine: Any) -> None:
    from events.signup.links import hashed

    _time, tokens = asked(20, time_machine)
    stored = list(PulseTicket.objects.order_by("pk").values_list("token_hash", flat=True))
    assert stored == sorted(stored)
    assert sorted(map(hashed, tokens)) == stored
    assert [hashed(token) for token in tokens] != stored
    assert not set(tokens) & set(stored)


def test_no_log_and_no_mail_tells_of_an_answer(time_machine: Any, caplog: Any) -> None:
    _time, tokens = asked(1, time_machine)
    acts, waiting = AuditEntry.objects.count(), OutboxMessage.objects.count()
    Client().post(url(tokens[0]), YES)
    page(Client(), url(tokens[0]))
    page(Client(), url("x" * 43), 404)
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == (acts, waiting)
    assert "efter-moedet" not in caplog.text


# --- Counting ------------------------------------------------------------------------------------------------------


def given(*rows: tuple[int, int, int]) -> list[PulseAnswer]:
    return [PulseAnswer(worthwhile=one, usable=two, again=three) for one, two, three in rows]


def test_fewer_than_the_smallest_group_shows_nothing_not_even_how_many() -> None:
    few = [(4, 3, 2), (3, 4, 1), (1, 2, 3), (2, 1, 4)]
    assert len(few) == SMALLEST_GROUP - 1
    assert figures_of(given(*few), asked=30) == {}


def test_a_question_that_all_or_all_but_one_answered_alike_is_hidden() -> None:
    rows = [(4, 4, 4), (4, 4, 3), (4, 4, 2), (4, 4, 4), (4, 1, 3), (4, 4, 2)]
    found = figures_of(given(*rows), asked=9)
    assert found == {"asked": 9, "answered": 6, "worthwhile": None, "usable": None, "again": [2, 2, 2, 0, 0]}


def test_a_pulse_is_counted_once_and_what_it_was_counted_from_is_gone(time_machine: Any) -> None:
    time, tokens = asked(7, time_machine)
    said = [(4, 4, 4), (4, 3, 3), (3, 4, 2), (3, 3, 4), (1, 2, 3)]
    for token, values in zip(tokens, said, strict=False):
        pulse_answer(token=token, answers=dict(zip(("worthwhile", "usable", "again"), values, strict=True)))
    pulses_count()
    assert not PulseResult.objects.exists()
    assert "%" not in pulse_screen(time).said and not pulse_screen(time).questions
    time_machine.move_to(time.ends_at + dt.timedelta(days=14), tick=False)
    pulses_count()
    pulses_count()
    figures = PulseResult.objects.get().figures
    assert (figures["asked"], figures["answered"], figures["worthwhile"]) == (7, 5, [2, 2, 0, 1, 0])
    assert not PulseAnswer.objects.exists() and not PulseTicket.objects.exists()
    screen = pulse_screen(time)
    assert screen.said == "5 af 7 svarede."
    assert screen.questions[0].rows[0] == ("Ja", 2)


def test_while_it_is_open_the_organiser_sees_no_number(time_machine: Any) -> None:
    time, tokens = asked(6, time_machine)
    before = pulse_screen(time)
    for token in tokens:
        pulse_answer(token=token, answers=YES)
    assert pulse_screen(time) == before
