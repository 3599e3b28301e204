"""What other packages may use of the persons and their roles."""

from portal.accounts.groups import ADMINISTRATORS, ORGANISERS, PROVIDERS, editors_of, sync_groups
from portal.accounts.lookups import NoReasonToLookError, lookup_record
from portal.accounts.models import COORDINATOR_GIVES, Invitation, Membership, PersonLookup, Source, User
from portal.accounts.principals import principal_of
from portal.accounts.services.memberships import membership_end, membership_grant, memberships_claim

__all__ = [
    "ADMINISTRATORS",
    "COORDINATOR_GIVES",
    "ORGANISERS",
    "PROVIDERS",
    "Invitation",
    "Membership",
    "NoReasonToLookError",
    "PersonLookup",
    "Source",
    "User",
    "editors_of",
    "lookup_record",
    "membership_end",
    "membership_grant",
    "memberships_claim",
    "principal_of",
    "sync_groups",
]
