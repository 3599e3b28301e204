"""The outbox: an effect if and only if the change, back-off, a dead-letter state, no loss when a process dies."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone

from portal.core import outbox
from portal.core.mail import Attachment, queue_mail
from portal.core.models import OutboxMessage

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

State = OutboxMessage.State


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Register a handler for the topic "trial" and return what it was given; an exception in the list is raised."""
    seen: list[Any] = []

    def trial(message: OutboxMessage) -> None:
        seen.append(message.payload)
        if message.payload.get("fail"):
            raise ConnectionError("the other side is away")

    monkeypatch.setitem(outbox._handlers, "trial", trial)
    return seen


def test_an_effect_needs_the_transaction_of_its_change(transactional_db: None) -> None:
    with pytest.raises(outbox.NotInTransactionError):
        outbox.enqueue("trial", {})
    assert OutboxMessage.objects.count() == 0


def test_a_rolled_back_change_has_no_effect(topic: list[Any]) -> None:
    def change_that_fails() -> None:
        with transaction.atomic():
            outbox.enqueue("trial", {"n": 1})
            raise ValueError("the change failed")

    with pytest.raises(ValueError, match="the change failed"):
        change_that_fails()
    outbox.drain()
    assert topic == []


def test_delivers_in_order_and_only_once(topic: list[Any]) -> None:
    for n in range(3):
        outbox.enqueue("trial", {"n": n})
    assert outbox.drain() == 3
    assert outbox.drain() == 0
    assert topic == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {State.DONE}


def test_a_waiting_message_with_the_same_key_is_replaced(topic: list[Any]) -> None:
    outbox.enqueue("trial", {"n": 1}, key="page-7")
    outbox.enqueue("trial", {"n": 2}, key="page-7")
    outbox.enqueue("trial", {"n": 3}, key="page-8")
    outbox.drain()
    assert topic == [{"n": 2}, {"n": 3}]
    outbox.enqueue("trial", {"n": 4}, key="page-7")
    outbox.drain()
    assert topic[-1] == {"n": 4}


def test_once_means_once_even_after_delivery(topic: list[Any]) -> None:
    first = outbox.enqueue("trial", {"n": 1}, key="receipt-1", once=True)
    outbox.drain()
    assert outbox.enqueue("trial", {"n": 2}, key="receipt-1", once=True) == first
    outbox.drain()
    assert topic == [{"n": 1}]


def test_a_failure_waits_longer_each_time_and_then_gives_up(topic: list[Any]) -> None:
    with time_machine.travel("2026-11-21 12:00", tick=False) as clock:
        message = outbox.enqueue("trial", {"fail": True})
        pauses = []
        for _ in range(outbox.MAX_ATTEMPTS - 1):
            outbox.drain()
            message.refresh_from_db()
            assert message.state == State.WAITING
            assert "the other side is away" in message.last_error
            pauses.append(message.available_at - timezone.now())
            assert outbox.drain() == 0, "a message must not be tried before its time"
            clock.move_to(message.available_at)
        outbox.drain()
        message.refresh_from_db()
    assert pauses == sorted(pauses) and pauses[0] == outbox.FIRST_RETRY and max(pauses) <= outbox.LONGEST_RETRY
    assert message.state == State.DEAD and message.attempts == outbox.MAX_ATTEMPTS
    assert len(topic) == outbox.MAX_ATTEMPTS


def test_a_dead_message_can_be_sent_again(topic: list[Any]) -> None:
    message = outbox.enqueue("trial", {"n": 1})
    OutboxMessage.objects.update(state=State.DEAD, attempts=outbox.MAX_ATTEMPTS)
    outbox.drain()
    assert topic == []
    outbox.send_again(message=message)
    outbox.drain()
    assert topic == [{"n": 1}]


def test_a_topic_nobody_handles_is_kept_and_named() -> None:
    message = outbox.enqueue("no-such-topic", {})
    outbox.drain()
    message.refresh_from_db()
    assert message.state == State.WAITING
    assert "no-such-topic" in message.last_error


def test_a_lease_that_ran_out_is_taken_over(topic: list[Any]) -> None:
    message = outbox.enqueue("trial", {"n": 1})
    OutboxMessage.objects.update(state=State.RUNNING, attempts=1, leased_until=timezone.now() + timedelta(minutes=1))
    assert outbox.drain() == 0
    OutboxMessage.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert outbox.drain() == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, topic) == (State.DONE, 2, [{"n": 1}])


def test_a_failed_handler_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def writes_then_fails(message: OutboxMessage) -> None:
        outbox.enqueue("no-such-topic", {"written": "by the handler"})
        raise RuntimeError

    monkeypatch.setitem(outbox._handlers, "trial", writes_then_fails)
    outbox.enqueue("trial", {})
    outbox.drain(limit=1)
    assert list(OutboxMessage.objects.values_list("topic", flat=True)) == ["trial"]


def test_a_newer_waiting_message_supersedes_a_failed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_while_a_newer_one_is_queued(message: OutboxMessage) -> None:
        raise ConnectionError

    monkeypatch.setitem(outbox._handlers, "trial", fails_while_a_newer_one_is_queued)
    old = outbox.enqueue("trial", {"n": 1}, key="page-7")
    OutboxMessage.objects.update(state=State.RUNNING, leased_until=timezone.now() - timedelta(seconds=1))
    new = outbox.enqueue("trial", {"n": 2}, key="page-7")
    OutboxMessage.objects.filter(pk=new.pk).update(available_at=timezone.now() + timedelta(hours=1))
    outbox.drain(limit=1)
    old.refresh_from_db()
    assert old.state == State.DONE
    assert OutboxMessage.objects.filter(state=State.WAITING).get() == new


def test_two_handlers_for_one_topic_are_refused() -> None:
    with pytest.raises(ValueError, match="already has a handler"):
        outbox.handler("mail")(lambda message: None)


def test_a_mail_keeps_its_message_id_and_its_attachment() -> None:
    calendar = Attachment.from_bytes("moede.ics", "text/calendar", b"BEGIN:VCALENDAR")
    message = queue_mail(
        to="deltager@kommune.example", subject="Kvittering\r\nBcc: x@y", text="Hej", html="<p>Hej</p>",
        attachments=(calendar,), key="receipt-7",
    )  # fmt: skip
    assert django_mail.outbox == [], "nothing is sent in the request"
    outbox.drain()
    (sent,) = django_mail.outbox
    assert sent.extra_headers["Message-ID"] == message.message_id
    assert sent.subject == "Kvittering Bcc: x@y"
    assert sent.attachments[0].content == "BEGIN:VCALENDAR"
    queue_mail(to="deltager@kommune.example", subject="Kvittering", text="Hej", key="receipt-7")
    outbox.drain()
    assert len(django_mail.outbox) == 1


def test_a_message_that_kills_its_workers_gives_up(topic: list[Any]) -> None:
    message = outbox.enqueue("trial", {"n": 1})
    past = timezone.now() - timedelta(seconds=1)
    OutboxMessage.objects.update(state=State.RUNNING, attempts=outbox.MAX_ATTEMPTS, leased_until=past)
    outbox.drain()
    message.refresh_from_db()
    assert (message.state, topic) == (State.DEAD, [])


def test_sending_again_gives_way_to_a_newer_message(topic: list[Any]) -> None:
    old = outbox.enqueue("trial", {"n": 1}, key="page-7")
    OutboxMessage.objects.update(state=State.DEAD)
    outbox.enqueue("trial", {"n": 2}, key="page-7")
    outbox.send_again(message=old)
    outbox.drain()
    assert topic == [{"n": 2}]
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {State.DONE}
