"""The app of events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """After-work meetings, theme days and webinars."""

    name = "events"
    label = "events"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        """Register what the meetings add to places below them."""
        from events.registrations import register_all

        register_all()
