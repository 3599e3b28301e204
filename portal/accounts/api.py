"""What other packages may use of the persons and their roles."""

from portal.accounts.erasure import is_last_administrator, person_erase
from portal.accounts.groups import ADMINISTRATORS, ORGANISERS, PROVIDERS, editors_of, sync_groups
from portal.accounts.login import sign_in
from portal.accounts.lookups import NoReasonToLookError, lookup_record
from portal.accounts.models import COORDINATOR_GIVES, Invitation, Membership, PersonLookup, Source, User
from portal.accounts.principals import principal_of
from portal.accounts.services.accounts import AddressTakenError, account_create, factors_reset
from portal.accounts.services.invitations import (
    DeadLinkError,
    invitation_accept,
    invitation_resend,
    invitation_send,
    invitation_withdraw,
)
from portal.accounts.services.memberships import membership_end, membership_grant, memberships_claim

__all__ = [
    "ADMINISTRATORS",
    "COORDINATOR_GIVES",
    "ORGANISERS",
    "PROVIDERS",
    "AddressTakenError",
    "DeadLinkError",
    "Invitation",
    "Membership",
    "NoReasonToLookError",
    "PersonLookup",
    "Source",
    "User",
    "account_create",
    "editors_of",
    "factors_reset",
    "invitation_accept",
    "invitation_resend",
    "invitation_send",
    "invitation_withdraw",
    "is_last_administrator",
    "lookup_record",
    "membership_end",
    "membership_grant",
    "memberships_claim",
    "person_erase",
    "principal_of",
    "sign_in",
    "sync_groups",
]
