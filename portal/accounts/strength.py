"""How surely a session knows who it belongs to."""

from typing import Any

# Where the login notes the methods that were used in this session (django-allauth keeps it under this key).
METHODS_KEY = "account_authentication_methods"


def is_strong(session: Any) -> bool:
    """Tell whether the session has shown a second factor, or comes from a login that vouches for as much."""
    methods = session.get(METHODS_KEY, ()) if session is not None else ()
    return any(method.get("method") == "mfa" or method.get("strong") for method in methods)
