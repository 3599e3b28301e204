"""Who a user is to the rules: the roles in force today, in their places, and no privileged one without a second factor."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.api import Membership, membership_end, membership_grant, memberships_claim, principal_of
from portal.core.errors import RefusedError
from portal.core.models import AuditEntry
from portal.core.principal import ANONYMOUS
from portal.core.roles import Role
from portal.organisations.api import unit_move
from tests.factories.accounts import administrator, coordinator, editor, holder, manager, user
from tests.factories.organisations import COPENHAGEN, ODENSE, municipality, unit

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


def test_a_role_holds_in_its_place_only() -> None:
    here, there = unit("Her"), unit("Der", municipality=municipality(COPENHAGEN))
    kim = manager(here)
    membership_grant(actor=None, role=Role.EMPLOYEE, user=kim, municipality=there.municipality, unit=there)
    who = principal_of(kim)
    assert who.units(Role.MANAGER) == {here.pk}
    assert who.units() == {here.pk, there.pk}
    assert who.municipalities(Role.MANAGER) == {ODENSE}
    assert who.municipalities() == {ODENSE, COPENHAGEN}


def test_a_manager_covers_the_units_below_hers_as_the_tree_stands_that_day() -> None:
    top = unit("Top")
    middle, other = unit("Midt", parent=top), unit("Anden")
    leaf = unit("Blad", parent=middle)
    kim = manager(middle)
    assert principal_of(kim).units(Role.MANAGER) == {middle.pk, leaf.pk}
    unit_move(actor=None, unit=leaf, parent=other, on=TODAY() + DAY)
    assert principal_of(kim).units(Role.MANAGER) == {middle.pk, leaf.pk}
    assert principal_of(kim, on=TODAY() + DAY).units(Role.MANAGER) == {middle.pk}


def test_without_a_second_factor_the_privileged_roles_wait() -> None:
    kim = coordinator(municipality())
    weak = principal_of(kim)
    assert not weak.roles
    assert weak.withheld == {Role.COORDINATOR}
    assert principal_of(kim, strong=True).municipalities(Role.COORDINATOR) == {ODENSE}


def test_a_superuser_without_a_second_factor_is_no_administrator() -> None:
    kim = user(is_superuser=True)
    assert not principal_of(kim).is_administrator
    assert principal_of(kim, strong=True).is_administrator


def test_withheld_roles_lend_no_group() -> None:
    kim = editor()
    assert principal_of(kim).groups == frozenset()
    assert principal_of(kim, strong=True).groups == {"Redaktører, HK"}


def test_a_role_counts_from_its_first_day_to_its_last() -> None:
    kim = user()
    first, last = TODAY() + DAY, TODAY() + 2 * DAY
    membership_grant(
        actor=None, role=Role.FACILITATOR, user=kim, municipality=municipality(), valid_from=first, valid_to=last
    )
    days = [bool(principal_of(kim, on=day).roles) for day in (TODAY(), first, last, last + DAY)]
    assert days == [False, True, True, False]


def test_a_revoked_right_is_gone_at_once_and_its_group_with_it() -> None:
    kim = editor()
    membership_end(actor=None, membership=Membership.objects.get(user=kim))
    assert principal_of(kim, strong=True).roles == frozenset()
    assert not kim.groups.exists()
    row = Membership.objects.get(user=kim)
    assert row.revoked_at is not None, "the row stays: the past must be readable"
    assert AuditEntry.objects.filter(action="membership.end", object_key=str(row.uuid)).count() == 1


def test_somebody_must_look_after_the_portal() -> None:
    kim = administrator()
    with pytest.raises(RefusedError):
        membership_end(actor=kim, membership=Membership.objects.get(user=kim))
    administrator("en.til@portal.example")
    membership_end(actor=kim, membership=Membership.objects.get(user=kim))
    assert not principal_of(kim, strong=True).roles


def test_giving_the_same_role_again_gives_nothing_new() -> None:
    kim = coordinator(municipality())
    again = membership_grant(actor=None, role=Role.COORDINATOR, user=kim, municipality=municipality())
    assert again == Membership.objects.get(user=kim)


@pytest.mark.parametrize(
    ("role", "place"), [(Role.MANAGER, {}), (Role.EDITOR, {}), (Role.ADMINISTRATOR, {"provider": "x"})]
)
def test_the_database_holds_a_role_to_its_place(role: Role, place: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user(), role=role, **place)


def test_what_waits_for_an_address_goes_to_the_one_who_has_shown_that_it_is_hers() -> None:
    home = municipality()
    waiting = membership_grant(actor=None, role=Role.EMPLOYEE, email="Ny@Kommune.example", municipality=home)
    stranger, kim = user("anden@kommune.example"), user("ny@kommune.example")
    assert memberships_claim(user=stranger, addresses=["anden@kommune.example"]) == 0
    assert memberships_claim(user=kim, addresses=["ny@kommune.example"]) == 1
    waiting.refresh_from_db()
    assert waiting.user == kim
    assert memberships_claim(user=kim, addresses=["ny@kommune.example"]) == 0


def test_a_signed_out_and_a_closed_account_are_nobody() -> None:
    kim = holder(Role.FACILITATOR, municipality=municipality())
    kim.is_active = False
    assert principal_of(kim) is ANONYMOUS
    assert principal_of(None) is ANONYMOUS


def test_a_role_in_a_unit_lasts_no_longer_than_the_unit() -> None:
    ending = unit("Slutter", valid_to=TODAY() + DAY)
    kim = user()
    with pytest.raises(ValidationError):
        membership_grant(actor=None, role=Role.MANAGER, user=kim, unit=ending)
    with pytest.raises(ValidationError):
        membership_grant(actor=None, role=Role.MANAGER, user=kim, unit=ending, valid_from=TODAY() - 9999 * DAY)
    membership_grant(actor=None, role=Role.MANAGER, user=kim, unit=ending, valid_to=TODAY() + DAY)
    assert principal_of(kim).units(Role.MANAGER) == {ending.pk}


def test_what_waits_ends_where_the_same_role_begins_later() -> None:
    """Two open rows of one role are refused by the database: that must not lock her out at her login."""
    kim = user("kim@odense.example")
    later = membership_grant(
        actor=None, role=Role.COORDINATOR, user=kim, municipality=municipality(), valid_from=TODAY() + 5 * DAY
    )
    waiting = membership_grant(actor=None, role=Role.COORDINATOR, email=str(kim.email), municipality=municipality())
    assert memberships_claim(user=kim, addresses=[str(kim.email)]) == 1
    waiting.refresh_from_db()
    later.refresh_from_db()
    assert (waiting.user, waiting.valid_to, waiting.revoked_at) == (kim, TODAY() + 4 * DAY, None)
    assert (later.valid_to, later.revoked_at) == (None, None)
    assert principal_of(kim, strong=True).municipalities(Role.COORDINATOR) == {ODENSE}
