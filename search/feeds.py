"""A search as an Atom feed (RFC 4287): what there is to find now, newest change first, for those who follow it.

It is what everybody may see, and always Danish: programs read it, and the copy that one of them keeps is anybody's.
"""

import datetime as dt
import hashlib
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.formats import long_date
from portal.core.principal import ANONYMOUS
from search import address, screens, selectors
from search.address import Asked
from search.models import IndexedDocument
from search.results import SearchHit, SearchQuery, SearchResult

MAX_AGE = 900
_MOST = 50
# A feed with no entries must say a time as well (RFC 4287, 4.1.1), and the same one at each request.
_BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Answer with the best hits; a choice that makes no sense is an error, never a wider feed."""
    asked = address.asked(request.GET)
    with translation.override("da"):
        result = selectors.search(_query(asked))
        if result.text and (wrong := [*screens.without_value(result), *asked.unknown]):
            response = HttpResponse("\n".join(wrong), status=400, content_type="text/plain; charset=utf-8")
        else:
            response = _answer(request, _feed(request, asked, result))
    response["X-Robots-Tag"] = "noindex"
    return response


def _query(asked: Asked) -> SearchQuery:
    query = asked.query(HttpRequest(), "da")
    return SearchQuery(
        text=query.text,
        kinds=query.kinds,
        filters=query.filters,
        principal=ANONYMOUS,
        page_size=_MOST,
        with_help=False,
    )


def _feed(request: HttpRequest, asked: Asked, result: SearchResult) -> Atom1Feed:
    chosen = screens.Narrowed(asked, result, ANONYMOUS.audiences).used
    page = address.address(reverse("search:search"), result.text, chosen)
    feed = _Feed(
        title=_('Search for "%(text)s"') % {"text": result.text},
        link=request.build_absolute_uri(page),
        feed_url=request.build_absolute_uri(address.address(request.path, result.text, chosen)),
        description="",
        language="da",
        author_name="Kompetenceportalen",
        feed_guid=_identity(page),
    )
    changed = _changed(result.hits)
    for hit in sorted(result.hits, key=lambda hit: (changed.get(hit.key, _BEGINNING), hit.key), reverse=True):
        _add(feed, hit, changed.get(hit.key, _BEGINNING), request)
    return feed


def _changed(hits: tuple[SearchHit, ...]) -> dict[str, dt.datetime]:
    """Return when each was last changed: the index writes a document only if it says something new."""
    rows = IndexedDocument.objects.filter(key__in=[hit.key for hit in hits]).values_list("key", "updated")
    return {key: updated.replace(microsecond=0) for key, updated in rows}


def _add(feed: Atom1Feed, hit: SearchHit, changed: dt.datetime, request: HttpRequest) -> None:
    when = long_date(hit.starts_at) if hit.starts_at else ""
    facts = ", ".join(part for part in (when, hit.note) if part)
    said = "".join(part.text for part in hit.excerpt)
    feed.add_item(
        title=hit.title_text,
        link=request.build_absolute_uri(hit.url),
        description="\n\n".join(part for part in (facts, said) if part),
        unique_id=_identity(hit.key),
        updateddate=changed,
        categories=[hit.kind_label],
    )


class _Feed(Atom1Feed):
    """A feed that is as new as its newest entry, and the same bytes until one changes."""

    def latest_post_date(self) -> dt.datetime:
        """Return the newest entry's time."""
        return max((item["updateddate"] for item in self.items), default=_BEGINNING)


def _identity(name: str) -> str:
    """Return a name that stays when the portal moves to another address."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'https://kompetenceportalen/soeg/{name}')}"


def _answer(request: HttpRequest, feed: Atom1Feed) -> HttpResponse:
    body = feed.writeString("utf-8").encode()
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return get_conditional_response(request, etag, None, response) or response
