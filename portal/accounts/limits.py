"""How often somebody may try, counted in the shared cache; the counts hold no address, and go with their window."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from portal.accounts.models import CacheEntry


def allows(request: HttpRequest, action: str, key: str = "") -> bool:
    """Count a try of an action of `ACCOUNT_RATE_LIMITS`, and tell whether it may go on."""
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True))


def forget_old_counts() -> None:
    """Delete what counts no more: a count is about somebody, and the cache itself tidies only when it is full."""
    CacheEntry.objects.expired().delete()
