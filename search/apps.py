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
        from search import checks, comparing, mirror, models, registrations, services, signals, troubles  # noqa: F401

        page_cache.ignore(models.IndexedDocument, models.IndexedAudience, models.IndexedFacet, models.IndexedLabel)
        page_cache.ignore(models.IndexVersion, models.IndexChange, models.MirrorIndex, models.EngineTrouble)
        from search.chrome import search_link
        from search.trouble_admin import trouble_section

        signals.connect()
        periodic.register("search.reindex", timedelta(days=1), services.reindex_all)
        periodic.register("search.mirror", timedelta(seconds=5), mirror.look_after)
        periodic.register("search.mirror_compare", timedelta(days=1), comparing.give_up_if_different)
        periodic.register("search.mirror_forget", timedelta(days=1), mirror.forget_tombstones)
        periodic.register("search.trouble_forget", timedelta(days=1), troubles.forget_old)
        sections.register("site.menu", "search", search_link, order=20)
        sections.register("admin.dashboard", "search.trouble", trouble_section, order=2, cacheable=False)
        registrations.register_editing()
