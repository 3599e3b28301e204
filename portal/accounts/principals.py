"""Build the `Principal` of a user."""

from datetime import date
from typing import Any

from django.utils import timezone

from portal.accounts.groups import group_of, is_managed
from portal.accounts.models import Membership
from portal.core.principal import ANONYMOUS, Grant, Principal
from portal.core.roles import PRIVILEGED, Role
from portal.organisations.api import tree_on


def principal_of(user: Any, *, strong: bool = False, on: date | None = None) -> Principal:
    """Return who the user is to the visibility rules today.

    `strong` says that her session has shown a second factor, or comes from a login that vouches for as much; without
    it the privileged roles are withheld.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    day = on or timezone.localdate()
    held = _grants(user, day)
    usable = tuple(grant for grant in held if strong or grant.role not in PRIVILEGED)
    return Principal(
        user_uuid=user.uuid,
        grants=usable,
        groups=_groups(user, usable),
        withheld=frozenset(grant.role for grant in held) - frozenset(grant.role for grant in usable),
    )


def _grants(user: Any, day: date) -> tuple[Grant, ...]:
    rows = list(
        Membership.objects.in_force(day)
        .filter(user=user)
        .order_by("pk")
        .values_list("role", "municipality_id", "municipality__code", "unit_id", "region_id", "party__key", "provider")
    )
    led = {municipality for role, municipality, *_ in rows if role == Role.MANAGER}
    # Only a manager's units reach further than themselves: others need no tree.
    tree = tree_on(led, on=day) if led else None
    grants = []
    for role, _municipality, code, unit, region, party, provider in rows:
        units = frozenset({unit}) if unit else frozenset()
        if role == Role.MANAGER and tree is not None:
            units = tree.below(units)
        grants.append(Grant(role, code or "", units, region, party or "", provider))
    if user.is_superuser:
        grants.append(Grant(Role.ADMINISTRATOR))
    return tuple(grants)


def _groups(user: Any, usable: tuple[Grant, ...]) -> frozenset[str]:
    own = (name for name in user.groups.values_list("name", flat=True) if not is_managed(name))
    by_right = (group_of(grant.role, grant.party) for grant in usable)
    return frozenset({*own, *(name for name in by_right if name)})
