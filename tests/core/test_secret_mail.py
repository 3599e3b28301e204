"""A mail with a link that opens a door: seen by its receiver, on no screen, and in no row once it has left."""

from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.core import outbox
from portal.core.mail import queue_mail, recall_mail
from portal.core.models import OutboxMessage
from portal.core.models.outbox import OutboxState
from tests.factories.accounts import administrator

pytestmark = pytest.mark.django_db
LINK = "https://portal.example/doer/kanariefugl-0123/"


def queued(**values: Any) -> OutboxMessage:
    with transaction.atomic():
        return queue_mail(
            **{"to": "leder@kommune.example", "subject": "Din adgang", "text": f"Hej\n{LINK}", "secret": True, **values}
        )


def test_the_row_forgets_the_text_when_the_mail_has_left() -> None:
    message, plain = queued(html=f"<p>{LINK}</p>"), queued(secret=False)
    outbox.drain()
    assert [LINK in mail.body for mail in django_mail.outbox] == [True, True]
    message.refresh_from_db()
    plain.refresh_from_db()
    assert message.state == OutboxState.DONE
    assert "kanariefugl" not in str(message.payload)
    assert (message.payload["to"], message.payload["subject"]) == ("leder@kommune.example", "Din adgang")
    assert LINK in plain.payload["text"]


def test_a_mail_that_did_not_leave_keeps_its_text_for_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any) -> None:
        raise ConnectionError

    message = queued()
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", down)
        outbox.drain()
    message.refresh_from_db()
    assert message.state == OutboxState.WAITING
    OutboxMessage.objects.update(available_at=message.created_at)
    outbox.drain()
    assert LINK in django_mail.outbox[0].body


def test_no_screen_shows_it_before_it_has_left(client: Client) -> None:
    client.force_login(administrator())
    message = queued()
    for state in (OutboxState.WAITING, OutboxState.DEAD):
        OutboxMessage.objects.update(state=state)
        pages = [reverse("outbox:inspect", args=[message.pk]), reverse("outbox:index")]
        shown = "".join(client.get(url).content.decode() for url in pages)
        assert "Din adgang" in shown
        assert "kanariefugl" not in shown


def test_the_demo_s_mailbox_keeps_it_for_the_receiver(settings: Any) -> None:
    settings.DEMO = True
    message = queued()
    outbox.drain()
    message.refresh_from_db()
    assert LINK in message.payload["text"]


def test_what_has_not_left_can_be_recalled() -> None:
    queued(key="invitation:1")
    other = queued(key="invitation:2")
    assert recall_mail(key="invitation:1") == 1
    assert recall_mail(key="invitation:1") == 0
    outbox.drain()
    assert len(django_mail.outbox) == 1
    assert recall_mail(key="invitation:2") == 0, "what has left stays in the books"
    assert OutboxMessage.objects.get() == other
