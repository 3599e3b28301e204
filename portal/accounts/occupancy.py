"""How many people stand in a unit: told downwards, since units know no persons (`portal.organisations.occupancy`)."""

from datetime import date

from django.db.models import Q

from portal.accounts.models import Membership
from portal.organisations.api import Unit


def members_after(unit: Unit, day: date) -> int:
    """Return how many people hold a role in the unit on some day after that one; those who wait for a login count too."""
    later = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    held = Membership.objects.filter(later, unit=unit, revoked_at__isnull=True).values_list("user_id", "email")
    return len({user or email for user, email in held})
