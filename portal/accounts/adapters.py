"""What allauth asks of the portal."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class PortalAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts: mail through the outbox, redirects to the portal's own places."""


class PortalMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""
