"""The app of events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """After-work meetings, theme days and webinars."""

    name = "events"
    label = "events"
    verbose_name = _("Meetings")
