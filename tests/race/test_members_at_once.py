"""Two coordinators at the same moment: the municipality keeps one of them, and a person added by many is one row."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.api import Membership
from portal.accounts.services.members import member_add, member_end
from portal.core.errors import RefusedError
from portal.core.roles import Role
from tests.factories.accounts import coordinator
from tests.factories.organisations import municipality
from tests.support.race import meeting_at, together, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.race]


def end_each_other() -> tuple[list[object], int]:
    """Let two coordinators end each other's right; return what they got and how many are left."""
    home = municipality()
    users = [coordinator(home, f"k{number}@kommune.example") for number in range(2)]
    rows = [Membership.objects.get(user=user) for user in users]
    with meeting_at("members.coordinators_counted", 2):
        got = together(lambda number: member_end(actor=users[number], membership=rows[1 - number]), threads=2)
    left = Membership.objects.in_force().filter(role=Role.COORDINATOR, municipality=home).count()
    return list(got), left


def add_at_once() -> int:
    """Let many add the same person for a while; return how many rows there are."""
    home, today = municipality(), timezone.localdate()
    last_day = today + dt.timedelta(days=9)
    values: dict[str, Any] = {
        "role": Role.EMPLOYEE,
        "email": "ny@kommune.example",
        "valid_from": today,
        "valid_to": last_day,
    }
    with meeting_at("members.looked_for", 4):
        together(lambda number: member_add(actor=None, municipality=home, **values), threads=4)
    return int(Membership.objects.filter(email="ny@kommune.example").count())


def test_one_coordinator_is_left_and_the_other_is_told() -> None:
    got, left = end_each_other()
    assert left == 1
    assert sum(isinstance(one, RefusedError) for one in got) == 1


def test_without_the_lock_nobody_would_be_left() -> None:
    with without_locks():
        _got, left = end_each_other()
    assert left == 0


def test_a_person_added_by_four_at_once_is_one_row() -> None:
    assert add_at_once() == 1


def test_without_the_lock_there_would_be_several() -> None:
    with without_locks():
        assert add_at_once() > 1
