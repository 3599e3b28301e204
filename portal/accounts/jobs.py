"""What happens to accounts by the clock."""

from datetime import timedelta

from django.db.models import Q

from portal.accounts.groups import sync_groups
from portal.accounts.limits import forget_old_counts
from portal.accounts.models import Membership, User
from portal.core import periodic


def register() -> None:
    """Add the jobs; called when the app is ready."""
    periodic.register("accounts.groups", timedelta(minutes=10), bring_groups_in_line)
    periodic.register("accounts.limits", timedelta(minutes=1), forget_old_counts)


def bring_groups_in_line() -> None:
    """Let groups follow memberships that have begun or ended with a day: nobody acts when midnight comes."""
    holders = User.objects.filter(Q(groups__isnull=False) | Q(memberships__in=Membership.objects.in_force()))
    for user in holders.distinct().order_by("pk").iterator():
        sync_groups(user)
