"""The plan of a list of memberships, batch by batch, and carrying it out.

A line is about the membership of the same person, role and unit that begins on the same day or overlaps it. What an import
did not begin, it leaves alone. The rules read the database as it is and write to the plan only; carried out, the plan is
first computed again under the lock, and what differs is shown instead.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.imports.cells import tidy
from portal.accounts.imports.columns import Values, as_day
from portal.accounts.imports.people import Known, People, UnclearPersonError
from portal.accounts.models import (
    COORDINATOR_GIVES,
    ImportAction,
    ImportRow,
    ImportRun,
    Membership,
    Source,
    User,
    scope_of,
)
from portal.accounts.services.memberships import told
from portal.core import audit
from portal.core.failpoints import failpoint
from portal.core.formats import long_date
from portal.organisations.api import Unit

BATCH = 1000
_DAY = dt.timedelta(days=1)
_FOREVER = dt.date.max
# What a line may change in a membership that an import began.
_FIELDS = ("valid_from", "valid_to", "name", "person_code", "email")

Place = tuple[str, str, int | None]


def start_day(run: ImportRun) -> dt.date:
    """Return the day that lines without a first day begin on."""
    today = timezone.localdate()
    return max(run.starts_on, today) if run.starts_on else today


def contradictions(run: ImportRun) -> None:
    """Mark the lines that give one number two addresses, or one address two numbers."""
    rows = run.rows.exclude(action=ImportAction.ERROR).exclude(email="")
    for field, other, text in (
        ("who", "email", _("The employee number has different e-mail addresses in the file.")),
        (
            "email",
            "who",
            _("The e-mail address stands at different employee numbers in the file, or at one and at none."),
        ),
    ):
        wrong = rows.order_by().values(field).annotate(n=Count(other, distinct=True)).filter(n__gt=1)
        _mark(run.rows.filter(**{f"{field}__in": wrong.values(field)}), text)


def same_person_twice(run: ImportRun) -> None:
    """Mark lines that name one person in two ways, once by number and once by address."""
    rows = run.rows.exclude(person="").exclude(action=ImportAction.ERROR).order_by()
    double = rows.values("person").annotate(n=Count("who", distinct=True)).filter(n__gt=1)
    text = _("The file names the same person in two ways. Write her employee number on each of her lines.")
    _mark(run.rows.filter(person__in=double.values("person")), text)


def _mark(rows: QuerySet[ImportRow], text: str) -> None:
    keys = list(rows.values_list("pk", flat=True))
    for begin in range(0, len(keys), BATCH):
        part = ImportRow.objects.filter(pk__in=keys[begin : begin + BATCH])
        part.update(action=ImportAction.ERROR, problem=text, target=None, changes={})


def next_batch(run: ImportRun, after: str) -> list[ImportRow]:
    """Return whole groups of lines with the same key; a group is never divided between two batches."""
    rows = run.rows.filter(line__isnull=False, key__gt=after).exclude(action=ImportAction.ERROR)
    found = list(rows.order_by("key", "line")[: BATCH + 1])
    if len(found) <= BATCH or found[0].key == found[-1].key:
        return found if len(found) <= BATCH else list(rows.filter(key=found[0].key).order_by("line"))
    return [row for row in found if row.key != found[-1].key]


def plan_batch(run: ImportRun, rows: list[ImportRow], *, lock: bool = False) -> bool:
    """Work out what the lines ask for, write what differs from the stored plan, and tell whether anything did."""
    batch = _Batch(run, rows, lock=lock)
    before = {row.pk: _outcome(row) for row in rows}
    for _key, group in groupby(rows, key=lambda row: row.key):
        batch.plan(list(group))
    changed = [row for row in rows if _outcome(row) != before[row.pk]]
    ImportRow.objects.bulk_update(changed, ["action", "target", "changes", "person", "problem"], batch_size=200)
    return bool(changed)


def _outcome(row: ImportRow) -> tuple[Any, ...]:
    return row.action, row.target, row.changes, row.person, row.problem


class _Batch:
    """What a batch needs to know, in a fixed number of queries."""

    def __init__(self, run: ImportRun, rows: list[ImportRow], *, lock: bool) -> None:
        self.start = start_day(run)
        values = [row.values for row in rows]
        codes = {line["unit"] for line in values if line["unit"]}
        self.units = {unit.code: unit for unit in Unit.objects.filter(municipality=run.municipality_id, code__in=codes)}
        self.people = People(run.municipality, values)
        self.known: dict[str, Known] = {}
        self.unclear: dict[str, str] = {}
        for row in rows:
            self._find(row)
        self.held = self._held(run, lock)

    def _find(self, row: ImportRow) -> None:
        if row.who not in self.known:
            try:
                self.known[row.who] = self.people.find(row.values)
            except UnclearPersonError as error:
                self.unclear[row.who] = str(error)

    def _held(self, run: ImportRun, lock: bool) -> dict[Place, list[Membership]]:
        users = {known.user for known in self.known.values() if known.user}
        emails = {known.email for known in self.known.values() if not known.user}
        persons = Q(user__in=users) | Q(user__isnull=True, email__in=emails)
        found = Membership.objects.filter(persons, municipality=run.municipality_id, revoked_at__isnull=True)
        found = found.filter(role__in=COORDINATOR_GIVES).order_by("pk")
        held: dict[Place, list[Membership]] = defaultdict(list)
        for membership in found.select_for_update() if lock else found:
            mark = f"u:{membership.user_id}" if membership.user_id else f"m:{membership.email}"
            held[mark, membership.role, membership.unit_id].append(membership)
        return held

    def plan(self, group: list[ImportRow]) -> None:
        """Plan the lines of one person, role and unit together."""
        for row in group:
            row.action, row.target, row.changes, row.problem = ImportAction.NEW, None, {}, self._problem(row)
        for place, row in enumerate(group):
            earlier = [one for one in group[:place] if not one.problem and _overlap(self._days(one), self._days(row))]
            if not row.problem and earlier:
                row.problem = _("The same as line %(line)s: person, role and unit, at the same time.") % {
                    "line": earlier[0].line
                }
        for row in group:
            if row.problem:
                row.action = ImportAction.ERROR
        fine = [row for row in group if not row.problem]
        if fine:
            self._match(fine)

    def _days(self, row: ImportRow) -> tuple[dt.date, dt.date]:
        first, last = as_day(row.values.get("valid_from")), as_day(row.values.get("valid_to"))
        return first or min(self.start, last or self.start), last or _FOREVER

    def _problem(self, row: ImportRow) -> str:
        if row.who in self.unclear:
            return self.unclear[row.who]
        row.person = self.known[row.who].mark
        code = row.values["unit"]
        if not code:
            return ""
        unit = self.units.get(code)
        if unit is None:
            return _("There is no unit with the code %(code)s.") % {"code": code}
        first, last = self._days(row)
        if first < unit.valid_from:
            text = _("The unit %(code)s begins on %(day)s, and the line earlier.")
            return text % {"code": code, "day": long_date(unit.valid_from)}
        if unit.valid_to is not None and last > unit.valid_to:
            text = _("The unit %(code)s ends on %(day)s. The line must end no later.")
            return text % {"code": code, "day": long_date(unit.valid_to)}
        return ""

    def _match(self, group: list[ImportRow]) -> None:
        unit = self.units.get(group[0].values["unit"])
        place = (group[0].person, group[0].values["role"], unit.pk if unit else None)
        free = list(self.held.get(place, ()))
        for exact in (True, False):
            for row in group:
                if row.target is None and (found := self._fitting(row, free, exact)):
                    free.remove(found)
                    self._compare(row, found)

    def _fitting(self, row: ImportRow, free: list[Membership], exact: bool) -> Membership | None:
        wanted = as_day(row.values.get("valid_from"))
        if exact:
            return next((one for one in free if one.valid_from == wanted), None)
        days = self._days(row)
        return next((one for one in free if _overlap(days, (one.valid_from, one.valid_to or _FOREVER))), None)

    def _compare(self, row: ImportRow, membership: Membership) -> None:
        row.target = membership.pk
        changes = dict(_differences(row.values, membership))
        if changes and membership.source != Source.IMPORT:
            row.action, row.problem = ImportAction.UNCHANGED, _("Was not begun by an import, and is left as it is.")
            return
        first = as_day(changes.get("valid_from", [None, None])[1]) or membership.valid_from
        last = as_day(changes["valid_to"][1]) if "valid_to" in changes else membership.valid_to
        if last is not None and last < first:
            row.action, row.problem = ImportAction.ERROR, _("The last day lies before the first.")
            return
        row.action = ImportAction.CHANGED if changes else ImportAction.UNCHANGED
        row.changes = changes


def _overlap(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _differences(values: Values, membership: Membership) -> Iterator[tuple[str, list[Any]]]:
    """Yield what the line says otherwise; a column that the file lacks, and an empty first day, say nothing."""
    for field in _FIELDS:
        if field not in values or (field in {"valid_from", "email", "name", "person_code"} and not values[field]):
            continue
        if field == "email" and membership.user_id:
            # An account's address is its owner's business.
            continue
        held = getattr(membership, field)
        stored = held.isoformat() if isinstance(held, dt.date) else held and tidy(held)
        if stored != values[field]:
            yield field, [stored, values[field]]


def missing(run: ImportRun) -> QuerySet[Membership]:
    """Return what an import began and the file does not mention."""
    mentioned = run.rows.filter(line__isnull=False, target__isnull=False).values("target")
    rows = Membership.objects.not_over(start_day(run)).filter(municipality=run.municipality_id, source=Source.IMPORT)
    found: QuerySet[Membership] = rows.filter(role__in=COORDINATOR_GIVES).exclude(pk__in=mentioned)
    return found.select_related("unit").order_by("pk")


def plan_missing(run: ImportRun) -> bool:
    """Write down what the file does not mention, and tell whether that differs from what was written before."""
    known = run.rows.filter(line__isnull=True)
    gone = known.exclude(target__in=missing(run).values("pk"))
    deleted = gone._raw_delete(gone.db)
    new = missing(run).exclude(pk__in=known.filter(target__isnull=False).values("target"))
    added = 0
    for part in _parts(new.iterator(chunk_size=BATCH)):
        added += len(ImportRow.objects.bulk_create([_ending(run, membership) for membership in part]))
    return bool(deleted or added)


def _ending(run: ImportRun, membership: Membership) -> ImportRow:
    values = {
        "person_code": membership.person_code,
        "name": membership.name,
        "email": membership.email,
        "unit": membership.unit.code if membership.unit else "",
        "role": membership.role,
    }
    return ImportRow(run=run, line=None, action=ImportAction.ENDS, values=values, target=membership.pk)


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for item in items:
        part.append(item)
        if len(part) >= BATCH:
            yield part
            part = []
    if part:
        yield part


def carry_out(run: ImportRun, actor: Any) -> None:
    """Do what the plan says, batch by batch in the caller's one transaction: first what makes room, last what takes it.

    Wagtail's groups need no sync here: none of the roles that a coordinator gives has one.
    """
    if run.end_missing:
        for rows in _of(run, ImportAction.ENDS):
            _end(run, rows, actor)
    for rows in _of(run, ImportAction.CHANGED):
        _change(rows, actor)
    for rows in _of(run, ImportAction.NEW):
        _begin(run, rows, actor)


def _of(run: ImportRun, action: ImportAction) -> Iterator[list[ImportRow]]:
    last = 0
    while rows := list(run.rows.filter(action=action, pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk
        failpoint("imports.between_batches")


def _targets(rows: list[ImportRow]) -> dict[int, Membership]:
    found = Membership.objects.select_related(None).filter(pk__in=[row.target for row in rows]).order_by("pk")
    places = ("user", "unit", "municipality", "region", "party")
    locked = found.select_for_update(of=("self",)).select_related(*places)
    return {membership.pk: membership for membership in locked}


def _end(run: ImportRun, rows: list[ImportRow], actor: Any) -> None:
    before = start_day(run) - _DAY
    changes = []
    for membership in _targets(rows).values():
        was = told(membership)
        if membership.valid_from <= before:
            membership.valid_to = before
        else:
            membership.revoked_at = timezone.now()
        changes.append((membership, was, told(membership)))
    Membership.objects.bulk_update([change[0] for change in changes], ["valid_to", "revoked_at"], batch_size=200)
    audit.record_all(actor=actor, action="membership.end", changes=changes)


def _change(rows: list[ImportRow], actor: Any) -> None:
    targets = _targets(rows)
    changes = []
    for row in rows:
        membership = targets[row.target or 0]
        was = told(membership)
        for field, (_old, new) in row.changes.items():
            setattr(membership, field, as_day(new) if field.startswith("valid_") else new or "")
        # Names and addresses stay out of the trail, which outlives the person's data; that they changed does not.
        changes.append((membership, was, {**told(membership), "fields": sorted(row.changes)}))
    Membership.objects.bulk_update([change[0] for change in changes], list(_FIELDS), batch_size=200)
    audit.record_all(actor=actor, action="membership.change", changes=changes)


def _begin(run: ImportRun, rows: list[ImportRow], actor: Any) -> None:
    codes = {row.values["unit"] for row in rows if row.values["unit"]}
    units = {unit.code: unit for unit in Unit.objects.filter(municipality=run.municipality_id, code__in=codes)}
    users = User.objects.in_bulk([int(row.person[2:]) for row in rows if row.person.startswith("u:")])
    made = [_membership(run, row, units.get(row.values["unit"]), users) for row in rows]
    Membership.objects.bulk_create(made)
    changes = [(membership, None, told(membership)) for membership in made]
    audit.record_all(actor=actor, action="membership.grant", changes=changes)


def _membership(run: ImportRun, row: ImportRow, unit: Unit | None, users: dict[int, User]) -> Membership:
    kind, _colon, who = row.person.partition(":")
    values = row.values
    membership = Membership(
        user=users[int(who)] if kind == "u" else None,
        email=values["email"] or (who if kind == "m" else ""),
        name=values.get("name", ""),
        person_code=values.get("person_code", ""),
        role=values["role"],
        municipality=run.municipality,
        unit=unit,
        valid_from=as_day(values.get("valid_from")) or start_day(run),
        valid_to=as_day(values.get("valid_to")),
        source=Source.IMPORT,
    )
    membership.scope = scope_of(membership)
    return membership
