"""The app of general pages."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Home page, standard pages, articles, projects and publications."""

    name = "portal.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Register the menu and footer, and what can be found."""
        from portal.core import page_cache, periodic, sections
        from portal.pages import search_index
        from portal.pages.chrome import site_menu
        from portal.pages.documents import receivers, texts
        from portal.pages.documents import search_index as documents_index
        from portal.pages.models import DocumentText

        search_index.register()
        documents_index.register()
        receivers.connect()
        periodic.register("pages.documents", timedelta(seconds=15), texts.read_waiting)
        page_cache.ignore(DocumentText)
        sections.register("site.menu", "pages", site_menu, order=10)
