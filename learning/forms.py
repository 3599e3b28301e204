"""Forms of the courses: the public filters and the editors' form of a course run."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from learning.models import CourseRun
from learning.services import CourseRunSpec, check, course_run_save, course_run_spec
from portal.core.filters import FilterForm
from portal.seats.api import OfferingSpec
from portal.seats.forms import OfferingForm

Choices = list[tuple[str, Any]]


class CourseFilterForm(FilterForm):
    """What the list of courses can be narrowed to."""

    profil = forms.ChoiceField(
        label=_("Profile"), required=False, error_messages={"invalid_choice": _("Choose a profile from the list.")}
    )
    udbyder = forms.ChoiceField(
        label=_("Provider"), required=False, error_messages={"invalid_choice": _("Choose a provider from the list.")}
    )
    kompetencegivende = forms.ChoiceField(
        label=_("Formally qualifying"),
        required=False,
        choices=[("", _("All courses")), ("ja", _("Only formally qualifying")), ("nej", _("Only others"))],
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    pris = forms.ChoiceField(
        label=_("Price"),
        required=False,
        choices=[("", _("All prices")), ("gratis", _("Free")), ("betaling", _("Costs something"))],
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, query: QueryDict, *, path: str, profiles: Choices, providers: Choices) -> None:
        super().__init__(query, path=path)
        self._choose("profil", profiles, _("All profiles"))
        self._choose("udbyder", providers, _("All providers"))

    def _choose(self, name: str, choices: Choices, everything: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [("", everything), *choices]


class CourseRunForm(OfferingForm):
    """A course run with its seats, saved through the service that keeps search in step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "course": _("Choose the course that this run belongs to."),
            "starts": _("Write the first day of the course."),
            "ends": _("Write the last day of the course; the same as the first if it lasts one day."),
        }
        for name, text in words.items():
            self.fields[name].error_messages["required"] = text

    def stored_seats(self) -> OfferingSpec:
        """Return the seats without what follows from the run's own days."""
        return course_run_spec(self.instance).seats if self.instance.offering_id else OfferingSpec()

    def clean(self) -> dict[str, Any]:
        """Say each broken rule at the field where it can be mended."""
        cleaned = super().clean()
        if not cleaned.get("municipality") and not cleaned.get("online"):
            text = _("Choose a municipality, or tick that the course run is online.")
            self.add_error("municipality", ValidationError(text))
        self._clean_cancellation(cleaned)
        if cleaned.get("starts") and cleaned.get("ends"):
            if cleaned["ends"] < cleaned["starts"]:
                self.add_error("ends", ValidationError(_("The last day cannot be before the first.")))
            elif not self.errors:
                self._check()
        return cleaned

    def _check(self) -> None:
        try:
            check(self.run_spec())
        except ValidationError as error:
            self.add_error(None, error)

    def _clean_cancellation(self, cleaned: dict[str, Any]) -> None:
        reason = (cleaned.get("cancel_reason") or "").strip()
        if cleaned.get("cancelled") and not reason:
            text = _("Write why the course run is cancelled, in one sentence.")
            self.add_error("cancel_reason", ValidationError(text))
        if reason and not cleaned.get("cancelled"):
            text = _("Tick that the course run is cancelled, or remove the reason.")
            self.add_error("cancel_reason", ValidationError(text))

    def run_spec(self) -> CourseRunSpec:
        """Return what the editor wrote; valid forms only."""
        names = [name for name in CourseRunSpec.__dataclass_fields__ if name != "seats"]
        return CourseRunSpec(**{name: self.cleaned_data.get(name) for name in names}, seats=self.offering_spec())

    def save(self, commit: bool = True) -> CourseRun:
        """Save through the service, whatever the form's own instance says."""
        row: CourseRun | None = self.instance if self.instance.pk else None
        spec = self.run_spec()
        saved = course_run_save(actor=self.for_user, course=self.cleaned_data["course"], run=row, spec=spec)
        self.instance = saved
        return saved
