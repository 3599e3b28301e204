"""The seats' fields inside the form of what they are seats for."""

from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from portal.core.local_time import LocalDateTimeFormField
from portal.seats.admin import standing_text
from portal.seats.enums import SeatPolicy
from portal.seats.models import Offering
from portal.seats.selectors import standing
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

    # What the form asks for of the seats; a subclass that asks for more says so.
    seat_fields: ClassVar[tuple[str, ...]] = ("capacity", "opens_at", "deadline")
    # The row that is edited: a model with an `offering`.
    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spec = self.stored_seats()
        for name in self.seat_fields:
            self.fields[name].initial = getattr(spec, name)
        if self.instance.pk and self.instance.offering_id and (text := standing_text(standing(self.instance.offering))):
            self.fields["capacity"].help_text = text

    def stored_seats(self) -> OfferingSpec:
        """Return the seats as an editor would have written them."""
        return spec_of(self.instance.offering) if self.instance.offering_id else OfferingSpec()

    def offering_spec(self) -> OfferingSpec:
        """Return the seats as written, and as they are where the form does not ask; valid forms only."""
        return replace(self.stored_seats(), **{name: self.cleaned_data.get(name) for name in self.seat_fields})

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


class SignUpForm(OfferingForm):
    """The seats of what one signs up for in the portal: how they are given, and what becomes of the waiting list."""

    seat_fields = (
        *OfferingForm.seat_fields,
        *("policy", "seats_until", "offer_hours", "smaller_may_pass", "names_by"),
    )

    policy = forms.ChoiceField(
        label=_("How seats are given"),
        choices=SeatPolicy.choices,
        error_messages={"required": _("Choose how seats are given.")},
        help_text=_("With an approval, nobody has a seat or a turn before somebody has said yes."),
    )
    seats_until = LocalDateTimeFormField(
        label=_("The waiting list gets seats until"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Seats that become free later stay free. Leave empty to stop at the sign-up deadline."),
    )
    offer_hours = forms.IntegerField(
        label=_("Hours to answer an offer"),
        required=False,
        min_value=1,
        max_value=720,
        help_text=_("Leave empty to give a free seat to the next in line without asking."),
        error_messages={
            "min_value": _("Write at least 1 hour, or leave the field empty."),
            "max_value": _("Write the number of hours, at most %(limit_value)s."),
            "invalid": _("Write the number of hours in figures, for example 24."),
        },
    )
    smaller_may_pass = forms.BooleanField(
        label=_("Smaller groups may pass"),
        required=False,
        help_text=_(
            "When the next group in line does not fit, the seats go to those behind it who do. They are told so."
        ),
    )
    names_by = LocalDateTimeFormField(
        label=_("Names by"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_(
            "Seats of a group without a name are free again from then on. Leave empty if names are not needed."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Say at the field what the row would refuse as a whole."""
        cleaned = super().clean()
        until, deadline = cleaned.get("seats_until"), cleaned.get("deadline")
        if until and deadline and until < deadline:
            text = _("The waiting list must get seats at least until the sign-up deadline.")
            self.add_error("seats_until", ValidationError(text))
        return cleaned
