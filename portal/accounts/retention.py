"""How long what is known about persons is kept; docs/personal-data.md says the same in words. Runs once a day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import Invitation, Membership, PersonLookup, Source
from portal.accounts.services.invitations import VALID_FOR
from portal.core import audit, mail
from portal.core.local_time import start_of_day
from portal.core.personal_data import nobody
from portal.organisations.api import MunicipalitySettings

# Where no municipality has said otherwise.
MEMBERSHIP_MONTHS: Final = 24
LOOKUP_MONTHS: Final = 24
INVITATION_MONTHS: Final = 3
# The worker tries for about a day.
RECEIPT_DAYS: Final = timedelta(days=2)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier; where that month is shorter, its last day."""
    month = day.year * 12 + day.month - 1 - months
    first = date(month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def forget_what_is_old() -> None:
    """Delete what has been kept long enough; each kind on its own, so that one failure leaves the others done."""
    today = timezone.localdate()
    forget_memberships(today)
    forget_invitations(today)
    PersonLookup.objects.filter(at__lt=start_of_day(months_before(today, LOOKUP_MONTHS))).delete()
    mail.forget_undelivered(before=timezone.now() - RECEIPT_DAYS)
    # No link that a mail holds opens anything for longer than an invitation's.
    mail.forget_secrets(before=timezone.now() - VALID_FOR)


def forget_memberships(today: date) -> int:
    """Delete memberships whose last day lies longer back than their municipality keeps them, and return how many."""
    gone = 0
    for months, rows in _by_keeping_time():
        last_kept = months_before(today, months)
        over = Q(valid_to__lt=last_kept) | Q(revoked_at__lt=start_of_day(last_kept))
        gone += _forget(Membership.objects.filter(rows & over))
    return gone


def _by_keeping_time() -> Iterator[tuple[int, Q]]:
    """Yield each number of months with the memberships that it applies to: a municipality's own number, or the usual one."""
    special = MunicipalitySettings.objects.exclude(retention_months=MEMBERSHIP_MONTHS)
    for municipality, months in special.order_by("pk").values_list("municipality_id", "retention_months"):
        yield months, Q(municipality=municipality)
    usual = ~Q(municipality__in=special.values("municipality")) | Q(municipality__isnull=True)
    yield MEMBERSHIP_MONTHS, usual


@transaction.atomic
def _forget(memberships: Any) -> int:
    """Delete the rows, and their names from the log of acts: what happened stays, to whom is forgotten with them."""
    rows = list(memberships)
    invitations = Invitation.objects.filter(membership__in=rows)
    audit.relabel([*rows, *invitations], nobody())
    Membership.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def forget_invitations(today: date) -> int:
    """Delete invitations that have been over for long, and the roles that nobody has taken up in all that time."""
    before = start_of_day(months_before(today, INVITATION_MONTHS))
    over = Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(expires_at__lt=before)
    # Not accepted means that the address belongs to somebody who has never answered: the portal has no use for it.
    old = Invitation.objects.filter(over)
    unanswered = Membership.objects.filter(user__isnull=True, source=Source.INVITATION, invitations__in=old)
    still_open = Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gte=before)
    _forget(unanswered.exclude(invitations__in=still_open).distinct())
    return Invitation.objects.filter(over).delete()[0]
