"""Importing in a test: upload text, let the worker do its rounds, look at the plan, carry it out."""

import datetime as dt
from typing import Any

from portal.accounts.api import Membership
from portal.accounts.imports.runs import import_apply, import_receive
from portal.accounts.models import ImportKind, ImportRun
from portal.core import outbox
from portal.organisations.api import Municipality
from tests.factories.organisations import municipality

PEOPLE = "medarbejdernummer;navn;e-mail;enhedskode;rolle;fra;til"
UNITS = "kode;navn;overordnet kode;fra;til"


def upload(
    *lines: str,
    kind: str = ImportKind.MEMBERSHIPS,
    home: Municipality | None = None,
    actor: Any = None,
    encoding: str = "utf-8",
    starts_on: dt.date | None = None,
) -> ImportRun:
    """Upload a file of these lines, the first of them the headings, and let it be planned."""
    run = import_receive(
        actor=actor,
        municipality=home or municipality(),
        kind=kind,
        filename="liste.csv",
        pieces=["\r\n".join(lines).encode(encoding)],
        starts_on=starts_on,
    )
    return worked(run)


def people(*lines: str, **values: Any) -> ImportRun:
    """Upload memberships under the usual headings."""
    return upload(PEOPLE, *lines, **values)


def units(*lines: str, **values: Any) -> ImportRun:
    """Upload units under the usual headings."""
    return upload(UNITS, *lines, kind=ImportKind.UNITS, **values)


def worked(run: ImportRun) -> ImportRun:
    """Let the worker do all that waits."""
    while outbox.drain():
        pass
    return ImportRun.objects.get(pk=run.pk)


def applied(run: ImportRun, *, actor: Any = None, end_missing: bool = False) -> ImportRun:
    """Carry the plan out as it was seen."""
    run = import_apply(run=run, actor=actor, plan_version=run.plan_version, end_missing=end_missing)
    return worked(run)


def problems(run: ImportRun) -> dict[int, str]:
    """Return what is wrong, by line."""
    return dict(run.rows.filter(action="error").values_list("line", "problem"))


def held(home: Municipality | None = None) -> list[tuple[Any, ...]]:
    """Return the municipality's memberships that are not over, by address."""
    rows = (
        Membership.objects.not_over().filter(municipality=home or municipality()).order_by("email", "valid_from", "pk")
    )
    return list(rows.values_list("email", "role", "unit__code", "person_code", "source"))
