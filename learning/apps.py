"""The app of courses."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    """Courses, providers and runs."""

    name = "learning"
    label = "learning"
    verbose_name = _("Courses")
