"""A list of units comes in: the tree becomes what the list says, or stays what it was."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.accounts.api import membership_grant
from portal.accounts.models import ImportState
from portal.core.errors import RefusedError
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.organisations.api import Unit, UnitPlacement, tree_on
from tests.accounts.imports import applied, problems, units
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = timezone.localdate


def tree(on: dt.date | None = None) -> dict[str, str]:
    codes = dict(Unit.objects.values_list("pk", "code"))
    parents = tree_on([municipality()], on=on or TODAY()).parents
    return {codes[unit]: codes[parent] if parent else "" for unit, parent in parents.items()}


THREE = ("0110;Borgerservice;0100;;", "0100;Borger og Arbejdsmarked;;;", "0111;Pas og Kørekort;0110;;")


def test_a_tree_comes_in_whatever_the_order_of_its_lines() -> None:
    assert applied(units(*THREE)).state == ImportState.APPLIED
    assert tree() == {"0100": "", "0110": "0100", "0111": "0110"}
    assert Unit.objects.filter(imported=True).count() == 3


def test_the_same_file_again_changes_nothing() -> None:
    applied(units(*THREE))
    run = units(*THREE)
    assert run.counts == {"unchanged": 3}
    entries = AuditEntry.objects.filter(object_type="organisations.unit").count()
    assert applied(run).state == ImportState.APPLIED
    assert AuditEntry.objects.filter(object_type="organisations.unit").count() == entries


def test_names_moves_and_endings() -> None:
    applied(units(*THREE, "0200;Kultur;;;"))
    last = TODAY() + 30 * DAY
    run = units("0100;Borgere;;;", "0110;Borgerservice;0100;;", "0111;Pas;0200;;", f"0200;Kultur;;;{last}")
    assert problems(run) == {4: problems(run).get(4, "")}, "the unit would outlive the one above it"
    run = units("0100;Borgere;;;", "0110;Borgerservice;0100;;", f"0111;Pas;0200;;{last}", f"0200;Kultur;;;{last}")
    assert run.counts == {"changed": 3, "unchanged": 1}
    applied(run)
    assert tree() == {"0100": "", "0110": "0100", "0111": "0200", "0200": ""}
    assert tree(last + DAY) == {"0100": "", "0110": "0100"}
    assert Unit.objects.get(code="0100").name == "Borgere"


def test_units_may_change_places_without_meeting_in_a_circle() -> None:
    applied(units(*THREE))
    run = units("0111;Pas og Kørekort;;;", "0110;Borgerservice;0111;;", "0100;Borger og Arbejdsmarked;0110;;")
    assert applied(run).state == ImportState.APPLIED
    assert tree() == {"0111": "", "0110": "0111", "0100": "0110"}


def test_a_reorganisation_that_is_known_of_already() -> None:
    applied(units(*THREE))
    day = TODAY() + 40 * DAY
    run = units(
        "0100;Borger og Arbejdsmarked;;;", "0110;Borgerservice;0100;;", "0111;Pas og Kørekort;;;", starts_on=day
    )
    assert run.counts == {"changed": 1, "unchanged": 2}
    applied(run)
    assert tree()["0111"] == "0110"
    assert tree(day)["0111"] == ""


def test_a_circle_is_named_by_its_codes() -> None:
    run = units("1;En;3;;", "2;To;1;;", "3;Tre;2;;", "4;Fire;1;;")
    assert set(problems(run)) == {2, 3, 4}
    assert "1 → 3 → 2 → 1" in problems(run)[2]
    with pytest.raises(RefusedError):
        applied(run)
    assert not Unit.objects.exists()


def test_a_circle_through_a_unit_that_the_file_does_not_mention() -> None:
    top = unit("Top", code="1")
    unit("Midt", code="2", parent=top)
    assert "1 → 2 → 1" in problems(units("1;Top;2;;"))[2]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0110;Igen;;;", "linje 2"),
        ("5;Fem;999;;", "999"),
        ("5;Fem;5;;", "5 → 5"),
        (";Uden kode;;;", "kode"),
        ("5;;;;", "navn"),
        ("5;=1+1;;;", "navn"),
        ("5;Fem;0110;01-01-2020;", ""),
        ("5;Fem;;31-12-2027;01-01-2027", "første"),
        (f"{'5' * 41};Fem;;;", "40"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_carried_out(line: str, words: str) -> None:
    run = units("0110;Borgerservice;;01-01-2025;", line)
    assert 3 in problems(run)
    assert words in problems(run)[3]
    with pytest.raises(RefusedError):
        applied(run)
    assert not Unit.objects.exists()


def test_a_first_day_of_a_known_unit_is_not_changed() -> None:
    unit("Borgerservice", code="0110", valid_from=dt.date(2020, 1, 1))
    assert units("0110;Borgerservice;;2020-01-01;").counts == {"unchanged": 1}
    assert "2020" in problems(units("0110;Borgerservice;;2021-01-01;"))[2]


def test_a_unit_with_people_does_not_end_by_a_file() -> None:
    team = unit("Borgerservice", code="0110")
    membership_grant(actor=None, role=Role.EMPLOYEE, email="a@odense.example", unit=team)
    assert "1 person" in problems(units(f"0110;Borgerservice;;;{TODAY() + DAY}"))[2]


def test_what_is_missing_ends_only_with_the_tick_and_only_what_an_import_began() -> None:
    applied(units(*THREE))
    for model in (Unit, UnitPlacement):
        model.objects.update(valid_from=TODAY() - 9 * DAY)
    unit("Af hånd", code="9")
    run = units(*THREE[:2])
    assert run.counts == {"unchanged": 2, "ends": 1}
    applied(run)
    assert set(tree()) == {"0100", "0110", "0111", "9"}
    applied(units(*THREE[:2]), end_missing=True)
    assert set(tree()) == {"0100", "0110", "9"}
    assert "0111" in tree(TODAY() - DAY)


def test_what_cannot_end_stops_the_whole_import_and_says_why() -> None:
    applied(units(*THREE))
    leaf = Unit.objects.get(code="0111")
    membership_grant(actor=None, role=Role.EMPLOYEE, email="a@odense.example", unit=leaf)
    run = units("0110;Nyt navn;0100;;", "0100;Borger og Arbejdsmarked;;;")
    assert "1 person" in run.rows.get(action="ends").problem
    again = applied(run, end_missing=True)
    assert again.state == ImportState.PLANNED
    assert "1 person" in again.problem
    assert Unit.objects.get(code="0110").name == "Borgerservice"
    assert applied(again).state == ImportState.APPLIED


def test_somebody_changed_the_tree_meanwhile() -> None:
    run = units(*THREE)
    unit("Borgerservice", code="0110")
    again = applied(run)
    assert again.state == ImportState.PLANNED
    assert again.counts == {"new": 2, "changed": 1}
    assert Unit.objects.count() == 1


def test_another_municipality_may_use_the_same_codes() -> None:
    unit("Der", code="0110", municipality=municipality(COPENHAGEN))
    assert applied(units(*THREE)).state == ImportState.APPLIED
    assert Unit.objects.filter(code="0110").count() == 2
    assert Unit.objects.get(code="0110", municipality=municipality(COPENHAGEN)).name == "Der"
