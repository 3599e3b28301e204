"""The mails of a meeting against a real SMTP server that refuses, stalls and drops: nothing is lost, nothing doubled."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.utils import timezone

from events.letters.api import LetterState, letter_send_again, letters_of
from events.letters.reminders import remind
from events.models import Letter
from portal.core import outbox
from portal.core.models import OutboxMessage
from tests.events.letters import calendar_of, group, meeting, one, parsed
from tests.factories.events import local
from tests.support.postgres import free_port

pytestmark = pytest.mark.django_db
NOW = local(2027, 4, 1, 12)


class Server:
    """A mail server in a bad mood. It keeps what it has said yes to."""

    def __init__(self) -> None:
        self.mood = ""
        self.received: list[bytes] = []
        self.refused_for_ever: set[str] = set()

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused_for_ever:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.mood == "refuse":
            return "451 try again later"
        if self.mood == "stall":
            await asyncio.sleep(3)
            return "451 too slow"
        if self.mood == "drop":
            server.transport.close()
            return "451 gone"
        self.received.append(envelope.content)
        if self.mood == "drop after the yes":
            # The yes is lost on the way: nobody can know that it was said.
            server.transport.close()
        return "250 OK"

    @property
    def by_receiver(self) -> Counter[str]:
        """Return how many different mails each receiver has; a repeated Message-ID is one mail."""
        mails = {str(mail["Message-ID"]): str(mail["To"]) for mail in map(parsed, self.received)}
        return Counter(mails.values())


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 1
    yield server
    controller.stop()


@pytest.fixture(autouse=True)
def _april() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def later() -> None:
    """Let the time of the next try come, and try."""
    OutboxMessage.objects.filter(state="waiting").update(available_at=timezone.now())
    outbox.drain()


PEOPLE = ["anna@kommune.example", "bo@kommune.example", "karen@kommune.example"]


@pytest.mark.parametrize("mood", ["refuse", "stall", "drop"])
def test_what_the_server_would_not_take_comes_later_and_once(smtp: Server, mood: str) -> None:
    made = meeting(capacity=5)
    group(made, "Anna", "Bo")
    smtp.mood = mood
    outbox.drain()
    assert smtp.received == []
    assert {row.state for row in letters_of(made)} == {LetterState.WAITING}
    smtp.mood = ""
    later()
    later()
    assert smtp.by_receiver == Counter(PEOPLE)
    assert len(smtp.received) == 3
    assert {row.state for row in letters_of(made)} == {LetterState.SENT}


def test_a_yes_that_was_lost_repeats_the_mail_under_the_same_name(smtp: Server) -> None:
    made = meeting()
    one(made)
    smtp.mood = "drop after the yes"
    outbox.drain()
    assert [row.state for row in letters_of(made)] == [LetterState.WAITING]
    smtp.mood = ""
    later()
    later()
    first, second = smtp.received
    assert parsed(first)["Message-ID"] == parsed(second)["Message-ID"]
    assert smtp.by_receiver == Counter(PEOPLE[:1])
    files = [calendar_of(mail).walk("VEVENT")[0]["SEQUENCE"] for mail in map(parsed, smtp.received)]
    assert files == [0, 0], "the same mail is the same file"


def test_what_arrives_is_whole_and_its_lines_end_as_the_papers_say(smtp: Server) -> None:
    one(meeting(online=True, participants_link="https://moede.example/" + "langt-" * 20))
    outbox.drain()
    [content] = smtp.received
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    mail = parsed(content)
    assert mail["Subject"].strip() == "Du har en plads: Når samtalen bliver svær"
    assert calendar_of(mail)["METHOD"] == "REQUEST"
    assert not mail.defects
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert all(line.endswith(b"\r") for line in part.get_payload(decode=True).split(b"\n")[:-1])


def test_one_dead_mailbox_holds_up_nobody_and_can_be_tried_again(smtp: Server) -> None:
    made = meeting(capacity=5)
    smtp.refused_for_ever = {"anna@kommune.example"}
    group(made, "Anna", "Bo")
    for _try in range(outbox.MAX_ATTEMPTS + 1):
        later()
    assert smtp.by_receiver == Counter(PEOPLE[1:])
    states = {row.email.split("@")[0]: row.state for row in letters_of(made)}
    assert states == {"anna": LetterState.FAILED, "bo": LetterState.SENT, "karen": LetterState.SENT}
    smtp.refused_for_ever = set()
    letter_send_again(actor=None, letter=Letter.objects.get(email="anna@kommune.example"))
    later()
    later()
    assert smtp.by_receiver == Counter(PEOPLE)


def test_a_server_that_was_down_for_days_gives_no_storm_of_reminders(smtp: Server) -> None:
    made = meeting(capacity=5)
    for name in ("Anna", "Bo"):
        one(made, name)
    outbox.drain()
    smtp.received.clear()
    smtp.mood = "refuse"
    due = local(2027, 5, 10, 9)
    for hours in range(0, 48, 6):
        with time_machine.travel(due + dt.timedelta(hours=hours), tick=False):
            remind()
            later()
    smtp.mood = ""
    with time_machine.travel(local(2027, 5, 12, 10), tick=False):
        remind()
        later()
        later()
    assert smtp.by_receiver == Counter(PEOPLE[:2])
    assert len(smtp.received) == 2
