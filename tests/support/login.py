"""Ways to log in that walk the pages, for tests."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from portal.accounts.models import User
from tests.factories.accounts import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30


def code(secret: str = SECRET, *, ahead: int = 0) -> str:
    """Return what an app shows, or shows some turns later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + ahead)))


def with_app(user: User) -> User:
    """Give a person an app that shows codes."""
    TOTP.activate(user, SECRET)
    return user


def has_app(user: User) -> bool:
    """Tell whether a person has an app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def type_password(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    """Send the login form."""
    return client.post("/konto/log-ind/", {"login": email, "password": password, **more})


def links_in(text: str) -> list[str]:
    """Return the addresses in a mail, without the host."""
    return [re.sub(r"^https?://[^/]+", "", link) for link in re.findall(r"https?://\S+", text)]
