"""What a coordinator does with the people of her municipality: add, change, move, end.

A change is an end and a beginning, so that the past stays readable. Each act takes the municipality's lock first: two
coordinators who end each other's right at once must not both succeed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, User
from portal.accounts.services.memberships import membership_end, membership_grant
from portal.core.errors import RefusedError
from portal.core.failpoints import failpoint
from portal.core.formats import long_date
from portal.core.roles import Role
from portal.organisations.api import Municipality, Unit, lock_tree

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a request to add: `is_new` is false where she held just that role already."""

    membership: Membership
    is_new: bool


@transaction.atomic
def member_add(
    *,
    actor: Any,
    municipality: Municipality,
    role: str,
    email: str,
    valid_from: date,
    unit: Unit | None = None,
    valid_to: date | None = None,
    name: str = "",
    person_code: str = "",
) -> Added:
    """Give a role in the municipality to the owner of an address.

    Whether the address has an account elsewhere makes no difference and is not asked: only somebody who is a member here
    already is known here; for everybody else the membership waits until its owner signs in.

    Raises:
        ValidationError: the role lacks its unit or has one too many, the unit is not there that day, or she holds the role
            from a later day on.
    """
    lock_tree(municipality)
    place = _place(municipality, role, unit, valid_from)
    email = email.strip().lower()
    user = _known_here(municipality, email)
    who = Q(user=user) if user is not None else Q(user__isnull=True, email=email)
    held = Membership.objects.not_over().filter(who, role=role, municipality=municipality, unit=unit)
    if (later := held.filter(valid_from__gt=valid_from).first()) is not None:
        text = _("The person has this role already from %(day)s.")
        raise ValidationError({"role": text % {"day": long_date(later.valid_from)}})
    before = set(held.values_list("pk", flat=True))
    failpoint("members.looked_for")
    granted = membership_grant(
        actor=actor,
        role=role,
        user=user,
        email=email,
        name=name,
        person_code=person_code,
        valid_from=valid_from,
        valid_to=valid_to,
        **place,
    )
    return Added(granted, granted.pk not in before)


@transaction.atomic
def member_change(*, actor: Any, membership: Membership, role: str, unit: Unit | None, on: date) -> Membership:
    """Let a person have another role or stand in another unit from a day on; what was before ends with the day before.

    Raises:
        ValidationError: nothing would change, the day is past, or the membership is over by then.
        RefusedError: the municipality would be left without a coordinator.
    """
    municipality = _locked_municipality(membership)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if on < timezone.localdate():
        raise ValidationError({"on": _("A change takes effect today at the earliest: the past is kept as it was.")})
    if membership.revoked_at is not None or (membership.valid_to is not None and membership.valid_to < on):
        raise ValidationError({"on": _("The membership is over by then.")})
    if (role, unit) == (membership.role, membership.unit):
        raise ValidationError({"role": _("Choose another role or another unit: this is what she has.")})
    place = _place(municipality, role, unit, on)
    if membership.role == Role.COORDINATOR:
        _keep_a_coordinator(membership, on - _DAY)
    _end_before(actor, membership, on)
    return membership_grant(
        actor=actor,
        role=role,
        user=membership.user,
        email=membership.email,
        name=membership.name,
        person_code=membership.person_code,
        valid_from=on,
        valid_to=membership.valid_to if membership.valid_to and membership.valid_to >= on else None,
        **place,
    )


@transaction.atomic
def members_move(*, actor: Any, memberships: Iterable[Membership], unit: Unit, on: date) -> int:
    """Move several people to another unit from a day on, all or none, and return how many were moved.

    Whoever stands there already, or has left by then, is passed over: the same form sent twice moves nobody twice.

    Raises:
        ValidationError: the unit is not there that day, or the day is past.
    """
    lock_tree(unit.municipality)
    moved = 0
    for membership in memberships:
        row = Membership.objects.select_for_update().select_related("unit").get(pk=membership.pk)
        gone = row.revoked_at is not None or (row.valid_to is not None and row.valid_to < on)
        if gone or row.unit == unit or row.role == Role.COORDINATOR:
            continue
        member_change(actor=actor, membership=row, role=row.role, unit=unit, on=on)
        moved += 1
    return moved


@transaction.atomic
def member_end(*, actor: Any, membership: Membership, last_day: date | None = None) -> Membership:
    """End a membership now or with a day; ended already, it stays as it is.

    Raises:
        RefusedError: the municipality would be left without a coordinator.
        ValidationError: the day lies before the membership's first.
    """
    _locked_municipality(membership)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    over = membership.valid_to is not None and membership.valid_to < timezone.localdate()
    if over or membership.revoked_at is not None:
        return membership
    if membership.role == Role.COORDINATOR:
        _keep_a_coordinator(membership, last_day or timezone.localdate() - _DAY)
        failpoint("members.coordinators_counted")
    return membership_end(actor=actor, membership=membership, last_day=last_day)


def _locked_municipality(membership: Membership) -> Municipality:
    municipality = membership.municipality
    if municipality is None:
        raise ValueError("A coordinator changes memberships of a municipality only.")
    lock_tree(municipality)
    return municipality


def _place(municipality: Municipality, role: str, unit: Unit | None, on: date) -> dict[str, Any]:
    """Return what the role is held in.

    Raises:
        ValidationError: the role needs a unit or takes none, or the unit is not there that day.
    """
    if role == Role.MANAGER and unit is None:
        raise ValidationError({"unit": _("Choose the unit that she manages.")})
    if role == Role.COORDINATOR and unit is not None:
        raise ValidationError({"unit": _("A coordinator belongs to the whole municipality: choose no unit.")})
    if unit is not None and unit.municipality_id != municipality.pk:
        raise ValidationError({"unit": _("The unit belongs to another municipality.")})
    if unit is not None and not Unit.objects.in_force(on).filter(pk=unit.pk).exists():
        raise ValidationError({"unit": _("The unit does not exist on that day.")})
    return {"municipality": municipality, "unit": unit}


def _known_here(municipality: Municipality, email: str) -> User | None:
    rows = Membership.objects.not_over().filter(municipality=municipality, user__isnull=False)
    found = rows.filter(Q(user__email__iexact=email) | Q(email=email)).select_related("user").order_by("pk").first()
    return found.user if found is not None else None


def _end_before(actor: Any, membership: Membership, on: date) -> None:
    """End with the day before; what would begin on that day or later has never been, and is revoked."""
    last_day = on - _DAY if membership.valid_from < on else None
    membership_end(actor=actor, membership=membership, last_day=last_day)


def _keep_a_coordinator(membership: Membership, last_day: date) -> None:
    others = Membership.objects.in_force().filter(municipality=membership.municipality, role=Role.COORDINATOR)
    others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day), user__is_active=True)
    if not others.exclude(user=membership.user).exists() and membership.user is not None:
        raise RefusedError(_("Somebody must look after the municipality: name another coordinator first."))
