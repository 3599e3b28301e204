"""`manage.py worker`: drains the outbox and Wagtail's own task queue, and runs what is due by the clock."""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from portal.core import outbox
from portal.core.periodic import PeriodicJob, jobs

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """One process for both queues, so that a small installation needs one service."""

    help = "Deliver the outbox, run Wagtail's background tasks and the periodic jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Empty the queues once and stop.")
        parser.add_argument("--interval", type=float, default=1.0, help="Seconds to rest when there is nothing to do.")

    def handle(self, *args: Any, **options: Any) -> None:
        self._stopping = threading.Event()
        self._last_run: dict[str, float] = {}
        if options["once"]:
            self._round()
            return
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._stop)
        while not self._stopping.is_set():
            close_old_connections()
            try:
                busy = self._round()
            except Exception:
                # The database may be restarting; the worker outlives it.
                logger.exception("Worker round failed")
                busy = False
            if not busy:
                self._stopping.wait(options["interval"])

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _round(self) -> bool:
        for job in jobs():
            self._run_if_due(job)
        if "DatabaseBackend" in settings.TASKS["default"]["BACKEND"]:
            call_command("db_worker", batch=True, interval=0, verbosity=0, startup_delay=False)
        return outbox.drain() > 0

    def _run_if_due(self, job: PeriodicJob) -> None:
        now = time.monotonic()
        last = self._last_run.get(job.name)
        if last is not None and now - last < job.interval.total_seconds():
            return
        self._last_run[job.name] = now
        try:
            job.run()
        except Exception:
            logger.exception("Periodic job %s failed", job.name)
