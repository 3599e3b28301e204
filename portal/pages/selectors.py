"""Data for the screens of the general pages."""

from typing import Any

from django.core.paginator import Page, Paginator


def result_page(objects: Any, number: str | None, per_page: int) -> Page[Any]:
    """Return one page of a list; a number that is none or lies outside shows the nearest page instead of an error."""
    return Paginator(objects, per_page).get_page(number)
