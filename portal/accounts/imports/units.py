"""The plan of a list of units as a whole, and carrying it out through the services that a coordinator's screen uses.

The list says how the tree shall be on the day it starts to hold. Whether each step can be done is not worked out a second
time here: the steps are tried in a transaction that is taken back, and what the services refuse is told at its line.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.imports.columns import Values, as_day
from portal.accounts.imports.memberships import start_day
from portal.accounts.models import ImportAction, ImportRow, ImportRun
from portal.core.formats import long_date
from portal.organisations.api import Unit, UnitTree, tree_on, unit_close, unit_create, unit_move, unit_save

MAX_UNITS = 5_000
_DAY = dt.timedelta(days=1)


class RefusedStepsError(Exception):
    """Some steps cannot be done; what the services say, by row."""

    def __init__(self, problems: dict[int, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a service. `row` is the line that asks for it."""

    row: ImportRow
    act: Callable[[], Any]


class UnitPlan:
    """The lines of a file beside the tree as it stands."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.start = run, start_day(run)
        self.rows = list(run.rows.filter(line__isnull=False).order_by("line"))
        self.units: dict[str, Unit] = {
            unit.code: unit for unit in Unit.objects.filter(municipality=run.municipality_id)
        }
        self.codes = {unit.pk: unit.code for unit in self.units.values()}
        self.fine = [row for row in self.rows if row.action != ImportAction.ERROR]
        self.tree: UnitTree = tree_on([run.municipality], on=self.start)

    def check(self) -> None:
        """Work out for each line what it asks for; wrong ones say why."""
        for row in self.fine:
            row.action, row.target, row.changes, row.problem = ImportAction.NEW, None, {}, ""
        self._double()
        for row in self.fine:
            if not row.problem:
                row.problem = self._unknown_parent(row)
        self._circles()
        for row in self.fine:
            if row.problem:
                row.action = ImportAction.ERROR
            elif unit := self.units.get(row.values["code"]):
                self._compare(row, unit)

    def _double(self) -> None:
        first: dict[str, int] = {}
        for row in self.fine:
            line = first.setdefault(row.values["code"], row.line or 0)
            if line != row.line:
                row.problem = _("The code %(code)s stands in line %(line)s already.") % {
                    "code": row.values["code"],
                    "line": line,
                }

    def _unknown_parent(self, row: ImportRow) -> str:
        parent = row.values["parent"]
        if not parent or parent in self.units or any(parent == one.values.get("code") for one in self._named(parent)):
            return ""
        return _("There is no unit with the code %(code)s, neither here nor in the file.") % {"code": parent}

    def _named(self, code: str) -> Iterable[ImportRow]:
        if not hasattr(self, "_by_code"):
            self._by_code = {row.values["code"]: row for row in reversed(self.fine)}
        found = self._by_code.get(code)
        return [found] if found else []

    def _wanted(self) -> dict[str, str]:
        """Return the parent's code of each unit as it will be: from the file, and else from the tree."""
        parents = {self.codes[unit]: self.codes[parent] for unit, parent in self.tree.parents.items() if parent}
        for row in self.fine:
            if not row.problem:
                parents[row.values["code"]] = row.values["parent"]
        return parents

    def _circles(self) -> None:
        parents = self._wanted()
        for row in self.fine:
            path = [row.values["code"]]
            while not row.problem and (above := parents.get(path[-1])):
                if above == path[0]:
                    text = _("The units stand in a circle: %(codes)s.")
                    row.problem = text % {"codes": " → ".join([*path, above][:12])}
                if above in path:
                    break
                path.append(above)

    def _compare(self, row: ImportRow, unit: Unit) -> None:
        values = row.values
        row.target = unit.pk
        first = as_day(values.get("valid_from"))
        if first and first != unit.valid_from:
            text = _("The unit began on %(day)s, and its past is kept. Leave the first day empty.")
            row.action, row.problem = ImportAction.ERROR, text % {"day": long_date(unit.valid_from)}
            return
        if values["name"] != unit.name:
            row.changes["name"] = [unit.name, values["name"]]
        last = unit.valid_to.isoformat() if unit.valid_to else None
        if "valid_to" in values and values["valid_to"] != last:
            row.changes["valid_to"] = [last, values["valid_to"]]
        above = self._above(unit)
        if values["parent"] != above and not (unit.valid_to and unit.valid_to < self.start):
            row.changes["parent"] = [above, values["parent"]]
        row.action = ImportAction.CHANGED if row.changes else ImportAction.UNCHANGED

    def _above(self, unit: Unit) -> str:
        tree = self.tree if unit.exists_on(self.start) else tree_on([self.run.municipality], on=unit.valid_from)
        parent = tree.parents.get(unit.pk)
        return self.codes[parent] if parent else ""

    def absent(self) -> list[Unit]:
        """Return the units that an import began, that go on, and that the file does not mention."""
        mentioned = {row.values.get("code") for row in self.rows}
        return [u for u in self.units.values() if u.imported and u.valid_to is None and u.code not in mentioned]

    def steps(self, actor: Any) -> list[Step]:
        """Return what the lines ask for: from the top of the new tree down, so that nothing is moved into a circle."""
        depth = _depths(self._wanted())
        wanted = [row for row in self.fine if row.action in {ImportAction.NEW, ImportAction.CHANGED}]
        steps = []
        for row in sorted(wanted, key=lambda row: (depth(row.values["code"]), row.line)):
            steps += self._steps(row, actor)
        return steps

    def _steps(self, row: ImportRow, actor: Any) -> list[Step]:
        if row.action == ImportAction.NEW:
            return [Step(row, lambda: self._create(row.values, actor))]
        steps, unit = [], self.units[row.values["code"]]
        if "name" in row.changes:
            name = row.values["name"]
            steps.append(Step(row, lambda: unit_save(actor=actor, unit=unit, code=unit.code, name=name)))
        if "valid_to" in row.changes:
            last = as_day(row.values["valid_to"])
            steps.append(Step(row, lambda: unit_close(actor=actor, unit=unit, last_day=last)))
        if "parent" in row.changes:
            on = max(self.start, unit.valid_from)
            steps.append(
                Step(row, lambda: unit_move(actor=actor, unit=unit, parent=self._unit(row.values["parent"]), on=on))
            )
        return steps

    def _create(self, values: Values, actor: Any) -> None:
        self.units[values["code"]] = unit_create(
            actor=actor,
            municipality=self.run.municipality,
            code=values["code"],
            name=values["name"],
            parent=self._unit(values["parent"]),
            valid_from=as_day(values.get("valid_from")) or self.start,
            valid_to=as_day(values.get("valid_to")),
            imported=True,
        )

    def _unit(self, code: str) -> Unit | None:
        if code and code not in self.units:
            raise ValidationError(_("The unit above, %(code)s, could not be added.") % {"code": code})
        return self.units[code] if code else None

    def endings(self, rows: Iterable[ImportRow], actor: Any) -> list[Step]:
        """Return the endings of what the file does not mention."""
        by_key = {unit.pk: unit for unit in self.units.values()}

        def ending(row: ImportRow) -> Step:
            unit = by_key[row.target or 0]
            last = max(self.start - _DAY, unit.valid_from)
            return Step(row, lambda: unit_close(actor=actor, unit=unit, last_day=last))

        return [ending(row) for row in rows]


