"""The way from the home page to a page, for the breadcrumb above its heading."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, Site


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way; the last one is the page itself and needs no address."""

    title: str
    url: str = ""


def trail(page: Any, request: HttpRequest, *further: Crumb) -> list[Crumb]:
    """Return the steps from the site's root to the page, in one query at most; nothing on the root itself.

    `further` are steps below the page, for a routable page that shows something with an address of its own.
    """
    site = Site.find_for_request(request)
    if site is None or (page.pk == site.root_page_id and not further):
        return []
    crumbs = [Crumb(step.title, step.get_url(request) or "") for step in _above(page, site.root_page)]
    return [*crumbs, Crumb(page.title, page.get_url(request) or ""), *further]


def _above(page: Any, root: Any) -> list[Any]:
    if page.depth == root.depth + 1:
        return [root]
    # Who routes to a page may have put its parent at hand, where treebeard looks for it.
    parent = getattr(page, "_cached_parent_obj", None)
    if parent is not None and parent.depth == root.depth + 1:
        return [root, parent]
    return list(Page.objects.ancestor_of(page).filter(path__startswith=root.path).order_by("path"))
