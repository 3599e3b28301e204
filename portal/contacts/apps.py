"""The app of contact cards."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """Contact cards: a function one can write to, never a person."""

    name = "portal.contacts"
    label = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from portal.contacts import review
        from portal.contacts.dashboard import reviews_due
        from portal.contacts.models import ReviewLink
        from portal.core import page_cache, periodic, sections
        from portal.workflows.api import registry

        review.register(registry)
        page_cache.ignore(ReviewLink)
        periodic.register("contacts.reviews_begin", timedelta(hours=1), review.reviews_begin)
        sections.register("admin.dashboard", "contacts.reviews", reviews_due, order=25, cacheable=False)
