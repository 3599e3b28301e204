"""The second factors of the demo's logins: each has an app whose secret follows from its address.

In the demo only: whoever knows this file can make the codes.
"""

import base64
import hashlib
import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings

from portal.accounts.api import User

PERIOD: int = app_settings.TOTP_PERIOD


def secret_of(email: str) -> str:
    """Return the secret of a login's app."""
    return base64.b32encode(hashlib.sha1(f"demo {email.lower()}".encode(), usedforsecurity=False).digest()).decode()


def code_of(email: str, *, ahead: int = 0) -> str:
    """Return the code that the app shows now, or some turns ahead."""
    return str(format_hotp_value(hotp_value(secret_of(email), int(time.time()) // PERIOD + ahead)))


def give_factor(user: User) -> None:
    """Set an app up for a login of the demo; one who has set up her own keeps it."""
    if settings.DEMO and user.email and not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, secret_of(user.email))
