"""The app of general pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Home page, standard pages, articles, projects and publications."""

    name = "portal.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Register the menu and footer, and what can be found."""
        from portal.core import sections
        from portal.pages import search_index
        from portal.pages.chrome import site_menu

        search_index.register()
        sections.register("site.menu", "pages", site_menu, order=10)
