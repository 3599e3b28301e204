"""The app of editorial workflows."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    """Put the gate of the policies up, and let other packages add task types, conditions and checks."""

    name = "portal.editorial"
    label = "editorial"
    verbose_name = _("Editorial workflows")
