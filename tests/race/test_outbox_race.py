"""Many workers at one outbox: each effect once. The negative control shows that the lock is what makes it so."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from portal.core import outbox
from portal.core.models import OutboxMessage

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]

WORKERS, MESSAGES = 8, 40


def _deliver_with_many_workers(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    delivered: Counter[int] = Counter()
    monkeypatch.setitem(outbox._handlers, "trial", lambda message: delivered.update([message.payload["n"]]))
    with transaction.atomic():
        for n in range(MESSAGES):
            outbox.enqueue("trial", {"n": n})
    barrier = threading.Barrier(WORKERS)

    def work() -> None:
        barrier.wait()
        try:
            outbox.drain(limit=MESSAGES)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return delivered


def test_eight_workers_deliver_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    delivered = _deliver_with_many_workers(monkeypatch)
    assert delivered == Counter(range(MESSAGES))
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {OutboxMessage.State.DONE}


def test_without_the_lock_messages_are_delivered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    assert sum(_deliver_with_many_workers(monkeypatch).values()) > MESSAGES
