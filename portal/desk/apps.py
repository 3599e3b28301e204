"""The app of gathering screens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Screens that gather from everybody; no rules of their own."""

    name = "portal.desk"
    label = "desk"
    verbose_name = _("Desk")
