"""The app of the ground."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Register the outbox handlers and the system checks that the ground itself brings."""

    name = "portal.core"
    label = "core"
    verbose_name = _("Ground")

    def ready(self) -> None:
        from portal.core import checks, mail, outbox, page_cache, periodic, personal_data  # noqa: F401
        from portal.core.models import AuditEntry, OutboxMessage, PageGovernance
        from portal.core.page_cache import watch
        from portal.core.personal_data.editing import EDITING
        from portal.core.personal_data.ground import GROUND
        from portal.core.scheduling import publish_scheduled

        page_cache.ignore(AuditEntry, OutboxMessage, PageGovernance)
        watch.connect()
        # "It goes live at the planned minute": a minute is how late it may be.
        periodic.register("publish_scheduled", timedelta(minutes=1), publish_scheduled)
        periodic.register("forget_delivered", timedelta(days=1), outbox.forget_delivered)
        personal_data.register(*GROUND, *EDITING)
