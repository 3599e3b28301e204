"""Keep Elasticsearch in step with the index: what changed is a row until Elasticsearch has it.

The rows are written in the transaction of the change (`search.store`). They are sent in order, with versions that rise with
every writing, so a repeated or late delivery changes nothing, and they are deleted only at the version that was sent and
can be found. Whoever dies in between, or finds the server away, leaves the rows, and the next one sends them again.

Until a row is gone its document is kept out of Elasticsearch's answers; with too many rows, or old ones, the database
answers. Changes made while no Elasticsearch is configured leave no rows: the store then forgets which index answered, so
that nothing stale is shown when there is one again, until `manage.py search_reindex` has built another.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from time import monotonic

from django.db import connection as database
from django.db import transaction
from django.db.models import CharField, IntegerField, Q, QuerySet, Value
from django.utils import timezone

from portal.core import outbox
from portal.core.failpoints import failpoint
from portal.core.models.outbox import OutboxMessage
from search import troubles
from search.engines.base import EngineRequest, EngineUnavailableError, Match, SearchEngine
from search.engines.elasticsearch import bulk, connection, index
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.failures import unavailable
from search.models import IndexChange, IndexedDocument, MirrorIndex
from search.store import MIRROR

logger = logging.getLogger(__name__)

MOST_PENDING = 100
LONGEST_PENDING = timedelta(minutes=5)
TOMBSTONES = timedelta(days=1)
BATCH = 200
# After a failure the worker, which has mails to send, leaves the server alone for so many seconds.
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0


def ready_engine() -> tuple[SearchEngine, frozenset[str]]:
    """Return the engine that answers from the mirror, and the keys that it may not show; one query.

    Raises:
        EngineUnavailableError: there is no index that this code can ask, or it is too far behind.
    """
    if not connection.breaker.allows():
        raise EngineUnavailableError("left alone after failures")
    return ElasticsearchEngine(), pending_keys()


def pending_keys() -> frozenset[str]:
    """Return the documents that Elasticsearch does not have as they are.

    Raises:
        EngineUnavailableError: there is no index that this code can ask, or it is too far behind.
    """
    live = MirrorIndex.objects.filter(state=MirrorIndex.LIVE, fingerprint=index.fingerprint()).order_by()
    behind = IndexChange.objects.order_by()
    rows = (
        live.annotate(rank=Value(0, IntegerField()), told=Value("", CharField()))
        .values_list("rank", "told", "started")
        .union(behind.annotate(rank=Value(1, IntegerField())).values_list("rank", "key", "since"), all=True)
        .order_by("rank", "started")[: MOST_PENDING + 2]
    )
    known, *changes = list(rows) or [(1, "", timezone.now())]
    if known[0]:
        raise EngineUnavailableError("no index for this version of the portal; run manage.py search_reindex")
    if len(changes) > MOST_PENDING or (changes and changes[0][2] < timezone.now() - LONGEST_PENDING):
        raise EngineUnavailableError("the index is behind the changes")
    return frozenset(key for _rank, key, _since in changes)


def behind() -> bool:
    """Tell whether the database has to answer, since Elasticsearch has no index or misses too much."""
    try:
        pending_keys()
    except EngineUnavailableError:
        return True
    return False


def catch_up(batches: int = 20) -> int:
    """Send what changed, oldest first, and return how many changes were taken over.

    Raises:
        EngineUnavailableError: the server does not take them now; they stay.
    """
    done = 0
    further = Q()
    for _number in range(batches):
        changes = list(IndexChange.objects.filter(further).order_by("version", "pk")[:BATCH])
        # After the changes: an index that is not there yet is built from what they changed already.
        indexes = list(MirrorIndex.objects.all())
        if not changes or any(one.fingerprint != index.fingerprint() for one in indexes):
            # Other fields, other code: whoever made that index writes to it, or builds the one that replaces it.
            break
        done += _send(indexes, changes)
        last = changes[-1]
        # What stays is in somebody's hands, who sees to it that it is sent again.
        further = Q(version__gt=last.version) | Q(version=last.version, pk__gt=last.pk)
    return done


def _send(indexes: Sequence[MirrorIndex], changes: Sequence[IndexChange]) -> int:
    entries = _entries(changes)
    for one in indexes:
        try:
            bulk.send(one.name, entries)
            # The one being built as well: if its builder died at the wrong moment, it answers already.
            bulk.refresh(one.name)
        except bulk.MissingIndexError as error:
            give_up(one, str(error))
            raise
        failpoint("mirror.after_index")
    failpoint("mirror.before_forget")
    forgotten = _forget(changes)
    failpoint("mirror.after_forget")
    return forgotten


def give_up(one: MirrorIndex, why: str) -> None:
    """Ask and tell this index nothing more: it is not what the portal made, or not of this database."""
    logger.error("Search: %s: %s; the database answers until search_reindex has run", one.name, why)
    MirrorIndex.objects.filter(pk=one.pk).delete()
    if one.state == MirrorIndex.LIVE:
        troubles.note(why, until_closed=True)


def _forget(sent: Sequence[IndexChange]) -> int:
    """Delete what was sent, and return how many rows that were.

    What somebody changes at this moment is left to the new row: to wait for her, while she waits for another row of the
    batch, would be a deadlock. A row that was written anew has a higher version, and stays.
    """
    skip = database.features.has_select_for_update_skip_locked
    mine = IndexChange.objects.filter(pk__in=[change.pk for change in sent], version__lte=sent[-1].version)
    with transaction.atomic():
        free = list(mine.select_for_update(skip_locked=skip).order_by("key").values_list("pk", flat=True))
        IndexChange.objects.filter(pk__in=free).delete()
    return len(free)


def _entries(changes: Sequence[IndexChange]) -> list[bulk.Entry]:
    rows = {row.key: row for row in described().filter(key__in=[change.key for change in changes])}
    found = ((change, rows.get(change.key)) for change in changes)
    return [bulk.Entry(change.key, row.version if row else change.version, row) for change, row in found]


def described() -> QuerySet[IndexedDocument]:
    """Return the rows with all that a document is made from."""
    return IndexedDocument.objects.prefetch_related("audiences", "facets")


@outbox.handler(MIRROR)
def deliver(message: OutboxMessage) -> None:
    """Send what changed, once the message's own transaction is over: on SQLite it would keep every writer waiting.

    A server that is away is no failure of the message: the rows stay, and `look_after` goes on.
    """
    if connection.configured():
        transaction.on_commit(_try_to_catch_up, robust=True)


class _Pause:
    """When the worker tries again, after how many failures in a row."""

    def __init__(self) -> None:
        self.length = 0.0
        self.until = 0.0

    def longer(self) -> None:
        self.length = min(max(self.length * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
        self.until = monotonic() + self.length

    def over(self) -> None:
        self.length = self.until = 0.0


_pause = _Pause()


def look_after() -> None:
    """Do what is left, by the clock: changes whose message found the server away, and the end of a trouble."""
    if not connection.configured():
        return
    has_trouble = troubles.open_trouble() is not None
    if has_trouble or IndexChange.objects.exists():
        _try_to_catch_up(ask=has_trouble)


def _try_to_catch_up(*, ask: bool = False) -> None:
    """Catch up, unless the server was away a moment ago; with `ask`, see whether it answers again as well."""
    if monotonic() < _pause.until:
        return
    try:
        _probe()
        catch_up()
        if ask:
            _ask()
            troubles.close()
    except EngineUnavailableError as error:
        _pause.longer()
        troubles.note(str(error), until_closed=True)
        return
    _pause.over()


def forget_process() -> None:
    """Forget how long this process leaves the server alone: for tests."""
    _pause.over()


def _probe() -> None:
    """Find out in a moment whether anybody is there: writing has a long time to wait, and others wait for the worker."""
    with unavailable():
        connection.client().info()


def _ask() -> None:
    engine, without = ready_engine()
    engine.search(EngineRequest(terms=(), audiences=frozenset(), limit=1, match=Match.ALL, without=without))


def forget_tombstones() -> None:
    """Delete what stands for documents that have been gone for a day; no delivery comes that late."""
    live = MirrorIndex.objects.filter(state=MirrorIndex.LIVE).first()
    if live is None or not connection.configured():
        return
    old = {"range": {"removed_at": {"lt": (timezone.now() - TOMBSTONES).isoformat()}}}
    query = {"bool": {"filter": [{"term": {"removed": True}}, old], "must_not": [{"term": {"refused": True}}]}}
    with unavailable():
        connection.indexing_client().delete_by_query(
            index=live.name, query=query, conflicts="proceed", ignore_unavailable=True
        )
