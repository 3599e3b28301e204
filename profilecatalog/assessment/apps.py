"""The app of self-assessment."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    """Self-assessment: rounds, anonymous answers and published totals."""

    name = "profilecatalog.assessment"
    label = "assessment"
    verbose_name = _("Self-assessment")

    def ready(self) -> None:
        """Register the profile page's section and the periodic job."""
        from portal.core import personal_data
        from profilecatalog.assessment import registrations
        from profilecatalog.assessment.personal_data import ASSESSMENT

        registrations.register_all()
        personal_data.register(ASSESSMENT)
