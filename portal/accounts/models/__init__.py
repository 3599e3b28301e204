"""The models, in order of dependence: users, memberships, invitations, lookups, imports; and the cache's table."""

from portal.accounts.models.cache import CacheEntry
from portal.accounts.models.imports import ImportAction, ImportChunk, ImportKind, ImportRow, ImportRun, ImportState
from portal.accounts.models.invitations import Invitation, hashed
from portal.accounts.models.lookups import PersonLookup
from portal.accounts.models.memberships import COORDINATOR_GIVES, PLACES, Membership, Source, scope_of
from portal.accounts.models.users import User, UserManager

__all__ = [
    "COORDINATOR_GIVES",
    "PLACES",
    "CacheEntry",
    "ImportAction",
    "ImportChunk",
    "ImportKind",
    "ImportRow",
    "ImportRun",
    "ImportState",
    "Invitation",
    "Membership",
    "PersonLookup",
    "Source",
    "User",
    "UserManager",
    "hashed",
    "scope_of",
]
