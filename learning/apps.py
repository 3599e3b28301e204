"""The app of learning."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    """Courses, providers and runs."""

    name = "learning"
    label = "learning"
    verbose_name = _("Courses")

    def ready(self) -> None:
        """Register what the courses add to places below them."""
        from learning.registrations import register_all

        register_all()
