"""The search page: any address gives a page, whatever somebody put into it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.principal import ANONYMOUS, Principal
from search import address, screens, selectors, usage
from search.address import TEXT, Asked
from search.danish import MAX_CHARACTERS
from search.results import SearchResult

# More lines than this hide the page below the box.
_MOST_SUGGESTIONS = 8
# The type that people follow by a feed: new ones keep coming.
_FOLLOWED = "event"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Answer `?q=…&type=…&kommune=…&side=…`; what cannot be understood is left out of the question, with a note."""
    asked = address.asked(request.GET)
    result = selectors.search(asked.query(request, get_language() or "da"))
    if usage.is_question(request):
        # What has some of the words is not what was looked for.
        usage.count(result.text, 0 if result.any_word else result.total + len(result.promoted))
    response = render(request, "search/search.html", _context(asked, result, getattr(request, "principal", ANONYMOUS)))
    # Result lists are not for search engines: they would be an endless number of pages.
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer the box while somebody types: names that begin so, for this asker only, kept by nobody."""
    found = selectors.suggest(
        request.GET.get(TEXT, "")[:MAX_CHARACTERS],
        principal=getattr(request, "principal", ANONYMOUS),
        language=get_language() or "da",
        limit=_MOST_SUGGESTIONS,
    )
    lines = [{"text": line.text, "kind": line.kind_label, "url": line.url} for line in found[:_MOST_SUGGESTIONS]]
    response = JsonResponse({"suggestions": lines})
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, no_store=True, private=True)
    return response


def _context(asked: Asked, result: SearchResult, principal: Principal) -> dict[str, Any]:
    path = reverse("search:search")
    feed = reverse("search:feed")
    narrowed = screens.Narrowed(asked, result, principal.audiences)
    return {
        "text": result.text,
        "result": result,
        "rows": screens.rows(result.hits),
        "promoted": screens.rows(result.promoted),
        "near": screens.rows(result.near),
        "page": screens.page_of(result),
        "groups": narrowed.groups(),
        "chosen": narrowed.chosen(path),
        "left_aside": asked.unknown,
        "without_value": screens.without_value(result),
        "address": path,
        "clear_url": address.address(path, result.text),
        "better_url": address.address(path, result.did_you_mean, narrowed.used),
        "feed_url": address.address(feed, result.text, narrowed.used) if asked.values("type") == (_FOLLOWED,) else "",
        "breadcrumbs": [
            {"title": _("Home page"), "url": reverse("wagtail_serve", args=[""])},
            {"title": _("Search"), "url": path},
        ],
    }
