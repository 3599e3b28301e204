"""The app of contact cards."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """Contact cards: a function one can write to, never a person."""

    name = "portal.contacts"
    label = "contacts"
    verbose_name = _("Contacts")
