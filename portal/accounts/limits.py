"""How often somebody may try, counted in the shared cache; the counts hold no address, and go with their window."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from portal.accounts.models import CacheEntry


def allows(request: HttpRequest, action: str, key: str = "", *, counted: bool = True) -> bool:
    """Count a try of an action of `ACCOUNT_RATE_LIMITS`, and tell whether it may go on.

    Not `counted` it only tells: where the outcome decides whether a try counts, it is asked before and counted after.
    """
    asked = {"app": "allauth.account", "action": action, "key": key, "limit_get": True, "dry_run": not counted}
    return bool(ratelimit.consume(request, **asked))


def forget_old_counts() -> None:
    """Delete what counts no more: a count is about somebody, and the cache itself tidies only when it is full."""
    CacheEntry.objects.expired().delete()
