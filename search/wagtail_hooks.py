"""What search adds to Wagtail's admin: the menu “Search” with synonyms, promoted results and what people looked for."""

from typing import Any

from django.urls import include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from search.editing.viewsets import SearchGroup


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """Mount our screens."""
    return [path("soegning/", include("search.editing.urls"))]


register_snippet(SearchGroup)
