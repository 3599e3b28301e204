"""The app of general pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Home page, standard pages, articles, projects and publications."""

    name = "portal.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from portal.core import sections
        from portal.pages.chrome import site_menu

        sections.register("site.menu", "pages", site_menu, order=10)
