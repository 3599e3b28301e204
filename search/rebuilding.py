"""Build an index beside the one that answers, and let it take its place when it is whole.

The row of the index that is being built is there before the first document is read: from then on every change reaches both.
A build that was interrupted goes on after the last key that it noted, and what it sent twice has the same version.
"""

import fcntl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from portal.core.failpoints import failpoint
from search import mirror, troubles
from search.comparing import Comparison, compare
from search.engines.base import EngineUnavailableError
from search.engines.elasticsearch import bulk, index
from search.engines.elasticsearch.connection import indexing_client
from search.engines.elasticsearch.failures import unavailable
from search.models import IndexedDocument, MirrorIndex

BATCH = 500
# Changes go on while the two are compared; so often it looks again.
_COMPARISONS = 3
_LOCK = 0x706F7274616C

Progress = Callable[[int, int], None]


class BusyError(RuntimeError):
    """Somebody else builds the index at this moment."""


class DifferentError(RuntimeError):
    """The new index is not what the rows are, so it does not take over."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__("\n".join(comparison.lines()))
        self.comparison = comparison


def _silently(done: int, total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it."""

    name: str
    comparison: Comparison
    resumed: bool


def rebuild(*, restart: bool = False, progress: Progress | None = None) -> Built:
    """Build an index, compare it with the rows, and switch to it in one call.

    Args:
        restart: begin anew, whatever an earlier build had done.
        progress: called with the documents sent so far, and all.

    Raises:
        BusyError: it is being built already.
        DifferentError: what is there in the end is not what should be; the old index goes on answering.
        EngineUnavailableError: the server did not answer; called again, the build goes on where it was.
    """
    with _alone():
        building = _begun(restart)
        resumed = bool(building.last_key)
        try:
            comparison = _filled(building, progress or _silently)
        except (DifferentError, bulk.MissingIndexError):
            if not resumed:
                raise
            # What was begun is of another time, as after a restored backup.
            resumed, building = False, _begun(restart=True)
            comparison = _filled(building, progress or _silently)
        _switch(building)
        _clear_away(building.name)
        # What the index before could not be told, since other code had made it, or it was broken.
        _catch_up()
    troubles.close()
    return Built(building.name, comparison, resumed)


def live_comparison() -> Comparison | None:
    """Compare the index that answers, writing nothing; None if there is none for this code.

    Raises:
        EngineUnavailableError: the server does not answer.
    """
    live = MirrorIndex.objects.filter(state=MirrorIndex.LIVE, fingerprint=index.fingerprint()).first()
    return None if live is None else compare(live.name)


def _filled(building: MirrorIndex, progress: Progress) -> Comparison:
    _fill(building, progress)
    return _settled(building.name)


def _begun(restart: bool) -> MirrorIndex:
    earlier = MirrorIndex.objects.filter(state=MirrorIndex.BUILDING).first()
    if earlier is not None and not restart and _is_whole(earlier):
        return earlier
    if earlier is not None:
        # Its server's part is cleared away after the switch, with everything else that is not in use.
        earlier.delete()
    name = index.new_name()
    with unavailable():
        indexing_client().indices.create(index=name, **index.body(), aliases={index.write_alias(name): {}})
    failpoint("rebuild.after_create")
    return MirrorIndex.objects.create(name=name, state=MirrorIndex.BUILDING, fingerprint=index.fingerprint())


def _is_whole(earlier: MirrorIndex) -> bool:
    """Tell whether a build can go on: made by this code, and its index is still there."""
    if earlier.fingerprint != index.fingerprint():
        return False
    with unavailable():
        return bool(indexing_client().indices.exists_alias(name=index.write_alias(earlier.name)))


def _fill(building: MirrorIndex, progress: Progress) -> None:
    total = IndexedDocument.objects.count()
    done = IndexedDocument.objects.filter(key__lte=building.last_key).count() if building.last_key else 0
    progress(done, total)
    while rows := list(mirror.described().filter(key__gt=building.last_key).order_by("key")[:BATCH]):
        bulk.send(building.name, [bulk.Entry(row.key, row.version, row) for row in rows])
        failpoint("rebuild.after_batch")
        building.last_key = rows[-1].key
        building.save(update_fields=["last_key"])
        done += len(rows)
        progress(done, max(done, total))


def _settled(name: str) -> Comparison:
    """Return how the whole index compares, with what changed meanwhile sent as well.

    Raises:
        DifferentError: it is not as it should be, looked at again and again.
    """
    for _time in range(_COMPARISONS):
        _catch_up()
        comparison = compare(name)
        if comparison.is_right:
            return comparison
    raise DifferentError(comparison)


def _catch_up() -> None:
    """Send what changed, as far as the index that answers takes it; a broken one must not keep another from its place.

    What is not sent stays noted, is left out of the comparison, and of the answers until it is.
    """
    with suppress(EngineUnavailableError):
        mirror.catch_up()


def _switch(building: MirrorIndex) -> None:
    """Let the new index answer. In between the two steps changes reach both, so either may."""
    answering = [{"add": {"index": building.name, "alias": alias}} for alias in (index.alias(), index.prefix())]
    with unavailable():
        client = indexing_client()
        client.indices.put_settings(index=building.name, settings={"index.refresh_interval": None})
        client.indices.update_aliases(actions=[*_taken_off(building.name), *answering])
    failpoint("rebuild.after_switch")
    with transaction.atomic():
        MirrorIndex.objects.filter(state=MirrorIndex.LIVE).delete()
        building.state, building.finished = MirrorIndex.LIVE, timezone.now()
        building.save(update_fields=["state", "finished"])


def _taken_off(new: str) -> list[dict[str, dict[str, str]]]:
    """Return what takes the aliases from every other index of the portal, in the same call."""
    client = indexing_client()
    return [
        {"remove": {"index": name, "alias": alias}}
        for name, known in client.indices.get_alias(index=f"{index.prefix()}-*").items()
        for alias in known["aliases"]
        if name != new and index.is_ours(name) and alias != index.write_alias(name)
    ]


def _clear_away(live: str) -> None:
    """Delete the portal's other indexes: the one before, and what interrupted builds left."""
    with unavailable():
        client = indexing_client()
        found = client.indices.get_alias(index=f"{index.prefix()}-*")
        for name in found:
            if name != live and index.is_ours(name):
                client.indices.delete(index=name, ignore_unavailable=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep a second build out: on PostgreSQL for every machine, on SQLite for this one, which is all there is."""
    if connection.vendor == "postgresql":
        with _postgresql_lock():
            yield
        return
    name = sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:16]
    with (Path(tempfile.gettempdir()) / f"portal-search-{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError from error
        yield


@contextmanager
def _postgresql_lock() -> Iterator[None]:
    # Of the session, not of a transaction: a build is thousands of them. It goes with the process that dies.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise BusyError
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
