"""Give and take roles. Every change locks the person first, so that two at once end in one row, and brings Wagtail's groups
in line in the same transaction: a revoked right works at the next request."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.groups import sync_groups
from portal.accounts.models import Membership, Source, User, scope_of
from portal.core import audit
from portal.core.errors import RefusedError
from portal.core.roles import Role
from portal.organisations.api import lock_tree


@transaction.atomic
def membership_grant(
    *,
    actor: Any,
    role: str,
    user: User | None = None,
    email: str = "",
    source: str = Source.MANUAL,
    valid_from: date | None = None,
    valid_to: date | None = None,
    **place: Any,
) -> Membership:
    """Give a role to a person, or to an address until its owner signs in; asked again, return the row that is there.

    `place` names what the role needs: `municipality`, `unit`, `region`, `party` or `provider`; `name` and `person_code`
    may tell who the person is.

    Raises:
        ValidationError: the place is missing or foreign to the role, the dates are out of order, or the unit does not
            exist throughout them.
    """
    if (unit := place.get("unit")) is not None:
        # The tree before the person, here as everywhere: else the unit could end over a member who is just coming.
        lock_tree(unit.municipality)
        unit.refresh_from_db(fields=["valid_from", "valid_to"])
    if user is not None:
        User.objects.select_for_update().get(pk=user.pk)
    wanted = Membership(
        user=user,
        email=email.strip().lower() or (user.email or "" if user is not None else ""),
        role=role,
        source=source,
        valid_from=valid_from or timezone.localdate(),
        valid_to=valid_to,
        **place,
    )
    if wanted.unit is not None:
        wanted.municipality = wanted.unit.municipality
    wanted.scope = scope_of(wanted)
    if held := _held(wanted):
        return held
    wanted.full_clean()
    _check_unit(wanted)
    wanted.save()
    if user is not None:
        sync_groups(user)
    audit.record(actor=actor, action="membership.grant", obj=wanted, after=told(wanted))
    return wanted


@transaction.atomic
def membership_end(*, actor: Any, membership: Membership, last_day: date | None = None) -> Membership:
    """End a membership: now, or with the end of a day.

    Raises:
        RefusedError: nobody would be left to look after the portal.
        ValidationError: the day lies before the membership's first.
    """
    if membership.role == Role.ADMINISTRATOR:
        _keep_one_administrator(membership, last_day)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.revoked_at is not None:
        return membership
    before = told(membership)
    membership.valid_to = last_day if last_day is not None else membership.valid_to
    membership.revoked_at = timezone.now() if last_day is None else None
    membership.full_clean(validate_constraints=False)
    if last_day is not None and last_day < membership.valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    membership.save()
    if membership.user is not None:
        sync_groups(membership.user)
    audit.record(actor=actor, action="membership.end", obj=membership, before=before, after=told(membership))
    return membership


@transaction.atomic
def membership_go_on(*, actor: Any, membership: Membership) -> Membership:
    """Take a last day back that lies ahead: the membership goes on without end.

    Raises:
        RefusedError: it is over, so it would have to be given again.
    """
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership not in Membership.objects.not_over():
        raise RefusedError(_("The role is over. Give it again instead."))
    if membership.valid_to is None:
        return membership
    before = told(membership)
    membership.valid_to = None
    membership.full_clean()
    membership.save()
    audit.record(actor=actor, action="membership.go_on", obj=membership, before=before, after=told(membership))
    return membership


@transaction.atomic
def memberships_claim(*, user: User, addresses: list[str]) -> int:
    """Hand over what waits for addresses that the user has shown to be hers, and return how many rows that were.

    Call it where an address has just been confirmed or its owner signs in: the address must be proven, not typed.
    """
    waiting = list(
        Membership.objects.select_for_update()
        .filter(user__isnull=True, email__in=[address.lower() for address in addresses if address])
        .filter(revoked_at__isnull=True)
    )
    _hand_over(waiting, user)
    return len(waiting)


@transaction.atomic
def membership_take(*, user: User, membership: Membership) -> None:
    """Hand over one waiting row, and only that: the user has shown a link to it, and nothing about its address."""
    _hand_over([Membership.objects.select_for_update().get(pk=membership.pk, user__isnull=True)], user)


def _hand_over(waiting: list[Membership], user: User) -> None:
    for membership in waiting:
        membership.user = user
        if _held(membership):
            # She holds the same already: the waiting row has nothing to give.
            membership.user = None
            membership.revoked_at = timezone.now()
        elif membership.valid_to is None and (later := _begins_later(membership)):
            # Two open rows of one role are none: what waited lasts until the other begins, and her login goes on.
            membership.valid_to = later.valid_from - timedelta(days=1)
        membership.save()
        audit.record(actor=user, action="membership.claim", obj=membership, after=told(membership))
    if waiting:
        sync_groups(user)


def _check_unit(wanted: Membership) -> None:
    unit = wanted.unit
    if unit is None:
        return
    ends = unit.valid_to is not None and (wanted.valid_to is None or wanted.valid_to > unit.valid_to)
    if ends or wanted.valid_from < unit.valid_from:
        raise ValidationError({"unit": _("The unit does not exist on that day.")})


def _held(wanted: Membership) -> Membership | None:
    who = Q(user=wanted.user) if wanted.user is not None else Q(user__isnull=True, email=wanted.email)
    rows = Membership.objects.not_over().filter(who, role=wanted.role, scope=wanted.scope)
    # What ends before the wanted one begins holds nothing for it: she may come back.
    rows = rows.exclude(valid_to__lt=wanted.valid_from)
    return rows.filter(valid_from__lte=wanted.valid_from).exclude(pk=wanted.pk).first()


def _begins_later(wanted: Membership) -> Membership | None:
    rows = Membership.objects.filter(user=wanted.user, role=wanted.role, scope=wanted.scope).exclude(pk=wanted.pk)
    rows = rows.filter(valid_from__gt=wanted.valid_from, valid_to__isnull=True, revoked_at__isnull=True)
    found: Membership | None = rows.first()
    return found


def _keep_one_administrator(membership: Membership, last_day: date | None) -> None:
    """Refuse the end if nobody looks after the portal after it; two who end each other at once wait for one another."""
    rows = (
        Membership.objects.select_for_update().filter(role=Role.ADMINISTRATOR, revoked_at__isnull=True).order_by("pk")
    )
    held = [row for row in rows if row.user_id is not None and row.pk != membership.pk]
    after = last_day + timedelta(days=1) if last_day is not None else timezone.localdate()
    going_on = [row.user_id for row in held if row.valid_from <= after and (row.valid_to or after) >= after]
    others = User.objects.filter(Q(pk__in=going_on) | Q(is_superuser=True), is_active=True)
    if not others.exclude(pk=membership.user_id or 0).exists():
        raise RefusedError(_("Somebody must look after the portal: name another administrator first."))


def told(membership: Membership) -> dict[str, Any]:
    """Return what the audit trail says about a membership."""
    return {
        "role": membership.role,
        "place": membership.place,
        "from": membership.valid_from.isoformat(),
        "to": membership.valid_to.isoformat() if membership.valid_to else None,
        "revoked": membership.revoked_at is not None,
    }
