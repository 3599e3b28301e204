"""Sealed texts: what is inside can be neither read nor changed without the server's key, and it carries its date.

Links in mails are seals: the address they prove stands in no access log, and nothing has to be stored for them. So are the
secrets of second factors: whoever reads the database cannot make codes.
"""

import base64
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class BrokenSealError(ValueError):
    """The text is not ours, has been changed, is for another purpose, or is too old."""


@lru_cache(maxsize=16)
def _keys(keys: tuple[str, ...], purpose: str) -> MultiFernet:
    """Return the keys of a purpose; a former SECRET_KEY still opens, the present one closes."""
    digests = (hmac.digest(key.encode(), f"portal.seal.{purpose}".encode(), "sha256") for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _current(purpose: str) -> MultiFernet:
    return _keys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), purpose)


def seal(purpose: str, content: Any) -> str:
    """Return a text for an address or a column; `content` is a JSON value."""
    return _current(purpose).encrypt(json.dumps(content).encode()).decode().rstrip("=")


def unseal(purpose: str, text: str, *, max_age: int | None = None) -> Any:
    """Return what was sealed for this purpose, if the seal is no older than `max_age` seconds.

    Raises:
        BrokenSealError: it is not a seal of ours for this purpose, or too old.
    """
    padded = text + "=" * (-len(text) % 4)
    try:
        return json.loads(_current(purpose).decrypt(padded.encode(), ttl=max_age))
    except (InvalidToken, ValueError) as error:
        raise BrokenSealError from error
