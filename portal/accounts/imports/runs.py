"""An import from the upload to the end. The request stores the file and asks; the worker reads, plans and carries out.

Reading and planning go step by step, a batch and a transaction each, so that a page can show how far they are and a crash
costs one step. Carrying out is one transaction: it computes the plan again under the lock of the municipality's tree and,
where somebody has changed something meanwhile, shows the new plan instead of doing the old one.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts.imports import memberships, units
from portal.accounts.imports.columns import key_of, recognise, values_of, whose
from portal.accounts.imports.files import Examiner, FileRefusedError, Lines, Record, in_chunks, records
from portal.accounts.models import ImportAction, ImportChunk, ImportKind, ImportRow, ImportRun, ImportState
from portal.core import audit, outbox, periodic
from portal.core.errors import RefusedError
from portal.core.failpoints import failpoint
from portal.core.models import OutboxMessage
from portal.organisations.api import Municipality, lock_tree

logger = logging.getLogger(__name__)

TOPIC = "accounts.import"
BATCH = memberships.BATCH
KEEP = dt.timedelta(days=7)


@transaction.atomic
def import_receive(
    *,
    actor: Any,
    municipality: Municipality,
    kind: str,
    filename: str,
    pieces: Iterable[bytes],
    starts_on: dt.date | None = None,
) -> ImportRun:
    """Store a file and let the worker plan it; nothing of it is carried out before somebody has said so.

    Raises:
        FileRefusedError: the file can be no list, is too large, or lacks a column; nothing of it is stored.
    """
    run = ImportRun.objects.create(
        municipality=municipality, kind=kind, filename=filename[:120], started_by=actor, starts_on=starts_on
    )
    examiner = Examiner()
    for number, piece in enumerate(in_chunks(pieces)):
        examiner.look(piece)
        ImportChunk.objects.create(run=run, number=number, content=piece)
    found = examiner.result()
    run.encoding, run.position = found.encoding, found.start
    _read_heading(run)
    # Each line is looked at twice: once to read it, once to compare it.
    run.total = 2 * max(found.lines - run.line, 0)
    run.save()
    audit.record(actor=actor, action="import.upload", obj=run, after={"kind": kind, "lines": run.total // 2})
    _go_on(run)
    return run


@transaction.atomic
def import_apply(*, run: ImportRun, actor: Any, plan_version: int, end_missing: bool = False) -> ImportRun:
    """Let the worker carry out the plan that the actor has seen.

    Raises:
        RefusedError: it is another plan now, holds wrong lines, or another import is being carried out.
    """
    run = _locked(run)
    if run.state != ImportState.PLANNED or run.plan_version != plan_version:
        raise RefusedError(_("The plan has become another one meanwhile. Look at it and decide again."))
    if run.counts.get(ImportAction.ERROR):
        raise RefusedError(
            _("The file holds wrong lines. Mend them and upload it again: a file is carried out as a whole.")
        )
    run.state, run.end_missing, run.started_by, run.problem = ImportState.APPLYING, end_missing, actor, ""
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise RefusedError(
            _("Another import of the municipality is being carried out. Wait until it is done.")
        ) from error
    _go_on(run)
    return run


@transaction.atomic
def import_abandon(*, run: ImportRun, actor: Any) -> ImportRun:
    """Drop an import and delete its file; what is being carried out, or was, cannot be dropped."""
    run = _locked(run)
    if run.state in {ImportState.APPLYING, ImportState.APPLIED, ImportState.ABANDONED}:
        return run
    _finish(run, ImportState.ABANDONED)
    audit.record(actor=actor, action="import.abandon", obj=run)
    return run


@transaction.atomic
def import_retry(*, run: ImportRun, actor: Any) -> ImportRun:
    """Start a stopped import again from its stored file."""
    run = _locked(run)
    if run.state != ImportState.FAILED or not run.chunks.exists():
        return run
    _plan_anew(run, "")
    audit.record(actor=actor, action="import.retry", obj=run)
    return run


def work(message: OutboxMessage) -> None:
    """Take the next step of an import; called by the outbox, within the transaction of the message."""
    run = ImportRun.objects.select_for_update().filter(uuid=message.payload["run"]).first()
    if run is None or not run.is_working:
        return
    with translation.override(settings.LANGUAGE_CODE):
        try:
            with transaction.atomic():
                _step(run)
        except OperationalError:
            # A deadlock or a lost connection: the outbox tries again.
            raise
        except FileRefusedError as refused:
            _stop(run, str(refused))
        except Exception:
            logger.exception("Import %s stopped", run.uuid)
            _stop(run, _("Something went wrong on our side. Nothing has been changed. Try again."))


def _step(run: ImportRun) -> None:
    if run.state == ImportState.APPLYING:
        _carry_out(run)
    elif (not run.last_key and _read_batch(run)) or _compare_batch(run):
        _go_on(run)
    else:
        _planned(run)


def _go_on(run: ImportRun) -> None:
    outbox.enqueue(TOPIC, {"run": str(run.uuid)}, key=str(run.uuid))


def _locked(run: ImportRun) -> ImportRun:
    found: ImportRun = ImportRun.objects.select_for_update().get(pk=run.pk)
    return found


def _read_heading(run: ImportRun) -> None:
    lines = Lines(run)
    first = next(lines, "")
    if first.lower().startswith("sep="):
        # Excel's own way to name the separator.
        first = next(lines, "")
    run.delimiter, run.columns = recognise(run.kind, first.rstrip("\r\n"))
    run.position, run.line = lines.position, lines.line


def _read_batch(run: ImportRun) -> bool:
    """Read the next lines; tell whether there were any."""
    lines = Lines(run)
    read = list(islice(records(run, lines), BATCH))
    if not read:
        return False
    ImportRow.objects.bulk_create([_row(run, record) for record in read], batch_size=500)
    if run.kind == ImportKind.UNITS and run.rows.count() > units.MAX_UNITS:
        raise FileRefusedError(_("The file has more than %(count)s units.") % {"count": units.MAX_UNITS})
    run.state, run.position, run.done = ImportState.PLANNING, lines.position, run.done + lines.line - run.line
    run.line = lines.line
    run.save()
    failpoint("imports.read")
    return True


def _row(run: ImportRun, record: Record) -> ImportRow:
    values, problems = values_of(run.kind, run.columns, record.cells)
    row = ImportRow(run=run, line=record.line, values=values)
    if problems:
        row.action, row.problem = ImportAction.ERROR, " ".join(problems)
    else:
        row.key = key_of(run.kind, values)
        if run.kind == ImportKind.MEMBERSHIPS:
            row.who, row.email = whose(values), values["email"]
    return row


def _compare_batch(run: ImportRun) -> bool:
    """Compare the next lines with what is here; tell whether there were any."""
    if run.kind == ImportKind.UNITS:
        units.plan(run)
        return False
    if not run.last_key:
        memberships.contradictions(run)
    rows = memberships.next_batch(run, run.last_key)
    if not rows:
        memberships.same_person_twice(run)
        if not run.rows.filter(action=ImportAction.ERROR).exists():
            # A line that could not be read would otherwise count as one that is missing.
            memberships.plan_missing(run)
        return False
    memberships.plan_batch(run, rows)
    run.last_key, run.done = rows[-1].key, run.done + len(rows)
    run.save()
    failpoint("imports.compared")
    return True


def _planned(run: ImportRun, problem: str = "") -> None:
    found = run.rows.order_by().values_list("action").annotate(n=Count("pk"))
    run.counts = dict(found)
    run.state, run.done, run.problem = ImportState.PLANNED, run.total, problem
    run.plan_version += 1
    if not run.rows.exists():
        raise FileRefusedError(_("The file has headings and no lines."))
    run.save()


def _carry_out(run: ImportRun) -> None:
    lock_tree(run.municipality)
    if _plan_again(run):
        _planned(
            run,
            _("Somebody has changed something since the plan was made. Nothing has been done; this is the new plan."),
        )
        return
    try:
        with transaction.atomic():
            _kind(run).carry_out(run, run.started_by)
            failpoint("imports.before_applied")
    except (IntegrityError, units.RefusedStepsError) as error:
        text = _("It could not be carried out, and nothing has been done.")
        told = f" {error}" if isinstance(error, units.RefusedStepsError) else ""
        _planned(run, text + told)
        return
    done = {action: count for action, count in run.counts.items() if action != ImportAction.ENDS or run.end_missing}
    audit.record(actor=run.started_by, action="import.apply", obj=run, after={"kind": run.kind, **done})
    run.counts = done
    _finish(run, ImportState.APPLIED)


def _kind(run: ImportRun) -> Any:
    return units if run.kind == ImportKind.UNITS else memberships


def _plan_again(run: ImportRun) -> bool:
    """Compute the plan under the lock, store it where it differs, and tell whether it does."""
    if run.kind == ImportKind.UNITS:
        return units.plan(run)
    differs, key = False, ""
    while rows := memberships.next_batch(run, key):
        differs |= memberships.plan_batch(run, rows, lock=True)
        key = rows[-1].key
    memberships.same_person_twice(run)
    differs |= run.rows.filter(action=ImportAction.ERROR).exists()
    return memberships.plan_missing(run) or differs


def _plan_anew(run: ImportRun, problem: str) -> None:
    _forget(run.rows.all())
    run.state, run.problem, run.last_key, run.done, run.line = ImportState.UPLOADED, problem, "", 0, 0
    head = bytes(run.chunks.values_list("content", flat=True).get(number=0)[:3])
    run.position = 3 if run.encoding == "utf-8" and head == b"\xef\xbb\xbf" else 0
    _read_heading(run)
    run.save()
    _go_on(run)


def _finish(run: ImportRun, state: ImportState) -> None:
    """End the run; the file and its lines hold personal data and go at once."""
    run.state, run.finished_at, run.done = state, timezone.now(), run.total
    _forget(run.rows.all())
    _forget(run.chunks.all())
    run.save()


def _forget(rows: QuerySet[Any]) -> None:
    """Delete rows that nothing hangs on, without loading them: there may be fifty thousand."""
    rows._raw_delete(rows.db)


def _stop(run: ImportRun, text: str) -> None:
    run.refresh_from_db()
    run.state, run.problem, run.finished_at = ImportState.FAILED, text, timezone.now()
    run.save()


def forget_imports() -> None:
    """Drop what nobody has decided on for a week: the file holds personal data."""
    old = ImportRun.objects.filter(created_at__lt=timezone.now() - KEEP)
    for run in old.exclude(state__in=[ImportState.APPLIED, ImportState.ABANDONED, ImportState.APPLYING]).order_by("pk"):
        import_abandon(run=run, actor=None)


def register() -> None:
    """Add the worker's job and the clock's; called when the app is ready."""
    outbox.handler(TOPIC)(work)
    periodic.register("accounts.imports", dt.timedelta(hours=1), forget_imports)
