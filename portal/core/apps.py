"""The app of the ground."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Register the outbox handlers and the system checks that the ground itself brings."""

    name = "portal.core"
    label = "core"
    verbose_name = _("Ground")

    def ready(self) -> None:
        from portal.core import checks, mail  # noqa: F401
