"""Who looked at a person: noted once a day, in the role by which she may, and never about oneself."""

import datetime as dt

import pytest
import time_machine

from portal.accounts.api import NoReasonToLookError, PersonLookup, User, lookup_record, principal_of
from portal.core.roles import Role
from tests.factories.accounts import administrator, coordinator, employee, manager, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db


def look(viewer: User, person: User, what: str = "Roller") -> PersonLookup | None:
    return lookup_record(viewer=viewer, principal=principal_of(viewer, strong=True), person=person, what=what)


def test_a_look_is_noted_once_a_day_for_each_thing_shown() -> None:
    team = unit("Borgerservice")
    kim, leader = employee(team), manager(team)
    with time_machine.travel(dt.datetime(2026, 11, 22, 22, 59, tzinfo=dt.UTC), tick=False):
        noted = look(leader, kim)
        assert noted is not None
        assert (noted.viewer, noted.viewer_label, noted.role, noted.what) == (leader, str(leader), "manager", "Roller")
        assert look(leader, kim) is None
        assert look(leader, kim, "Handleplan") is not None
    # A minute later it is midnight here.
    with time_machine.travel(dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC), tick=False):
        assert look(leader, kim) is not None
    assert PersonLookup.objects.filter(person=kim).count() == 3


def test_the_nearest_role_is_named() -> None:
    team = unit("Borgerservice")
    kim = employee(team)
    for viewer, role in (
        (manager(team), Role.MANAGER),
        (coordinator(municipality()), Role.COORDINATOR),
        (administrator(), Role.ADMINISTRATOR),
    ):
        assert look(viewer, kim).role == role


def test_a_look_at_oneself_is_nobodys_business() -> None:
    kim = employee(unit("Borgerservice"))
    assert look(kim, kim) is None
    assert not PersonLookup.objects.exists()


def test_whoever_has_no_reason_is_no_line_in_the_log_but_an_error_of_the_screen() -> None:
    kim = employee(unit("Borgerservice"))
    for stranger in (user(), coordinator(municipality(COPENHAGEN)), manager(unit("Andet"), "en.anden@kommune.example")):
        with pytest.raises(NoReasonToLookError):
            look(stranger, kim)
    assert not PersonLookup.objects.exists()