def _depths(parents: dict[str, str]) -> Callable[[str], int]:
    def depth(code: str) -> int:
        steps = 0
        while (code := parents.get(code, "")) and steps <= len(parents):
            steps += 1
        return steps

    return depth


def plan(run: ImportRun) -> bool:
    """Work out the whole plan, write what differs from the stored one, and tell whether anything did."""
    stored = {row.pk: (row.action, row.target, row.changes, row.problem) for row in run.rows.all()}
    unit_plan = UnitPlan(run)
    unit_plan.check()
    wrong = any(row.problem for row in unit_plan.rows)
    # A line that could not be read would otherwise count as one that is missing.
    endings = [] if wrong else _endings(run, unit_plan.absent())
    if not wrong:
        _rehearse(unit_plan, endings)
    changed = [row for row in [*unit_plan.rows, *endings] if stored.get(row.pk) != _outcome(row)]
    fields = ["action", "target", "changes", "problem"]
    ImportRow.objects.bulk_update([row for row in changed if row.pk], fields, batch_size=200)
    ImportRow.objects.bulk_create([row for row in changed if not row.pk])
    gone = run.rows.filter(line__isnull=True).exclude(target__in=[row.target for row in endings]).delete()[0]
    return bool(changed or gone)


def _outcome(row: ImportRow) -> tuple[Any, ...]:
    return (str(row.action), row.target, row.changes, row.problem)


def _endings(run: ImportRun, units: list[Unit]) -> list[ImportRow]:
    known = {row.target: row for row in run.rows.filter(line__isnull=True)}
    rows = []
    for unit in sorted(units, key=lambda unit: unit.code):
        row = known.get(unit.pk) or ImportRow(run=run, line=None, target=unit.pk)
        row.action, row.problem = ImportAction.ENDS, ""
        row.values = {"code": unit.code, "name": unit.name, "parent": ""}
        rows.append(row)
    return rows


def _rehearse(unit_plan: UnitPlan, endings: list[ImportRow]) -> None:
    """Try everything and take it back; what is refused is told at its line."""
    with transaction.atomic():
        known = dict(unit_plan.units)
        try:
            take(unit_plan.steps(None))
        except RefusedStepsError as refused:
            for row in unit_plan.rows:
                if row.pk in refused.problems:
                    row.action, row.problem = ImportAction.ERROR, refused.problems[row.pk]
        else:
            _rehearse_endings(unit_plan, endings)
        unit_plan.units = known
        transaction.set_rollback(True)


def _rehearse_endings(unit_plan: UnitPlan, endings: list[ImportRow]) -> None:
    for number, row in enumerate(endings, start=1):
        row.pk = row.pk or -number
    try:
        take(unit_plan.endings(endings, None))
    except RefusedStepsError as refused:
        for row in endings:
            row.problem = refused.problems.get(row.pk, "")
    for row in endings:
        row.pk = row.pk if row.pk > 0 else None


def take(steps: list[Step]) -> None:
    """Take the steps; one that cannot be taken yet is tried again after the others, as long as that leads on.

    Raises:
        RefusedStepsError: some steps cannot be taken at all.
    """
    waiting = steps
    while waiting:
        left, problems = [], {}
        for step in waiting:
            try:
                with transaction.atomic():
                    step.act()
            except ValidationError as error:
                left.append(step)
                problems[step.row.pk] = " ".join(error.messages)
        if len(left) == len(waiting):
            raise RefusedStepsError(problems)
        waiting = left


def carry_out(run: ImportRun, actor: Any) -> None:
    """Do what the plan says, in the caller's one transaction.

    Raises:
        RefusedStepsError: units that the file does not mention cannot end; the others could.
    """
    unit_plan = UnitPlan(run)
    take(unit_plan.steps(actor))
    if run.end_missing:
        take(unit_plan.endings(run.rows.filter(line__isnull=True, action=ImportAction.ENDS).order_by("pk"), actor))
