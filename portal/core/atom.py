"""What every Atom feed of the portal shares (RFC 4287): programs fetch it many times a day, and mostly nothing is new."""

import datetime as dt
import hashlib
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed

# Seconds that a feed may be kept before it is asked for again.
MAX_AGE: Final = 900
# A feed with no entries must say a time as well (4.1.1), and the same one at each request.
BEGINNING: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class PortalFeed(Atom1Feed):
    """A feed that is as new as its newest entry, and the same bytes until one changes."""

    def latest_post_date(self) -> dt.datetime:
        """Return the newest entry's time."""
        return max((item["updateddate"] for item in self.items), default=BEGINNING)


def identity(name: str) -> str:
    """Return a feed's name that stays when the portal moves to another address."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'https://kompetenceportalen/{name}')}"


def feed_response(request: HttpRequest, feed: Atom1Feed) -> HttpResponse:
    """Return the feed, or that it has not changed."""
    body = feed.writeString("utf-8").encode()
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return get_conditional_response(request, etag, None, response) or response
