"""Under which names the shared cache keeps its entries. No models here: caches are made before there are any."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Return a name from which nobody can read the address of a person or of her machine."""
    return salted_hmac("portal.cache", f"{key_prefix}:{version}:{key}", secret=settings.SECRET_KEY).hexdigest()
