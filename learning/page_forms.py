"""The editors' form of a course's page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.page_forms import BasePageForm


class CoursePageForm(BasePageForm):
    """Say at the field what the links' rules would refuse, and what only the competence's scale knows."""

    def clean(self) -> dict[str, Any]:
        """Check each link's levels against each other and against the scale."""
        cleaned: dict[str, Any] = super().clean()
        for form in self.formsets["competence_links"].forms if "competence_links" in self.formsets else ():
            if form.is_valid() and not form.cleaned_data.get("DELETE"):
                self._check_levels(form)
        return cleaned

    def _check_levels(self, form: Any) -> None:
        competence = form.cleaned_data.get("competence")
        low, high = form.cleaned_data.get("from_level"), form.cleaned_data.get("to_level")
        if competence is None or low is None or high is None:
            return
        top = competence.scale.levels.count()
        if low < 1:
            form.add_error("from_level", ValidationError(_("The lowest level is 1.")))
        if high <= low:
            form.add_error("to_level", ValidationError(_("Choose a level above the one that the course begins from.")))
        elif high > top:
            message = _("The scale of this competence ends at level %(top)s.") % {"top": top}
            form.add_error("to_level", ValidationError(message))
