"""Who a login's address and password belong to."""

from allauth.account.auth_backends import AuthenticationBackend


class EmailBackend(AuthenticationBackend):
    """Allauth's lookup by address."""
