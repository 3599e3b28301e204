"""A worker dies in the middle of a mail: nothing is lost, and a repeat can be known as one."""

import email
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.utils import timezone

from portal.core import outbox
from portal.core.mail import queue_mail
from portal.core.models import OutboxMessage
from tests.support.crash import die_at, run_child
from tests.support.postgres import free_port

pytestmark = [pytest.mark.every_database, pytest.mark.crash, pytest.mark.django_db(transaction=True)]
ACT = "tests.crash.acts:send_mails"


class Mailbox:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.port = 0
        self.message_ids: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.message_ids.append(str(email.message_from_bytes(envelope.content)["Message-ID"]))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture
def message() -> OutboxMessage:
    with transaction.atomic():
        return queue_mail(to="deltager@kommune.example", subject="Kvittering", text="Vi ses.")


def restart(mailbox: Mailbox) -> None:
    """Let the dead worker's lease run out and a new worker do its round."""
    OutboxMessage.objects.filter(state=OutboxMessage.State.RUNNING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )
    code, output = run_child("none", ACT, TEST_SMTP_PORT=str(mailbox.port))
    assert code == 0, output


@pytest.mark.parametrize(
    ("failpoint", "sent_before", "sent_in_all"),
    [
        ("outbox.before_handler", 0, 1),
        # After the server's accept nobody can take a mail back; the receiver knows the repeat by its Message-ID.
        ("mail.after_accept", 1, 2),
        ("outbox.before_mark", 1, 2),
    ],
)
def test_a_mail_survives_the_death_of_its_worker(
    mailbox: Mailbox, message: OutboxMessage, failpoint: str, sent_before: int, sent_in_all: int
) -> None:
    die_at(failpoint, ACT, TEST_SMTP_PORT=str(mailbox.port))
    assert len(mailbox.message_ids) == sent_before
    message.refresh_from_db()
    assert message.state == OutboxMessage.State.RUNNING, "the lease stands until it runs out"
    assert outbox.drain() == 0, "no other worker may take it before that"
    restart(mailbox)
    message.refresh_from_db()
    assert message.state == OutboxMessage.State.DONE
    assert mailbox.message_ids == [message.message_id] * sent_in_all
