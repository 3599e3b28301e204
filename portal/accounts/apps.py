"""The app of users."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users and login."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Users")
