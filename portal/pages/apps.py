"""The app of general pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Home page, standard pages, articles, projects and publications."""

    name = "portal.pages"
    label = "pages"
    verbose_name = _("Pages")
