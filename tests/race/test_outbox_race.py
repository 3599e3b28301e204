"""Many workers at one outbox: each effect once; without the lock the same scene doubles them."""

import threading
from collections import Counter

import pytest
from django.db import transaction

from portal.core import outbox
from portal.core.models import OutboxMessage
from tests.support.race import MeetingPoint, together, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
WORKERS = 8


def deliver_with_many_workers(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Let all workers look for a message at the same moment, and count how often each message was delivered."""
    delivered: Counter[str] = Counter()
    guard, looked, save = threading.Lock(), MeetingPoint(WORKERS), OutboxMessage.save

    def effect(message: OutboxMessage) -> None:
        with guard:
            delivered[message.payload["name"]] += 1

    def save_when_all_have_looked(message: OutboxMessage, *args: object, **kwargs: object) -> None:
        looked.wait()
        save(message, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setitem(outbox._handlers, "trial", effect)
    with transaction.atomic():
        for number in range(WORKERS):
            outbox.enqueue("trial", {"name": str(number)})
    monkeypatch.setattr(OutboxMessage, "save", save_when_all_have_looked)
    together(lambda number: outbox.drain(limit=1), threads=WORKERS)
    return delivered


def test_many_workers_deliver_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert deliver_with_many_workers(monkeypatch) == Counter(map(str, range(WORKERS)))
    assert OutboxMessage.objects.filter(state=OutboxMessage.State.DONE).count() == WORKERS


def test_without_the_lock_the_same_scene_doubles_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with without_locks():
        delivered = deliver_with_many_workers(monkeypatch)
    assert max(delivered.values()) > 1


def test_the_same_request_at_the_same_moment_queues_one_mail() -> None:
    def ask(number: int) -> int:
        with transaction.atomic():
            return outbox.enqueue("mail", {"asked": number}, key="receipt-1", once=True).pk

    outcomes = together(ask)
    assert set(outcomes) == {OutboxMessage.objects.get().pk}
