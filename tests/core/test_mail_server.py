"""Mail against a real SMTP server that accepts, refuses and comes back."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from portal.core import outbox
from portal.core.mail import queue_mail
from portal.core.models import OutboxMessage
from tests.support.postgres import free_port

pytestmark = pytest.mark.django_db


class _Server:
    """Accepts mails unless told to refuse."""

    def __init__(self) -> None:
        self.refuse = False
        self.received: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return "451 try again later"
        self.received.append(envelope.content)
        return "250 OK"


@pytest.fixture
def smtp(settings: Any) -> Iterator[_Server]:
    server = _Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield server
    controller.stop()


def test_a_refused_mail_is_tried_again_with_the_same_message_id(smtp: _Server) -> None:
    smtp.refuse = True
    message = queue_mail(to="deltager@kommune.example", subject="Kvittering på møde", text="Vi ses kl. 15.30 i Åbenrå.")
    outbox.drain()
    message.refresh_from_db()
    assert (message.state, smtp.received) == (OutboxMessage.State.WAITING, [])
    smtp.refuse = False
    OutboxMessage.objects.update(available_at=message.created_at)
    outbox.drain()
    message.refresh_from_db()
    assert message.state == OutboxMessage.State.DONE
    (content,) = smtp.received
    assert message.message_id.encode() in content
