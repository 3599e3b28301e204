"""The note for administrators that Elasticsearch does not answer: one row while it lasts, whoever notices it."""

import logging
from datetime import timedelta
from threading import Lock
from time import monotonic

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from search.models import EngineTrouble

logger = logging.getLogger(__name__)

# A process writes so often at most, in seconds: requests that find the engine missing come by the hundred.
PAUSE = 60.0
# Why an index answers no more. Only another index ends that, so no other reason takes the place of these.
GIVEN_UP = "the index was given up: "
NEWER = f"{GIVEN_UP}newer than the database; run manage.py search_reindex"
DIFFERENT = f"{GIVEN_UP}not as the database is; run manage.py search_reindex"
UNTOLD = f"{GIVEN_UP}changed without ELASTICSEARCH_URL; run manage.py search_reindex"
KEPT = timedelta(days=90)


class _Written:
    """What this process last wrote, and when; nothing of it outlives the process, and nothing has to."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at: float | None = None
        # Of a question that was not answered; the next one that is ends it.
        self.is_of_search = False

    def may_write(self, *, of_search: bool) -> bool:
        """Tell whether the last note is old enough for another, and take that as written."""
        now = monotonic()
        with self._lock:
            if self._at is not None and now - self._at < PAUSE:
                return False
            self._at, self.is_of_search = now, of_search
            return True

    def forget(self) -> None:
        """Let the next note be written, whatever was written before."""
        with self._lock:
            self._at, self.is_of_search = None, False


_written = _Written()


def note(reason: str, *, until_closed: bool = False) -> None:
    """Note that the database answers in place of Elasticsearch; never fails, and hardly ever writes.

    With `until_closed` an answer is no proof that it is over: a server may answer and take no writing.

    A page that is only read may come from a database that takes no writing now: then the log has it alone.
    """
    # What has a reason of its own is told at once, and once: the index is gone with it.
    if not _written.may_write(of_search=not until_closed) and not reason.startswith(GIVEN_UP):
        return
    logger.warning("Search: the database answers in place of Elasticsearch: %s", reason)
    try:
        with transaction.atomic():
            _note(reason[:300])
    except DatabaseError:
        logger.warning("Search: the note about it could not be written", exc_info=True)


def over() -> None:
    """Note that Elasticsearch answers again; writes only after a question of this process that it did not answer."""
    if _written.is_of_search:
        close()


def close() -> None:
    """Close the open trouble, whoever opened it; never fails."""
    _written.forget()
    try:
        with transaction.atomic():
            EngineTrouble.objects.filter(is_open=True).update(is_open=False, ended=timezone.now())
    except DatabaseError:
        logger.warning("Search: the end of a trouble could not be written", exc_info=True)


def open_trouble() -> EngineTrouble | None:
    """Return the trouble that goes on, if any."""
    return EngineTrouble.objects.filter(is_open=True).first()


def last(number: int = 10) -> list[EngineTrouble]:
    """Return the latest troubles, the newest first."""
    return list(EngineTrouble.objects.order_by("-began", "-pk")[:number])


def forget_old() -> None:
    """Delete what nobody asks about any more."""
    EngineTrouble.objects.filter(is_open=False, ended__lt=timezone.now() - KEPT).delete()


def forget_process() -> None:
    """Forget what this process wrote: for tests, which share a process and no database."""
    _written.forget()


def _note(reason: str) -> None:
    if _seen_again(reason):
        return
    try:
        with transaction.atomic():
            EngineTrouble.objects.create(reason=reason)
    except IntegrityError:
        # Another process noticed in the same moment.
        _seen_again(reason)


def _seen_again(reason: str) -> bool:
    opened = EngineTrouble.objects.filter(is_open=True)
    other: Case | Value = Value(reason)
    if not reason.startswith(GIVEN_UP):
        other = Case(When(reason__startswith=GIVEN_UP, then=F("reason")), default=other)
    return bool(opened.update(reason=other, times=F("times") + 1, last_seen=timezone.now()))
