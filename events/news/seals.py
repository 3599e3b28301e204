"""The links of the subscriptions, signed by the portal: nothing of them is kept, and none can be guessed."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from events.models import Subscription

CONFIRM_LIFE = timedelta(days=7)
_CONFIRM, _LEAVE = "events.news.confirm", "events.news.leave"


def confirm_url(subscription: Subscription) -> str:
    """Return the link that shows that an address is its writer's own."""
    token = signing.dumps([subscription.pk], salt=_CONFIRM)
    return settings.WAGTAILADMIN_BASE_URL + reverse("news:confirm", args=[token])


def leave_url(subscriptions: Iterable[Subscription]) -> str:
    """Return the link that ends them. It works for ever: an old mail must be able to do it, too (RFC 8058)."""
    token = signing.dumps(sorted(row.pk for row in subscriptions), salt=_LEAVE)
    return settings.WAGTAILADMIN_BASE_URL + reverse("news:leave", args=[token])


def opened(token: str) -> Subscription | None:
    """Return what a link of the first kind confirms; None if it is too old, not ours, or about what has ended."""
    try:
        keys = signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_LIFE)
    except signing.BadSignature:
        return None
    return Subscription.objects.filter(pk__in=keys).first()


def leaving(token: str) -> tuple[Subscription, ...] | None:
    """Return what a link of the second kind still ends; None if it is not ours."""
    try:
        keys = signing.loads(token, salt=_LEAVE)
    except signing.BadSignature:
        return None
    return tuple(Subscription.objects.filter(pk__in=keys).order_by("pk"))
