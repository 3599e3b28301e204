"""The app of gathering screens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Screens that gather from everybody; no rules of their own."""

    name = "portal.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        """Register what waits for editors, and the municipalities' pages as things to find."""
        from portal.core import sections
        from portal.desk import dashboard, search_index
        from portal.desk.my_page import sections as my_page
        from portal.desk.people import sections as people

        search_index.register()
        my_page.register_sections()
        people.register_sections()
        sections.register(dashboard.PLACE, "overdue", dashboard.overdue, order=5, cacheable=False)
        sections.register(dashboard.PLACE, "reviews", dashboard.reviews_due, order=20, cacheable=False)
        sections.register(dashboard.PLACE, "drafts", dashboard.my_drafts, order=40, cacheable=False)
        sections.register(dashboard.PLACE, "dead-letters", dashboard.dead_letters, order=60, cacheable=False)
