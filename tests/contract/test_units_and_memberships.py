"""The lists of units and memberships: what is exported comes in again without a change, whatever people are called."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.api import Membership, membership_grant
from portal.accounts.imports.cells import FORMULA, tidy
from portal.accounts.imports.exports import export_memberships, export_units
from portal.accounts.imports.runs import import_receive
from portal.accounts.models import ImportKind, ImportState
from portal.core.roles import Role
from portal.organisations.api import Unit, UnitPlacement, unit_create
from tests.accounts.imports import applied, worked
from tests.factories.accounts import coordinator, employee, manager
from tests.factories.organisations import municipality, unit

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

# Letters of every kind, and what spreadsheets, separators and quotation marks make of it.
odd = st.one_of(
    st.text(max_size=30),
    st.text(alphabet=";,\t\"'=+-@\\\n\r 0æØå–＝", min_size=1, max_size=12),
    st.sampled_from(["0042", "-3", "'t Hooft", "''", "'=1", "=HYPERLINK(1)", "1e5", "+45 12", "@navn", "1-2", "sep=;"]),
).map(lambda text: text.replace("\x00", ""))


def exported(kind: str) -> str:
    export = export_units if kind == ImportKind.UNITS else export_memberships
    return "".join(export(municipality()))


def comes_back(kind: str) -> None:
    """Export, import, and see that nothing would change; carried out, nothing does."""
    text = exported(kind)
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"):
        assert not any(cell[:1] in FORMULA for cell in row if cell)
    run = import_receive(actor=None, municipality=municipality(), kind=kind, filename="x.csv", pieces=[text.encode()])
    run = worked(run)
    assert run.state == ImportState.PLANNED, run.problem
    assert set(run.counts) <= {"unchanged"}, list(run.rows.values("action", "values", "changes", "problem"))
    before = everything()
    assert applied(run).state == ImportState.APPLIED
    assert everything() == before
    assert exported(kind) == text


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Unit, UnitPlacement, Membership)]


@given(
    st.lists(st.tuples(odd, odd, st.none() | st.integers(0, 5), st.sampled_from([0, -3, 4])), min_size=1, max_size=5)
)
def test_units_come_back(drawn: list[tuple[str, str, int | None, int]]) -> None:
    with transaction.atomic():
        made: list[Unit] = []
        for code, name, parent, days in drawn:
            above = made[parent % len(made)] if made and parent is not None else None
            first = timezone.localdate() + dt.timedelta(days=days)
            try:
                with transaction.atomic():
                    made.append(
                        unit_create(
                            actor=None,
                            municipality=municipality(),
                            code=code,
                            name=name,
                            parent=above,
                            valid_from=first,
                        )
                    )
            except ValidationError:
                continue
        if made:
            comes_back(ImportKind.UNITS)
        transaction.set_rollback(True)


roles = st.sampled_from([Role.EMPLOYEE, Role.MANAGER, Role.COORDINATOR])


@given(st.lists(st.tuples(odd, odd, roles), min_size=1, max_size=5))
def test_memberships_come_back(drawn: list[tuple[str, str, Role]]) -> None:
    with transaction.atomic():
        team = unit("Borgerservice", code="-0110")
        codes: set[str] = set()
        for number, (drawn_code, name, role) in enumerate(drawn):
            place: dict[str, Any] = {"unit": team} if role == Role.MANAGER else {"municipality": team.municipality}
            code = "" if tidy(drawn_code) in codes else drawn_code
            codes.add(tidy(code))
            try:
                with transaction.atomic():
                    membership_grant(
                        actor=None, role=role, email=f"n{number}@odense.example", name=name, person_code=code, **place
                    )
            except (ValidationError, IntegrityError):
                continue
        comes_back(ImportKind.MEMBERSHIPS)
        transaction.set_rollback(True)


def test_persons_with_accounts_come_back() -> None:
    team = unit("Borgerservice", code="0110")
    kim = employee(team)
    membership_grant(actor=None, role=Role.MANAGER, user=kim, unit=team, valid_to=timezone.localdate())
    manager(team, "leder@odense.example")
    coordinator(team.municipality)
    comes_back(ImportKind.MEMBERSHIPS)


def test_nobody_elses_people_are_exported() -> None:
    employee(unit("Der", code="0110", municipality=municipality("0101")), "fremmed@kk.example")
    assert "fremmed" not in exported(ImportKind.MEMBERSHIPS)


def test_leading_zeros_and_signs_stay() -> None:
    unit("-3 grader", code="0007")
    lines = exported(ImportKind.UNITS).splitlines()
    assert lines[0] == "\ufeffkode;navn;overordnet kode;fra;til"
    assert lines[1].startswith("0007;'-3 grader;;")
