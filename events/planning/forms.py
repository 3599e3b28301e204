"""The editors' forms of series and questions."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from events.enums import Frequency
from events.models import Question
from events.planning.questions import (
    AnsweredError,
    QuestionSpec,
    check,
    keep_the_promise,
    question_save,
    question_spec,
)

_WRONG_DAY = _("Write the date with day, month and year, for example 1-10-2027.")
_DAY_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]


class LastDayForm(forms.Form):
    """Until when a series goes on."""

    last_day = forms.DateField(
        label=_("Last date"),
        widget=AdminDateInput,
        input_formats=_DAY_FORMATS,
        error_messages={"required": _("Write the last date of the series."), "invalid": _WRONG_DAY},
    )


class SeriesForm(LastDayForm):
    """How a time comes again."""

    frequency = forms.ChoiceField(label=_("How often"), choices=Frequency.choices, widget=forms.RadioSelect)
    every = forms.IntegerField(
        label=_("Every"),
        initial=1,
        min_value=1,
        max_value=12,
        help_text=_("2 is every second week, or every second month."),
        error_messages={
            name: _("Write a number from 1 to 12.") for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    field_order = ("frequency", "every", "last_day")


class ExtraForm(forms.Form):
    """A date outside the rule."""

    day = forms.DateField(
        label=_("Date"),
        widget=AdminDateInput,
        input_formats=_DAY_FORMATS,
        error_messages={"required": _("Write the date."), "invalid": _WRONG_DAY},
    )
    clock = forms.TimeField(
        label=_("Begins"),
        widget=AdminTimeInput,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages={
            "required": _("Write when it begins, for example 15:30."),
            "invalid": _("Write the time with hours and minutes, for example 15:30."),
        },
    )

    def __init__(self, *args: Any, clock: dt.time | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clock"].initial = clock


class QuestionForm(WagtailAdminModelForm):
    """A question of a meeting's sign-up form, saved through its service."""

    instance: Question

    def clean(self) -> dict[str, Any]:
        """Say each broken rule at the field where it can be mended."""
        cleaned: dict[str, Any] = super().clean()
        keep = cleaned.get("keep_days")
        if keep is not None and keep > 365:
            self.add_error("keep_days", ValidationError(_("Answers are kept for 365 days at most.")))
        if not self.errors:
            self._check()
        return cleaned

    def _check(self) -> None:
        try:
            check(self.spec())
            if self.instance.pk:
                stored = Question.objects.get(pk=self.instance.pk)
                keep_the_promise(stored, question_spec(stored), self.spec())
        except ValidationError as error:
            self.add_error(None, error)
        except AnsweredError as error:
            self.add_error("text", ValidationError(str(error)))

    def spec(self) -> QuestionSpec:
        """Return what the editor wrote; valid forms only."""
        names = [name for name in QuestionSpec.__dataclass_fields__ if name in self.fields]
        return QuestionSpec(**{name: self.cleaned_data.get(name) for name in names})

    def save(self, commit: bool = True) -> Question:
        """Save through the service, whatever the form's own instance says."""
        row = self.instance if self.instance.pk else None
        saved = question_save(actor=self.for_user, event=self.cleaned_data["event"], question=row, spec=self.spec())
        self.instance = saved
        return saved
