"""Queue effects in the caller's transaction; deliver them at least once, with back-off and a dead-letter state.

Delivery claims a row (with `SKIP LOCKED` where the database has it), runs the handler outside the claim's transaction and
marks the row. A process that dies in between leaves a lease that runs out; the effect is then repeated, so a handler
is idempotent or carries the row's uuid to the other side.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.core.failpoints import failpoint
from portal.core.models.outbox import OutboxMessage, OutboxState

logger = logging.getLogger(__name__)

Handler = Callable[[OutboxMessage], None]

MAX_ATTEMPTS = 10
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
KEEP_DELIVERED = timedelta(days=90)

_handlers: dict[str, Handler] = {}


class NotInTransactionError(RuntimeError):
    """An effect was queued outside a transaction: it could happen without its change, or the change without it."""


def handler(topic: str) -> Callable[[Handler], Handler]:
    """Register the function that brings a topic's messages about. It raises to be tried again."""

    def register(function: Handler) -> Handler:
        if topic in _handlers and _handlers[topic] is not function:
            raise ValueError(f"Outbox topic {topic!r} already has a handler.")
        _handlers[topic] = function
        return function

    return register


def topics() -> frozenset[str]:
    """Return the topics that have a handler."""
    return frozenset(_handlers)


def enqueue(
    topic: str, payload: dict[str, Any], *, key: str = "", once: bool = False, delay: timedelta | None = None
) -> OutboxMessage:
    """Queue an effect.

    With a `key`, a message that still waits under the same topic and key is replaced instead of joined by a second one;
    with `once` as well, a repeat is dropped even after delivery.

    Raises:
        NotInTransactionError: the caller has no transaction open.
    """
    if not connection.in_atomic_block:
        raise NotInTransactionError(f"Outbox message {topic!r} needs the transaction of its change.")
    available_at = timezone.now() + (delay or timedelta())
    if key and (existing := _existing(topic, key, once=once)):
        if not once:
            existing.payload, existing.available_at = payload, available_at
            existing.save(update_fields=["payload", "available_at"])
        return existing
    try:
        with transaction.atomic():
            return OutboxMessage.objects.create(
                topic=topic, payload=payload, key=key, once=once, available_at=available_at
            )
    except IntegrityError:
        # Somebody else queued the same key between our look and our insert; theirs is there now.
        if existing := _existing(topic, key, once=once):
            return existing
        raise


def _existing(topic: str, key: str, *, once: bool) -> OutboxMessage | None:
    messages = OutboxMessage.objects.filter(topic=topic, key=key)
    messages = messages.filter(once=True) if once else messages.filter(state=OutboxState.WAITING)
    # The lock keeps a worker from taking the row before our change is visible to it.
    return messages.select_for_update().order_by("id").first()


def drain(limit: int = 100) -> int:
    """Deliver up to `limit` due messages and return how many were tried."""
    tried = 0
    while tried < limit and (message := _claim()) is not None:
        _deliver(message)
        tried += 1
    return tried


def _claim() -> OutboxMessage | None:
    now = timezone.now()
    with transaction.atomic():
        due = OutboxMessage.objects.filter(state=OutboxState.WAITING, available_at__lte=now)
        expired = OutboxMessage.objects.filter(state=OutboxState.RUNNING, leased_until__lt=now)
        skip = connection.features.has_select_for_update_skip_locked
        message = (due | expired).select_for_update(skip_locked=skip).order_by("available_at", "id").first()
        if message is None:
            return None
        if message.attempts >= MAX_ATTEMPTS:
            # Its worker died each time: it kills workers, so it must not take the next one along.
            message.state, message.finished_at, message.leased_until = OutboxState.DEAD, now, None
            message.save(update_fields=["state", "finished_at", "leased_until"])
            return message
        message.state, message.attempts, message.leased_until = OutboxState.RUNNING, message.attempts + 1, now + LEASE
        message.save(update_fields=["state", "attempts", "leased_until"])
        return message


def _deliver(message: OutboxMessage) -> None:
    if message.state == OutboxState.DEAD:
        return
    failpoint("outbox.before_handler")
    try:
        function = _handlers.get(message.topic)
        if function is None:
            raise LookupError(f"No handler for outbox topic {message.topic!r}.")
        with transaction.atomic():
            function(message)
            failpoint("outbox.before_mark")
            _mark(message, state=OutboxState.DONE, finished_at=timezone.now(), last_error="")
    except Exception as error:
        logger.warning("Outbox message %s failed", message.uuid, exc_info=error)
        _retry(message, error)


def _retry(message: OutboxMessage, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"[:2000]
    if message.attempts >= MAX_ATTEMPTS:
        _mark(message, state=OutboxState.DEAD, finished_at=timezone.now(), last_error=text)
        return
    _mark(message, state=OutboxState.WAITING, available_at=_next_try(message.attempts), last_error=text)


def _next_try(attempts: int) -> datetime:
    pause: timedelta = FIRST_RETRY * (2 ** (attempts - 1))
    return timezone.now() + min(pause, LONGEST_RETRY)


def _mark(message: OutboxMessage, **values: Any) -> None:
    # Only the claim that is still ours: after a lease ran out another worker may have the row.
    mine = OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.RUNNING, attempts=message.attempts)
    if values["state"] == OutboxState.WAITING and _superseded(message):
        # A newer message with the same key waits already and says more than this one.
        values = {**values, "state": OutboxState.DONE, "finished_at": timezone.now()}
    mine.update(leased_until=None, **values)


def _superseded(message: OutboxMessage) -> bool:
    if not message.key:
        return False
    waiting = OutboxMessage.objects.filter(topic=message.topic, key=message.key, state=OutboxState.WAITING)
    return waiting.exclude(pk=message.pk).exists()


def forget_delivered() -> None:
    """Delete what was delivered longer ago than anybody would ask about: a mail holds an address and a text."""
    OutboxMessage.objects.filter(state=OutboxState.DONE, finished_at__lt=timezone.now() - KEEP_DELIVERED).delete()


def send_again(*, message: OutboxMessage) -> None:
    """Put a message that gave up back in the queue, with all its attempts ahead of it.

    Where a newer message with the same key waits already, that one says more, and this one is done.
    """
    with transaction.atomic():
        if _superseded(message):
            OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.DEAD).update(state=OutboxState.DONE)
            return
        OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.DEAD).update(
            state=OutboxState.WAITING, attempts=0, available_at=timezone.now(), finished_at=None
        )
