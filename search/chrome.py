"""The way to the search page from every page's header, from the home page and from the page that is not found."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.core.sections import Section


def search_link(request: HttpRequest, obj: Any) -> Section:
    """Return the search page's address, and that of its type-ahead, for the section place "site.menu"."""
    return Section("", "", "", {"search_url": reverse("search:search"), "suggest_url": reverse("search:suggest")})
