"""The worker: both queues, periodic jobs, and an end at once when asked."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from portal.core import outbox, periodic
from portal.core.models import OutboxMessage

pytestmark = pytest.mark.django_db


def test_one_round_empties_the_outbox_and_runs_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(periodic, "_jobs", {})
    monkeypatch.setitem(outbox._handlers, "trial", lambda message: ran.append("effect"))
    periodic.register("broken", timedelta(minutes=1), lambda: 1 / 0)  # type: ignore[arg-type]
    periodic.register("clock", timedelta(minutes=1), lambda: ran.append("clock"))
    outbox.enqueue("trial", {})
    call_command("worker", once=True)
    assert ran == ["clock", "effect"], "a broken job must not keep the others from running"
    assert OutboxMessage.objects.get().state == OutboxMessage.State.DONE


def test_wagtails_own_queue_is_drained_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    called: list[str] = []
    monkeypatch.setattr(
        "portal.core.management.commands.worker.call_command", lambda name, **options: called.append(name)
    )
    call_command("worker", once=True)
    assert called == ["db_worker"]
