"""The catalogue: competences, scales, profiles and their releases."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    """Wire what may not know each other: Wagtail's publishing to our releases, search and sections to our content."""

    name = "profilecatalog.profiles"
    label = "profiles"
    verbose_name = _("Competence profiles")

    def ready(self) -> None:
        """Connect the receivers and register checks, search sources and sections."""
        from portal.core import personal_data
        from portal.editorial import api as editorial_workflows
        from portal.workflows.api import registry
        from profilecatalog.profiles import editorial, receivers, registrations
        from profilecatalog.profiles.personal_data import PROFILES
        from profilecatalog.profiles.services import new_release

        new_release.register(registry)
        editorial.register(editorial_workflows.registry)
        receivers.connect()
        registrations.register_all()
        personal_data.register(PROFILES)
        post_migrate.connect(_begin_cases, sender=self)


def _begin_cases(using: str, **kwargs: object) -> None:
    from profilecatalog.profiles.services.new_release import cases_begin

    cases_begin(using=using)
