"""The app of search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """One seam for searching, whatever engine answers; it imports no content model."""

    name = "search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from search import services, signals  # noqa: F401

        signals.connect()
