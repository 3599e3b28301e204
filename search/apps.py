"""The app of search."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """One seam for searching, whatever engine answers; it imports no content model."""

    name = "search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from portal.core import page_cache, periodic, sections
        from search import checks, models, registrations, services, signals  # noqa: F401

        page_cache.ignore(models.IndexedDocument, models.IndexedAudience, models.IndexedFacet)
        from search.chrome import search_link

        signals.connect()
        periodic.register("search.reindex", timedelta(days=1), services.reindex_all)
        sections.register("site.menu", "search", search_link, order=20)
        registrations.register_editing()
