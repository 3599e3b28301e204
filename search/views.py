"""The search page: any address gives a page, whatever somebody put into it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.formats import long_date
from portal.core.principal import ANONYMOUS
from search.forms import TypeFilterForm
from search.results import PAGE_SIZE, HighlightPart, SearchHit, SearchQuery, SearchResult
from search.selectors import KIND, search

_MOST_KINDS = 20


@dataclass(frozen=True, slots=True)
class HitRow:
    """One hit as the template draws it."""

    title: str
    url: str
    kind: str
    text: SafeString


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Answer `?q=…&type=…&side=…`; what cannot be understood is left out of the question."""
    query = SearchQuery(
        text=request.GET.get("q", ""),
        kinds=tuple(request.GET.getlist("type")[:_MOST_KINDS]),
        page=_page_number(request.GET.get("side", "")),
        principal=getattr(request, "principal", ANONYMOUS),
        language=get_language() or "da",
    )
    result = search(query)
    response = render(request, "search/search.html", _context(result))
    # Result lists are not for search engines: they would be an endless number of pages.
    response["X-Robots-Tag"] = "noindex"
    return response


def _context(result: SearchResult) -> dict[str, Any]:
    facet = result.facet(KIND)
    address = reverse("search:search")
    return {
        "text": result.text,
        "result": result,
        "rows": [_row(hit) for hit in result.hits],
        "page": _page(result),
        "filter_form": TypeFilterForm(result.text, facet) if facet.values else None,
        "address": address,
        "clear_url": f"{address}?{urlencode({'q': result.text})}",
        "breadcrumbs": [
            {"title": _("Home page"), "url": reverse("wagtail_serve", args=[""])},
            {"title": _("Search"), "url": address},
        ],
    }


def _page_number(text: str) -> int:
    try:
        return max(1, int(text[:12]))
    except ValueError:
        return 1


def _page(result: SearchResult) -> Page[int]:
    """Return the result's page in the shape that the pagination component draws."""
    return Paginator(range(result.total), PAGE_SIZE).get_page(result.page)


def _row(hit: SearchHit) -> HitRow:
    when = long_date(hit.starts_at) if hit.starts_at else ""
    return HitRow(
        title=hit.title_text,
        url=hit.url,
        kind=" · ".join(part for part in (hit.kind_label, when, hit.note) if part),
        text=_marked(hit.excerpt),
    )


def _marked(parts: tuple[HighlightPart, ...]) -> SafeString:
    """Return the parts as HTML, each escaped, with `<mark>` around what was looked for."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part.text) if part.match else part.text,) for part in parts)
    )
