"""The editors' form of a meeting's page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.page_forms import BasePageForm


class EventPageForm(BasePageForm):
    """Say at the field what the page's rules would refuse as a whole."""

    def clean(self) -> dict[str, Any]:
        """Refuse several ways to sign up, and the same profile or competence twice."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("signup_url") and cleaned.get("signup_email"):
            self.add_error("signup_email", ValidationError(_("Give an address or an e-mail for sign-up, not both.")))
        if cleaned.get("signup_here") and (cleaned.get("signup_url") or cleaned.get("signup_email")):
            self.add_error("signup_here", ValidationError(_("Sign-up is here, or at an address outside: choose one.")))
        return cleaned
