"""The app of users."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users and login."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Users")

    def ready(self) -> None:
        from portal.accounts.models import ImportChunk, ImportRow, ImportRun, Invitation, Membership, PersonLookup
        from portal.core import page_cache

        # No public page shows a person's roles.
        page_cache.ignore(ImportChunk, ImportRow, ImportRun, Invitation, Membership, PersonLookup)
