"""A search as an Atom feed (RFC 4287): what there is to find now, newest change first, for those who follow it.

It is what everybody may see, and always Danish: programs read it, and the copy that one of them keeps is anybody's.
"""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.atom import BEGINNING, PortalFeed, feed_response, identity
from portal.core.formats import long_date
from portal.core.principal import ANONYMOUS
from search import address, screens, selectors
from search.address import Asked
from search.models import IndexedDocument
from search.results import SearchHit, SearchQuery, SearchResult

_MOST = 50


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Answer with the best hits; a choice that makes no sense is an error, never a wider feed."""
    asked = address.asked(request.GET)
    with translation.override("da"):
        result = selectors.search(_query(asked))
        if result.text and (wrong := [*screens.without_value(result), *asked.unknown]):
            response = HttpResponse("\n".join(wrong), status=400, content_type="text/plain; charset=utf-8")
        else:
            response = feed_response(request, _feed(request, asked, result))
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
    feed = PortalFeed(
        title=_('Search for "%(text)s"') % {"text": result.text},
        link=request.build_absolute_uri(page),
        feed_url=request.build_absolute_uri(address.address(request.path, result.text, chosen)),
        description="",
        language="da",
        author_name="Kompetenceportalen",
        feed_guid=identity(f"soeg/{page}"),
    )
    changed = _changed(result.hits)
    for hit in sorted(result.hits, key=lambda hit: (changed.get(hit.key, BEGINNING), hit.key), reverse=True):
        _add(feed, hit, changed.get(hit.key, BEGINNING), request)
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
        unique_id=identity(f"soeg/{hit.key}"),
        updateddate=changed,
        categories=[hit.kind_label],
    )
