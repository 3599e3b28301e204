"""What happens to accounts by the clock."""

from datetime import timedelta

from django.contrib.auth.signals import user_logged_in
from django.db.models import Q

from portal.accounts.groups import ROLES_WITH_GROUPS, managed_groups, sync_groups
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
    """Let groups follow memberships that have begun or ended with a day: nobody acts when midnight comes.

    Most people hold roles that do nothing in the admin: they are not looked at.
    """
    giving = Membership.objects.in_force().filter(role__in=ROLES_WITH_GROUPS)
    touched = Q(groups__in=managed_groups()) | Q(pk__in=giving.values("user"))
    for user in User.objects.filter(touched).distinct().order_by("pk").iterator():
        sync_groups(user)
