"""The app of users."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users and login."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Users")

    def ready(self) -> None:
        from portal.accounts import jobs
        from portal.accounts.imports import runs
        from portal.accounts.models import (
            CacheEntry,
            ImportChunk,
            ImportRow,
            ImportRun,
            Invitation,
            Membership,
            PersonLookup,
        )
        from portal.accounts.occupancy import members_after
        from portal.accounts.personal_data import ACCOUNTS
        from portal.accounts.retention import forget_what_is_old
        from portal.core import page_cache, periodic, personal_data
        from portal.organisations import occupancy

        # No public page shows a person's roles.
        page_cache.ignore(CacheEntry, ImportChunk, ImportRow, ImportRun, Invitation, Membership, PersonLookup)
        occupancy.register("memberships", members_after)
        runs.register()
        personal_data.register(*ACCOUNTS)
        periodic.register("forget_what_is_old", timedelta(days=1), forget_what_is_old)
        jobs.register()
