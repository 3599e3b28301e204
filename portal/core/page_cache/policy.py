"""What may be answered from memory, and for how long. Everything that is not plainly allowed is drawn anew."""

import re
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.models import Page

from portal.core.visibility import asker

# Seconds; a page may say "upcoming", and an import may have forgotten to bump.
MAX_AGE: Final = 60
LARGEST_BODY: Final = 1_000_000
# The only query that a page may be stored with: free text would let anybody fill the memory.
_QUERY: Final = re.compile(r"side=[0-9]{1,3}")
_PAGE_VIEW: Final = "wagtail_serve"

Key = tuple[str, str, str, str]


def key_of(request: HttpRequest) -> Key | None:
    """Return what a stored page is found by; None for a request that is never answered from memory.

    The language needs no place of its own: it is the first part of the path. A visitor with a session or a waiting
    message gets pages of her own.
    """
    if request.method != "GET" or is_personal(request):
        return None
    query = request.META.get("QUERY_STRING", "")
    if query and not _QUERY.fullmatch(query):
        return None
    try:
        return request.scheme or "", request.get_host(), request.path, query
    except Exception:
        # A host that is not ours: the view answers it as it should.
        return None


def is_personal(request: HttpRequest) -> bool:
    """Tell whether the asker may be somebody: her pages are neither taken from the store nor put there."""
    personal = {settings.SESSION_COOKIE_NAME, "messages"}
    return not personal.isdisjoint(request.COOKIES) or "HTTP_AUTHORIZATION" in request.META


def forbid(request: HttpRequest | None) -> None:
    """Keep the page that is being drawn from being stored: something on it is for this asker only."""
    if request is not None:
        request.page_cache_forbidden = True  # type: ignore[attr-defined]


def expires_at(request: HttpRequest, moment: datetime) -> None:
    """Say when the page that is being drawn will be untrue, such as when a meeting begins; the earliest counts."""
    known: datetime | None = getattr(request, "page_cache_expires_at", None)
    request.page_cache_expires_at = moment if known is None else min(known, moment)  # type: ignore[attr-defined]


def may_be_stored(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether a response is the same for everybody who is not signed in."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and len(response.content) <= LARGEST_BODY
        and not _says_no(request, response)
        and _is_public_page(request, response)
    )


def _says_no(request: HttpRequest, response: HttpResponse) -> bool:
    directives = response.get("Cache-Control", "").lower()
    return (
        getattr(request, "page_cache_forbidden", False)
        # Signed in without a cookie of ours: by a middleware that nobody has written yet.
        or not asker(request).is_anonymous
        or "CSRF_COOKIE_NEEDS_UPDATE" in request.META
        or any(word in directives for word in ("no-store", "private", "no-cache"))
        or "*" in response.get("Vary", "")
    )


def _is_public_page(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    if match is None or match.view_name != _PAGE_VIEW:
        return False
    page = (getattr(response, "context_data", None) or {}).get("page")
    # A page that is drawn in a way of its own shows no page to ask; it is drawn anew each time.
    return isinstance(page, Page) and page.live and not page.get_view_restrictions()


def seconds_to_live(request: HttpRequest) -> float:
    """Return how long the page stays true if nothing is changed: never beyond midnight, when "upcoming" moves."""
    now = timezone.now()
    midnight = (timezone.localtime(now) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [MAX_AGE, (midnight - now).total_seconds()]
    if said := getattr(request, "page_cache_expires_at", None):
        ends.append((said - now).total_seconds())
    return max(0.0, min(ends))
