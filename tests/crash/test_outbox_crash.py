"""The worker dies at each failpoint; afterwards another one finds everything: nothing lost, repeats recognisable."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.db import connection, transaction
from django.utils import timezone

from portal.core import outbox
from portal.core.mail import queue_mail
from portal.core.models import OutboxMessage
from tests.support.postgres import free_port
from tests.support.services import ROOT

pytestmark = [pytest.mark.postgres, pytest.mark.crash, pytest.mark.django_db(transaction=True)]

# What the dying process runs: the mail server is the test's, the failpoint kills without any clean-up.
_CHILD = """
import os, sys
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
from portal.core import failpoints, outbox
failpoints.set_failpoint(sys.argv[1], lambda: os._exit(9))
outbox.drain()
"""


class _Mailbox(Message):
    """Keeps the Message-ID of each mail it accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.message_ids: list[str] = []

    def handle_message(self, message) -> None:  # type: ignore[no-untyped-def]
        self.message_ids.append(message["Message-ID"])


@pytest.fixture
def mailbox() -> Iterator[tuple[_Mailbox, int]]:
    box = _Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


def _run_until_it_dies(failpoint: str, port: int) -> None:
    settings = connection.settings_dict
    address = f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, failpoint, str(port)], cwd=ROOT, env=environment, timeout=60, check=False
    )
    assert done.returncode == 9, "the failpoint was not reached"


@pytest.mark.parametrize(
    ("failpoint", "accepted_before"),
    [("outbox.before_handler", 0), ("mail.after_accept", 1), ("outbox.before_mark", 1)],
)
def test_a_worker_that_dies_loses_no_mail(
    failpoint: str, accepted_before: int, mailbox: tuple[_Mailbox, int], settings: object
) -> None:
    box, port = mailbox
    with transaction.atomic():
        message = queue_mail(to="deltager@kommune.example", subject="Kvittering", text="Vi ses.")
    _run_until_it_dies(failpoint, port)
    assert box.message_ids == [message.message_id] * accepted_before
    assert outbox.drain() == 0, "the dead worker's lease still holds"
    OutboxMessage.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port  # type: ignore[attr-defined]
    assert outbox.drain() == 1
    message.refresh_from_db()
    assert message.state == OutboxMessage.State.DONE
    # A repeat carries the same Message-ID, which is how a mail server and a reader know it for one.
    assert set(box.message_ids) == {message.message_id}
    assert len(box.message_ids) == accepted_before + 1
