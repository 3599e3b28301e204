"""Local times that do not exist, or exist twice: the two nights when the clock changes.

Times are stored in UTC and thought in Europe/Copenhagen. A wall-clock time typed by a person is refused when it names no
moment (02.30 in the night when the clock goes forward) or two (02.30 in the night when it goes back): a guess would be an
hour wrong for half of those who read it.
"""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MISSING = _("The clock goes forward that night, so this time does not exist. Choose a time before 2:00 or from 3:00.")
TWICE = _("The clock goes back that night, so this time comes twice. Choose a time before 2:00 or from 3:00.")


def problem(value: dt.datetime) -> Any:
    """Return what is wrong with a naive local time, as a sentence, or None if it names exactly one moment."""
    zone = timezone.get_default_timezone()
    first, second = (value.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    if first == second:
        return None
    # The second reading of a time that comes twice is the later one; of a time that is missing, the earlier one.
    return TWICE if first < second else MISSING


def moment(day: dt.date, clock: dt.time) -> dt.datetime:
    """Return the moment at which clocks here show a time on a day.

    Raises:
        ValidationError: there is no such moment, or there are two.
    """
    naive = dt.datetime.combine(day, clock)
    if text := problem(naive):
        raise ValidationError(text, code="clock_change")
    return timezone.make_aware(naive, timezone.get_default_timezone())


def start_of_day(day: dt.date) -> dt.datetime:
    """Return the midnight with which a day begins here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min), timezone.get_default_timezone())


def local_day(value: dt.datetime) -> dt.date:
    """Return the date that calendars here show at a moment."""
    return timezone.localtime(value, timezone.get_default_timezone()).date()


class LocalDateTimeFormField(forms.DateTimeField):
    """A date and time as typed; says what is wrong with the hour that is skipped or comes twice."""

    def to_python(self, value: Any) -> dt.datetime | None:
        """Read the value, and give the reason in plain words when the local time is not one moment."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code == "ambiguous_timezone" and error.params:
                text = problem(error.params["datetime"])
                raise ValidationError(text or str(error), code="clock_change") from error
            raise


class LocalDateTimeField(models.DateTimeField):
    """A DateTimeField whose forms explain the nights when the clock changes."""

    def formfield(self, **kwargs: Any) -> Any:
        """Use the form field above."""
        return super().formfield(**{"form_class": LocalDateTimeFormField, **kwargs})
