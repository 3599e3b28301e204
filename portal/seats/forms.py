"""The seats' fields inside the form of what they are seats for."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from portal.core.local_time import LocalDateTimeFormField
from portal.seats.models import Offering
from portal.seats.services import OfferingSpec, spec_of


class OfferingForm(WagtailAdminModelForm):
    """Edit a row that has an `offering` together with the offering, so that an editor sees one form.

    A subclass saves both through its services; `offering_spec()` is what the editor wrote about the seats.
    """

    capacity = forms.IntegerField(
        label=_("Seats"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Leave empty if everybody who wants to can come."),
        error_messages={
            "min_value": _("Write at least 1 seat, or leave the field empty."),
            "max_value": _("Write the number of seats, at most %(limit_value)s."),
            "invalid": _("Write the number of seats in figures, for example 40."),
        },
    )
    opens_at = LocalDateTimeFormField(
        label=_("Sign-up opens"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Leave empty if sign-up is open from the start."),
    )
    deadline = LocalDateTimeFormField(
        label=_("Sign-up deadline"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Leave empty if one may sign up until the start."),
    )

    # The row that is edited: a model with an `offering`.
    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.offering_id:
            spec = spec_of(self.instance.offering)
            for name in ("capacity", "opens_at", "deadline"):
                self.fields[name].initial = getattr(spec, name)

    def offering_spec(self) -> OfferingSpec:
        """Return the seats as written, and as they are where the form does not ask; valid forms only."""
        written = {name: self.cleaned_data.get(name) for name in ("capacity", "opens_at", "deadline")}
        stored = spec_of(self.instance.offering) if self.instance.offering_id else OfferingSpec()
        return replace(stored, **written)

    def clean(self) -> dict[str, Any]:
        """Check the seats by the rules of their own row, and say it at the field."""
        cleaned: dict[str, Any] = super().clean()
        opens, deadline = cleaned.get("opens_at"), cleaned.get("deadline")
        if opens and deadline and opens >= deadline:
            self.add_error("deadline", ValidationError(_("The deadline must be later than the opening of sign-up.")))
        return cleaned

    # Wagtail's Meta brings the admin's own widgets along.
    class Meta(WagtailAdminModelForm.Meta):
        model = Offering
        fields: list[str] = []
