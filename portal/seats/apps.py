"""The app of scarce places."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeatsConfig(AppConfig):
    """Scarce places: one kernel for meetings and course runs."""

    name = "portal.seats"
    label = "seats"
    verbose_name = _("Places")
