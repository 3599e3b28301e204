"""Forms of the meetings: the public filters and the editors' form of a meeting time."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.enums import EventKind
from events.models import Occurrence
from events.services import OccurrenceSpec, check, occurrence_save, occurrence_spec
from portal.core.filters import FIRST_DAY, LAST_DAY, DayField, FilterForm
from portal.seats.api import OfferingSpec
from portal.seats.forms import SignUpForm

LIST, CALENDAR = "liste", "kalender"
_MONTH = re.compile(r"(\d{4})-(\d{2})")

Choices = list[tuple[str, Any]]


class EventFilterForm(FilterForm):
    """What the list of meetings, its calendar and the feed can be narrowed to."""

    unlisted: ClassVar[frozenset[str]] = frozenset({"vis", "maaned"})

    naer = forms.ChoiceField(
        label=_("Near me"),
        required=False,
        help_text=_("The meetings of your municipality first, then those close by."),
        error_messages={"invalid_choice": _("Choose a municipality from the list.")},
    )
    region = forms.ChoiceField(
        label=_("Region"), required=False, error_messages={"invalid_choice": _("Choose a region from the list.")}
    )
    kommune = forms.ChoiceField(
        label=_("Municipality"),
        required=False,
        error_messages={"invalid_choice": _("Choose a municipality from the list.")},
    )
    profil = forms.ChoiceField(
        label=_("Profile"), required=False, error_messages={"invalid_choice": _("Choose a profile from the list.")}
    )
    tema = forms.ChoiceField(
        label=pgettext_lazy("of a meeting", "Theme"),
        required=False,
        error_messages={"invalid_choice": _("Choose a theme from the list.")},
    )
    type = forms.MultipleChoiceField(
        label=_("Type"),
        required=False,
        choices=EventKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Choose a type from the list."),
            "invalid_list": _("Choose a type from the list."),
        },
    )
    online = forms.ChoiceField(
        label=_("Where one takes part"),
        required=False,
        choices=[("", _("Everywhere")), ("ja", _("Online")), ("nej", _("At the place"))],
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    fra = DayField(label=_("From date"), required=False)
    til = DayField(label=_("To date"), required=False)
    vis = forms.ChoiceField(
        label=_("Show as"),
        required=False,
        choices=[("", ""), (LIST, _("List")), (CALENDAR, _("Calendar"))],
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("The meetings can be shown as a list or as a calendar.")},
    )
    maaned = forms.CharField(label=_("Month"), required=False, max_length=7, widget=forms.HiddenInput)

    def __init__(
        self,
        query: QueryDict,
        *,
        path: str,
        regions: Choices,
        municipalities: Choices,
        profiles: Choices,
        themes: Choices,
    ) -> None:
        super().__init__(query, path=path)
        self._choose("naer", municipalities, _("In order of date"))
        self._choose("region", regions, _("All regions"))
        self._choose("kommune", municipalities, _("All municipalities"))
        self._choose("profil", profiles, _("All profiles"))
        self._choose("tema", themes, _("All themes"))

    def _choose(self, name: str, choices: Choices, everything: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [("", everything), *choices]

    def clean_maaned(self) -> str:
        """Refuse what is not a month of the years that the portal lists."""
        value: str = self.cleaned_data["maaned"]
        if value and not self._is_month(value):
            raise ValidationError(_("Write the month as year and month, for example 2027-10."))
        return value

    @staticmethod
    def _is_month(value: str) -> bool:
        match = _MONTH.fullmatch(value)
        return match is not None and 1 <= int(match[2]) <= 12 and FIRST_DAY.year <= int(match[1]) <= LAST_DAY.year

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("fra"), cleaned.get("til")
        if first and last and first > last:
            self.add_error("til", ValidationError(_("The last date must not be before the first.")))
        return cleaned

    @property
    def as_calendar(self) -> bool:
        """Tell whether the month is asked for instead of the list."""
        return self.chosen.get("vis") == CALENDAR

    @property
    def month(self) -> dt.date | None:
        """Return the first day of the chosen month."""
        value = self.chosen.get("maaned")
        return dt.date(int(value[:4]), int(value[5:]), 1) if value else None


class OccurrenceForm(SignUpForm):
    """A meeting's time with its seats, saved through the service that keeps calendars and search in step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "event": _("Choose the meeting that this time belongs to."),
            "starts_at": _("Write when the meeting begins: date and time."),
            "ends_at": _("Write when the meeting ends: date and time."),
        }
        for name, text in words.items():
            self.fields[name].error_messages["required"] = text

    def stored_seats(self) -> OfferingSpec:
        """Return the seats without what follows from the meeting's own time."""
        return occurrence_spec(self.instance).seats if self.instance.offering_id else OfferingSpec()

    def clean(self) -> dict[str, Any]:
        """Say each broken rule at the field where it can be mended."""
        cleaned = super().clean()
        self._clean_days(cleaned)
        if cleaned.get("starts_at") and cleaned.get("ends_at"):
            if cleaned["ends_at"] <= cleaned["starts_at"]:
                self.add_error("ends_at", ValidationError(_("The meeting must end after it begins.")))
            elif not self.errors:
                self._check()
        self._clean_place(cleaned)
        self._clean_cancellation(cleaned)
        return cleaned

    def _check(self) -> None:
        try:
            check(self.occurrence_spec())
        except ValidationError as error:
            self.add_error(None, error)

    def _clean_days(self, cleaned: dict[str, Any]) -> None:
        keep, remind = cleaned.get("keep_days"), cleaned.get("remind_days")
        if keep is not None and not 1 <= keep <= 730:
            self.add_error("keep_days", ValidationError(_("Names are kept from 1 to 730 days.")))
        if remind is not None and not 1 <= remind <= 60:
            text = _("Write from 1 to 60 days, or leave the field empty.")
            self.add_error("remind_days", ValidationError(text))

    def _clean_place(self, cleaned: dict[str, Any]) -> None:
        municipality, region = cleaned.get("municipality"), cleaned.get("region")
        if municipality and region:
            text = _("Choose a municipality or a region, not both: the region follows from the municipality.")
            self.add_error("region", ValidationError(text))
        if not municipality and not region and not cleaned.get("online"):
            text = _("Choose a municipality or a region, or tick that the meeting is online.")
            self.add_error("municipality", ValidationError(text))

    def _clean_cancellation(self, cleaned: dict[str, Any]) -> None:
        reason = (cleaned.get("cancel_reason") or "").strip()
        if cleaned.get("cancelled") and not reason:
            text = _("Write why the meeting is cancelled, in one sentence.")
            self.add_error("cancel_reason", ValidationError(text))
        if reason and not cleaned.get("cancelled"):
            text = _("Tick that the meeting is cancelled, or remove the reason.")
            self.add_error("cancel_reason", ValidationError(text))

    def occurrence_spec(self) -> OccurrenceSpec:
        """Return what the editor wrote; valid forms only."""
        names = [name for name in OccurrenceSpec.__dataclass_fields__ if name in self.fields]
        written = {**{name: self.cleaned_data.get(name) for name in names}, "seats": self.offering_spec()}
        return replace(occurrence_spec(self.instance), **written) if self.instance.pk else OccurrenceSpec(**written)

    def save(self, commit: bool = True) -> Occurrence:
        """Save through the service, whatever the form's own instance says."""
        row: Occurrence | None = self.instance if self.instance.pk else None
        spec = self.occurrence_spec()
        saved = occurrence_save(actor=self.for_user, event=self.cleaned_data["event"], occurrence=row, spec=spec)
        self.instance = saved
        return saved
