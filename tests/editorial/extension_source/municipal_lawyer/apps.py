"""The app of the example package."""

from django.apps import AppConfig


class LawyerConfig(AppConfig):
    """Opinions of lawyers."""

    name = "municipal_lawyer"
    default_auto_field = "django.db.models.BigAutoField"
