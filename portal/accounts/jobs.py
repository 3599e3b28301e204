"""What happens to accounts by the clock."""

from datetime import timedelta

from django.contrib.auth.signals import user_logged_in
from django.db.models import Q

from portal.accounts.groups import sync_groups
from portal.accounts.limits import forget_old_counts
from portal.accounts.login import claim_what_waits
from portal.accounts.models import Membership, User
from portal.accounts.services import letters
from portal.core import outbox, periodic


def register() -> None:
    """Add the jobs, the letters and what a login sets off; called when the app is ready."""
    outbox.handler(letters.TOPIC)(letters.write)
    user_logged_in.connect(claim_what_waits)
    periodic.register("accounts.groups", timedelta(minutes=10), bring_groups_in_line)
    periodic.register("accounts.limits", timedelta(minutes=1), forget_old_counts)


def bring_groups_in_line() -> None:
    """Let groups follow memberships that have begun or ended with a day: nobody acts when midnight comes."""
    holders = User.objects.filter(Q(groups__isnull=False) | Q(memberships__in=Membership.objects.in_force()))
    for user in holders.distinct().order_by("pk").iterator():
        sync_groups(user)
