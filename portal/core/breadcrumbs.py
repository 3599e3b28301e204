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
    """Return the steps from the site's root to the page in one query; nothing on the root itself.

    `further` are steps below the page, for a routable page that shows something with an address of its own.
    """
    site = Site.find_for_request(request)
    if site is None or (page.pk == site.root_page_id and not further):
        return []
    above = Page.objects.ancestor_of(page).filter(path__startswith=site.root_page.path).order_by("path")
    crumbs = [Crumb(step.title, step.get_url(request) or "") for step in above]
    return [*crumbs, Crumb(page.title, page.get_url(request) or ""), *further]
