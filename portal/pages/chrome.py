"""What the general pages put around every page: the menu and the footer (section place "site.menu").

Two queries a request, however many links: the settings, and one for every page that menu and footer point to.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from portal.core.sections import Section
from portal.core.visibility import asker, pages_visible_to
from portal.pages.models import SiteSettings

_CACHE = "_portal_chrome"


@dataclass(frozen=True, slots=True)
class Link:
    """A link in menu or footer; `current` is "page" on the page itself, true below it."""

    title: str
    url: str
    current: str | bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the footer."""

    title: str
    links: tuple[Link, ...] = field(default=())


def site_menu(request: HttpRequest, obj: Any) -> Section | None:
    """Return menu and footer of the request's site; header and footer ask, and the second gets the first one's answer."""
    if not hasattr(request, _CACHE):
        site = Site.find_for_request(request)
        setattr(request, _CACHE, Section("", "", "", _context(request, site)) if site else None)
    chrome: Section | None = getattr(request, _CACHE)
    return chrome


def _context(request: HttpRequest, site: Site) -> dict[str, Any]:
    # Not `for_site`: it would write a row in answer to a GET.
    settings = SiteSettings.objects.filter(site=site).first() or SiteSettings(site=site)
    pages = _pages(site, settings, request)
    menu = [page for page in pages.values() if page.depth == site.root_page.depth + 1 and page.show_in_menus]
    return {
        "menu_items": [_menu_link(page, request) for page in sorted(menu, key=lambda page: page.path)],
        "footer_text": settings.footer_text,
        "footer_columns": _columns(settings, pages, request),
        "footer_links": _legal_links(settings, pages, request),
        "footer_notes": [settings.example_line] if settings.example_line else [],
    }


def _pages(site: Site, settings: SiteSettings, request: HttpRequest) -> dict[int, Page]:
    linked = {link["value"].get("page") for column in _raw_columns(settings) for link in _raw_links(column)}
    keys = {key for key in {*linked, settings.accessibility_page_id, settings.privacy_page_id} if key}
    in_menu = Q(path__startswith=site.root_page.path, depth=site.root_page.depth + 1, show_in_menus=True)
    pages = pages_visible_to(asker(request)).filter(in_menu | Q(pk__in=keys))
    return {page.pk: page for page in pages}


def _raw_columns(settings: SiteSettings) -> list[dict[str, Any]]:
    # The raw values: asking the blocks for their pages would cost a query a column.
    return [column for column in settings.footer_columns.raw_data if column["type"] == "column"]


def _raw_links(column: dict[str, Any]) -> list[dict[str, Any]]:
    return [link if "value" in link else {"value": link} for link in column["value"]["links"]]


def _columns(settings: SiteSettings, pages: dict[int, Page], request: HttpRequest) -> list[Column]:
    columns = []
    for raw in _raw_columns(settings):
        links = [_footer_link(link["value"], pages, request) for link in _raw_links(raw)]
        columns.append(Column(raw["value"]["heading"], tuple(link for link in links if link)))
    return [column for column in columns if column.links]


def _footer_link(raw: dict[str, Any], pages: dict[int, Page], request: HttpRequest) -> Link | None:
    """Return the link, or none where its page is gone or not live."""
    if not raw.get("page"):
        return Link(raw["text"], raw["url"]) if raw.get("url") else None
    page = pages.get(raw["page"])
    return Link(raw["text"], page.get_url(request)) if page else None


def _legal_links(settings: SiteSettings, pages: dict[int, Page], request: HttpRequest) -> list[Link]:
    chosen = [
        (_("Accessibility statement"), pages.get(settings.accessibility_page_id or 0)),
        (_("Privacy policy"), pages.get(settings.privacy_page_id or 0)),
    ]
    links = [Link(title, page.get_url(request)) for title, page in chosen if page]
    if settings.contact_email:
        links.append(Link(_("Write to us"), f"mailto:{settings.contact_email}"))
    return links


def _menu_link(page: Page, request: HttpRequest) -> Link:
    url = page.get_url(request) or ""
    current: str | bool = "page" if request.path == url else bool(url) and request.path.startswith(url)
    return Link(page.title, url, current)
