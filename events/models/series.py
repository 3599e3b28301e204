"""A meeting that comes again: the rule, from which the times are made.

The times are rows of their own, with seats of their own. A time that was moved or cancelled keeps the day it had in the
rule, so that making the series again or making it longer never brings it back; an extra time has no day in the rule.
"""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.enums import Frequency
from portal.core.mixins import UuidModel


class Series(UuidModel):
    """The rule of a series: clock times here, so that the meeting begins at 15.30 in winter and in summer."""

    event = models.ForeignKey(
        "events.EventPage", verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="series"
    )
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency, default=Frequency.WEEKLY)
    every = models.PositiveSmallIntegerField(
        _("every"), default=1, help_text=_("2 is every second week, or every second month.")
    )
    first_day = models.DateField(_("first date"))
    last_day = models.DateField(_("last date"))
    clock = models.TimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=120)
    # Place, seats and the rest as they are for every day; a time that says something else was changed by itself.
    pattern = models.JSONField(_("what every time has"), default=dict, editable=False)

    objects: ClassVar[models.Manager["Series"]] = models.Manager()

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="events_series_frequency_known"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="events_series_ends_after_start",
                violation_error_message=_("The last date must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=12),
                name="events_series_every",
                violation_error_message=_("Write a number from 1 to 12."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=1440),
                name="events_series_minutes",
                violation_error_message=_("A meeting lasts from 5 minutes to 24 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event.title}, {self.first_day.isoformat()}"

    @property
    def duration(self) -> dt.timedelta:
        """Return how long each time lasts."""
        return dt.timedelta(minutes=self.minutes)
