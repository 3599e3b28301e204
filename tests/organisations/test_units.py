"""Units and their dates: what is refused, what is kept, and what the coordinator is told."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accounts.api import Membership, membership_end, membership_grant
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.organisations.api import Unit, UnitPlacement, tree_on, unit_close, unit_create, unit_move, unit_save
from tests.factories.accounts import employee, manager, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def today(days: int = 0) -> dt.date:
    return timezone.localdate() + days * DAY


def parents(*units: Unit, on: dt.date) -> list[int | None]:
    tree = tree_on([units[0].municipality_id], on=on)
    return [tree.parents.get(found.pk) for found in units]


def refused(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


def test_a_code_belongs_to_one_unit_of_a_municipality() -> None:
    unit("Borgerservice", code="0200")
    with pytest.raises(ValidationError) as error:
        unit("Biblioteket", code=" 0200 ")
    assert "kode" in refused(error)
    assert unit("Borgerservice", code="0200", municipality=municipality(COPENHAGEN)).code == "0200"


def test_a_unit_cannot_stand_under_one_that_ends_earlier() -> None:
    top = unit("Projektet", valid_to=today(10))
    with pytest.raises(ValidationError) as error:
        unit("Holdet", parent=top)
    assert "Projektet" in refused(error)
    other = unit("Holdet", valid_to=today(20))
    with pytest.raises(ValidationError):
        unit_move(actor=None, unit=other, parent=top, on=today(5))
    assert unit("Gruppen", parent=top, valid_to=today(10)).pk
    assert not UnitPlacement.objects.filter(unit=other, parent=top).exists()


def test_a_unit_cannot_be_let_outlive_the_one_above() -> None:
    top = unit("Projektet", valid_to=today(10))
    below = unit("Gruppen", parent=top, valid_to=today(5))
    unit_close(actor=None, unit=below, last_day=today(10))
    for last_day in (today(11), None):
        with pytest.raises(ValidationError):
            unit_close(actor=None, unit=below, last_day=last_day)
    below.refresh_from_db()
    assert below.valid_to == today(10)


def test_a_move_leaves_what_was_and_what_is_planned() -> None:
    first, second, third = unit("Første"), unit("Anden"), unit("Tredje")
    team = unit("Holdet", parent=first)
    unit_move(actor=None, unit=team, parent=third, on=today(30))
    unit_move(actor=None, unit=team, parent=second, on=today(10))
    days = (today(-1), today(9), today(10), today(29), today(30), today(900))
    assert [parents(team, on=day)[0] for day in days] == [first.pk, first.pk, second.pk, second.pk, third.pk, third.pk]


def test_two_moves_on_one_day_leave_the_last_one() -> None:
    first, second = unit("Første"), unit("Anden")
    team = unit("Holdet")
    unit_move(actor=None, unit=team, parent=first, on=today(3))
    unit_move(actor=None, unit=team, parent=second, on=today(3))
    assert [parents(team, on=today(day))[0] for day in (2, 3)] == [None, second.pk]


def test_the_past_is_settled() -> None:
    top, team = unit("Første"), unit("Holdet")
    with pytest.raises(ValidationError):
        unit_move(actor=None, unit=team, parent=top, on=today(-1))
    with pytest.raises(ValidationError):
        unit_close(actor=None, unit=team, last_day=today(-2))
    unit_close(actor=None, unit=team, last_day=today(-1))
    ended = unit("Nedlagt", valid_to=today(-5))
    for last_day in (today(5), None):
        with pytest.raises(ValidationError):
            unit_close(actor=None, unit=ended, last_day=last_day)
    assert parents(team, on=today(-1)) == [None]
    assert team.pk not in tree_on([team.municipality_id], on=today()).parents


@pytest.mark.parametrize("days", [0, 7])
def test_a_unit_cannot_stand_below_itself_on_any_day(days: int) -> None:
    top, team, leaf = unit("Top"), unit("Holdet"), unit("Bladet")
    unit_move(actor=None, unit=leaf, parent=team, on=today())
    unit_move(actor=None, unit=top, parent=leaf, on=today(days))
    for own in (team, leaf, top):
        with pytest.raises(ValidationError) as error:
            unit_move(actor=None, unit=team, parent=own, on=today())
        assert "sig selv" in refused(error)
    assert parents(team, on=today(days)) == [None]


def test_a_parent_of_another_municipality_is_refused() -> None:
    foreign = unit("Fremmed", municipality=municipality(COPENHAGEN))
    with pytest.raises(ValidationError):
        unit("Holdet", municipality=municipality(), parent=foreign)
    with pytest.raises(ValidationError):
        unit_move(actor=None, unit=unit("Holdet"), parent=foreign, on=today())


def test_units_below_must_be_moved_first_and_are_named() -> None:
    top, other = unit("Top"), unit("Anden")
    leaf = unit("Bladet", parent=top)
    planned = unit("Kommende")
    unit_move(actor=None, unit=planned, parent=top, on=today(30))
    with pytest.raises(ValidationError) as error:
        unit_close(actor=None, unit=top, last_day=today(10))
    assert "Bladet" in refused(error)
    assert "Kommende" in refused(error)
    unit_move(actor=None, unit=leaf, parent=other, on=today(11))
    unit_move(actor=None, unit=planned, parent=other, on=today(30))
    unit_close(actor=None, unit=top, last_day=today(10))
    assert Unit.objects.get(pk=top.pk).valid_to == today(10)


def test_people_must_be_moved_first_and_are_counted_not_named() -> None:
    team = unit("Holdet")
    kim = employee(team)
    membership_grant(actor=None, role=Role.MANAGER, user=kim, unit=team)
    membership_grant(actor=None, role=Role.EMPLOYEE, email="venter@kommune.example", unit=team)
    manager(team, "gaaet@kommune.example")
    membership_end(actor=None, membership=Membership.objects.get(user__email="gaaet@kommune.example"))
    short = user("vikar@kommune.example")
    membership_grant(actor=None, role=Role.EMPLOYEE, user=short, unit=team, valid_to=today(10))
    with pytest.raises(ValidationError) as error:
        unit_close(actor=None, unit=team, last_day=today(10))
    assert "2 personer" in refused(error)
    assert "kommune.example" not in refused(error)
    for membership in Membership.objects.not_over().filter(unit=team).exclude(user=short):
        membership_end(actor=None, membership=membership, last_day=today(10))
    assert unit_close(actor=None, unit=team, last_day=today(10)).valid_to == today(10)


def test_an_unchanged_save_close_or_move_leaves_no_trace() -> None:
    team = unit("Holdet", code="7")
    before = AuditEntry.objects.count()
    unit_save(actor=None, unit=team, code="7", name=" Holdet\n")
    unit_move(actor=None, unit=team, parent=None, on=today())
    unit_close(actor=None, unit=team, last_day=None)
    assert AuditEntry.objects.count() == before
    assert team.placements.count() == 1


def test_what_would_tear_a_list_does_not_get_in() -> None:
    made = unit_create(
        actor=None, municipality=municipality(), code=" 01\t", name="Børn\r\nog\x00 unge ", valid_from=today()
    )
    assert (made.code, made.name) == ("01", "Børn  og  unge")
    with pytest.raises(ValidationError):
        unit(" \n", code="02")
