"""The lists as files: what an import of the same kind reads back without a change."""

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from portal.accounts.imports.cells import written
from portal.accounts.imports.columns import WRITTEN_ROLES, headings
from portal.accounts.models import COORDINATOR_GIVES, ImportKind, Membership
from portal.core.roles import Role
from portal.organisations.api import Municipality, Unit, tree_on

_BOM = "\ufeff"


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines(kind: str, rows: Iterator[list[str]]) -> Iterator[str]:
    writer: Any = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield _BOM
    yield writer.writerow(headings(kind))
    for row in rows:
        yield writer.writerow(row)


def export_units(municipality: Municipality) -> Iterator[str]:
    """Return the list of the units that are there or will be, each with the one above it today."""
    return _lines(ImportKind.UNITS, _units(municipality))


def _units(municipality: Municipality) -> Iterator[list[str]]:
    today = timezone.localdate()
    units = [
        unit for unit in Unit.objects.filter(municipality=municipality).order_by("code", "id") if not _over(unit, today)
    ]
    codes = dict(Unit.objects.filter(municipality=municipality).values_list("pk", "code"))
    trees = {day: tree_on([municipality], on=day) for day in {max(today, unit.valid_from) for unit in units}}
    for unit in units:
        parent = trees[max(today, unit.valid_from)].parents.get(unit.pk)
        above = written(codes[parent]) if parent else ""
        yield [written(unit.code), written(unit.name), above, *_dates(unit)]


def _over(unit: Unit, today: dt.date) -> bool:
    return unit.valid_to is not None and unit.valid_to < today


def export_memberships(municipality: Municipality) -> Iterator[str]:
    """Return the list of the roles that a coordinator looks after, those that are over left out."""
    return _lines(ImportKind.MEMBERSHIPS, _memberships(municipality))


def _memberships(municipality: Municipality) -> Iterator[list[str]]:
    rows = Membership.objects.not_over().filter(municipality=municipality, role__in=COORDINATOR_GIVES)
    for one in rows.select_related("unit", "user").order_by("person_code", "email", "id").iterator(chunk_size=1000):
        email = one.email or (one.user.email if one.user else "") or ""
        unit = written(one.unit.code) if one.unit else ""
        who = [written(one.person_code), written(one.name), written(email)]
        yield [*who, unit, WRITTEN_ROLES[Role(one.role)], *_dates(one)]


def _dates(row: Unit | Membership) -> list[str]:
    return [row.valid_from.isoformat(), row.valid_to.isoformat() if row.valid_to else ""]


def example(kind: str) -> Iterator[str]:
    """Return a small list to start from."""
    return _lines(kind, iter(_EXAMPLES[kind]))


_EXAMPLES: dict[str, list[list[str]]] = {
    ImportKind.UNITS: [
        ["0100", "Borger og Arbejdsmarked", "", "", ""],
        ["0110", "Borgerservice", "0100", "", ""],
        ["0120", "Ydelseskontoret", "0100", "01-01-2027", ""],
    ],
    ImportKind.MEMBERSHIPS: [
        ["00417", "Anne Eksempel", "anne@kommune.example", "0110", "leder", "", ""],
        ["00562", "Bo Eksempel", "bo@kommune.example", "0110", "medarbejder", "01-01-2027", ""],
        ["00563", "Carla Eksempel", "carla@kommune.example", "0110", "medarbejder", "", "31-12-2027"],
    ],
}
