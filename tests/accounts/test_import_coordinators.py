"""No list of memberships leaves a municipality without somebody who looks after it."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.accounts.api import Membership, User, account_create
from portal.accounts.models import ImportState
from portal.core.models import AuditEntry
from portal.core.roles import Role
from tests.accounts.imports import applied, held, people, problems
from tests.factories.accounts import PASSWORD, coordinator
from tests.factories.organisations import municipality

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = timezone.localdate

BOSS = "1;Boss;boss@odense.example;;koordinator;;"
OTHER = "2;A;a@odense.example;;medarbejder;;"
NAME_ANOTHER = "Udpeg en anden koordinator først"


@pytest.fixture
def boss() -> User:
    """The only one who looks after Odense, by an import."""
    applied(people(BOSS, OTHER))
    return account_create(actor=None, email="boss@odense.example", password=PASSWORD)


def test_a_list_without_the_last_coordinator_ends_nobody(boss: User) -> None:
    run = people(OTHER)
    assert NAME_ANOTHER in run.rows.get(action="ends").problem
    before = held()
    run = applied(run, actor=boss, end_missing=True)
    assert run.state == ImportState.PLANNED
    assert NAME_ANOTHER in run.problem
    assert held() == before
    assert not AuditEntry.objects.filter(action="membership.end").exists()
    assert applied(run, actor=boss).state == ImportState.APPLIED, "without the ending"


def test_a_list_that_gives_the_last_coordinator_a_last_day_is_wrong(boss: User) -> None:
    run = people(f"1;Boss;boss@odense.example;;koordinator;;{TODAY() + 30 * DAY:%d-%m-%Y}", OTHER)
    assert NAME_ANOTHER in problems(run)[2]


def test_one_of_two_coordinators_may_end(boss: User) -> None:
    coordinator(municipality())
    run = people(OTHER)
    assert run.rows.get(action="ends").problem == ""
    assert applied(run, actor=boss, end_missing=True).state == ImportState.APPLIED
    assert not Membership.objects.in_force().filter(user=boss, role=Role.COORDINATOR).exists()


def test_two_lines_that_end_both_coordinators_end_none(boss: User) -> None:
    applied(people(BOSS, OTHER, "3;Vice;vice@odense.example;;koordinator;;"))
    account_create(actor=None, email="vice@odense.example", password=PASSWORD)
    last = f"{TODAY() + 30 * DAY:%d-%m-%Y}"
    run = people(
        f"1;Boss;boss@odense.example;;koordinator;;{last}", OTHER, f"3;Vice;vice@odense.example;;koordinator;;{last}"
    )
    assert not problems(run)
    run = applied(run, actor=boss)
    assert run.state == ImportState.PLANNED and NAME_ANOTHER in run.problem
    assert not Membership.objects.filter(valid_to__isnull=False).exists()
