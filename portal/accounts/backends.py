"""Who an address and a password belong to: one question to the database and one password hash, whatever the answer."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from portal.accounts.models import User


class EmailBackend(ModelBackend):
    """Password login by address. Unknown, closed, without a password and mistyped cost the same and answer the same."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None, **credentials: Any
    ) -> User | None:
        """Return the user, or None for every reason there is."""
        email = email or credentials.get("username")
        if not email or password is None:
            return None
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            make_password(password)
            return None
        # Django hashes once for an unusable password as well.
        right = user.check_password(password)
        return user if right and self.user_can_authenticate(user) else None
