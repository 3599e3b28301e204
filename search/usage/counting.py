"""Count in memory, write in batches: a search costs no query and cannot fail because of it.

Each process keeps what was searched for since its last batch and writes it from a thread of its own, once in
`SEARCH_USAGE_INTERVAL` seconds and when it ends. Processes add to the same rows under one lock. A batch that the database
does not take (locked, read-only) is dropped and said in the log; what a process holds that is killed is lost. So counts
may be too low, never too high.
"""

import atexit
import logging
import threading
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from search.usage.wording import countable

logger = logging.getLogger(__name__)

# Different searches in one batch; what comes beyond is not counted.
MOST_IN_A_BATCH: Final = 500


@dataclass(slots=True)
class Tally:
    """How often a search came in a batch."""

    # The minute of the hour in which it was first asked.
    minute: int
    times: int = 0
    misses: int = 0


_lock = threading.Lock()
_batch: dict[str, Tally] = {}
_timer: threading.Timer | None = None


def count(text: str, total: int) -> None:
    """Count a search with the number of its hits; asks no database and never raises.

    The caller has made sure that somebody asked (`is_question`). A search that may name a person is not even kept in memory.
    """
    try:
        counted = countable(text)
    except Exception:
        logger.exception("A search could not be counted")
        return
    if not counted:
        return
    with _lock:
        if counted not in _batch and len(_batch) >= MOST_IN_A_BATCH:
            return
        tally = _batch.setdefault(counted, Tally(timezone.now().minute))
        tally.times += 1
        tally.misses += total <= 0
        _start()


def flush() -> None:
    """Write what was counted since the last time; what cannot be written is dropped."""
    from search.usage.storing import store

    batch = _taken()
    if not batch:
        return
    try:
        store(batch)
    except (DatabaseError, InterfaceError) as error:
        # Not the searches themselves: a log is kept longer, and read by others.
        logger.warning("%s counted searches were dropped: %s", len(batch), type(error).__name__)


def forget_batch() -> None:
    """Drop what was counted and not written."""
    _taken()


def _taken() -> dict[str, Tally]:
    global _batch
    with _lock:
        batch, _batch = _batch, {}
    return batch


def _start() -> None:
    """Let the batch be written a while from now; a thread, so that nobody's answer waits for it."""
    global _timer  # noqa: PLW0603
    interval = settings.SEARCH_USAGE_INTERVAL
    if interval and (_timer is None or not _timer.is_alive()):
        _timer = threading.Timer(interval, _flush_in_thread)
        _timer.daemon = True
        _timer.start()


def _flush_in_thread() -> None:
    global _timer  # noqa: PLW0603
    _timer = None
    try:
        flush()
    except Exception:
        logger.exception("Counted searches were dropped")
    finally:
        connection.close()


def _flush_at_exit() -> None:
    if settings.configured and settings.SEARCH_USAGE_INTERVAL:
        _flush_in_thread()


atexit.register(_flush_at_exit)
