"""The catalogue: competences, scales, profiles and their releases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    """Wire what may not know each other: Wagtail's publishing to our releases, search and sections to our content."""

    name = "profilecatalog.profiles"
    label = "profiles"
    verbose_name = _("Competence profiles")

    def ready(self) -> None:
        """Connect the receivers and register checks, search sources and sections."""
        from portal.core import personal_data
        from profilecatalog.profiles import receivers, registrations
        from profilecatalog.profiles.personal_data import PROFILES

        receivers.connect()
        registrations.register_all()
        personal_data.register(PROFILES)
