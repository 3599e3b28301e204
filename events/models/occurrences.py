"""When and where a meeting is held.

A row beside the page and not a part of its drafts: a new time must reach calendars at once, and an older revision of the
page must never bring back an older time.
"""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models.series import Series
from events.querysets import OccurrenceQuerySet
from portal.core.formats import period
from portal.core.local_time import LocalDateTimeField, local_day
from portal.core.mixins import UuidModel
from portal.organisations.api import Municipality, Region, region_of
from portal.seats.api import Offering


class Occurrence(UuidModel):
    """One date of a meeting. Its `uuid` is the identity in calendars, so it never changes."""

    event = models.ForeignKey(
        "events.EventPage", verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="occurrences"
    )
    starts_at = LocalDateTimeField(_("begins"))
    ends_at = LocalDateTimeField(_("ends"))
    place = models.CharField(
        _("place"), max_length=160, blank=True, help_text=_("For example “Odense Rådhus, mødesal 2” or “På nettet”.")
    )
    address = models.CharField(_("address"), max_length=200, blank=True, help_text=_("Street, postal code and town."))
    access_notes = models.TextField(
        _("getting in"),
        blank=True,
        max_length=1000,
        help_text=_("One fact per line: step-free access, hearing loop, parking, nearest station."),
    )
    online = models.BooleanField(
        _("online"), default=False, help_text=_("Tick this if one can take part from a screen.")
    )
    link = models.URLField(
        _("link to the online meeting"),
        blank=True,
        help_text=_("Everybody can see it. Leave empty if only those who sign up get the link."),
    )
    participants_link = models.URLField(
        _("link for those who are signed up"),
        blank=True,
        help_text=_("Shown to those who have a seat, on their own page and in their mails."),
    )
    remind_days = models.PositiveSmallIntegerField(
        _("days before a reminder"),
        null=True,
        blank=True,
        default=2,
        help_text=_("A mail to those who have a seat, so many days before. Leave empty for no reminder."),
    )
    asks_list = models.BooleanField(
        _("list of participants"),
        default=False,
        help_text=_("Each participant chooses whether others may see her on the list. Without a choice nobody can."),
    )
    asks_pulse = models.BooleanField(
        _("three questions afterwards"),
        default=True,
        help_text=_("Those who came are asked three questions without a name."),
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days to keep the names"),
        default=180,
        help_text=_("Counted from the end. Then names and addresses are taken off, and only the numbers stay."),
    )
    forgotten_at = models.DateTimeField(_("names taken off"), null=True, blank=True, editable=False)
    series = models.ForeignKey(
        Series,
        verbose_name=_("series of meetings"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="occurrences",
    )
    # The day that the rule of the series gave it, whatever has become of it; empty for an extra time.
    series_day = models.DateField(_("day in the series"), null=True, blank=True, editable=False)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The region follows from the municipality and the date."),
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Only for a meeting that belongs to a region and to no single municipality."),
    )
    cancelled = models.BooleanField(_("cancelled"), default=False)
    cancel_reason = models.CharField(
        _("why is it cancelled?"), max_length=300, blank=True, help_text=_("One sentence for those who meant to come.")
    )
    sequence = models.PositiveIntegerField(_("number of changes"), default=0, editable=False)
    offering = models.OneToOneField(
        Offering, verbose_name=_("seats"), on_delete=models.PROTECT, related_name="occurrence", editable=False
    )
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects: ClassVar[models.Manager["Occurrence"]] = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting time")
        verbose_name_plural = _("meeting times")
        ordering = ["starts_at", "id"]
        indexes = [
            # Every list asks "not over yet" and sorts by the beginning.
            models.Index(fields=["ends_at", "starts_at"], name="events_occurrence_time"),
        ]
        constraints = [
            # `upcoming`, `running` and `past` partition the time line only if time passes in between.
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="events_occurrence_ends_after_start",
                violation_error_message=_("The meeting must end after it begins."),
            ),
            # A list by region or municipality must be able to place every meeting that has a place.
            models.CheckConstraint(
                condition=Q(online=True) | Q(municipality__isnull=False) | Q(region__isnull=False),
                name="events_occurrence_somewhere",
                violation_error_message=_("Choose a municipality or a region, or tick that the meeting is online."),
            ),
            # The region of a municipality depends on the date; a second answer in the row could disagree.
            models.CheckConstraint(
                condition=Q(municipality__isnull=True) | Q(region__isnull=True),
                name="events_occurrence_one_place",
                violation_error_message=_("Choose a municipality or a region, not both: the region follows from it."),
            ),
            # Two editors make the same series longer at the same moment.
            models.UniqueConstraint(fields=["series", "series_day"], name="events_occurrence_series_once"),
            models.CheckConstraint(
                condition=Q(series_day__isnull=True) | Q(series__isnull=False), name="events_occurrence_day_of_series"
            ),
            models.CheckConstraint(
                condition=Q(keep_days__gte=1, keep_days__lte=730),
                name="events_occurrence_keep_days",
                violation_error_message=_("Names are kept from 1 to 730 days."),
            ),
            models.CheckConstraint(
                condition=Q(remind_days__isnull=True) | Q(remind_days__gte=1, remind_days__lte=60),
                name="events_occurrence_remind_days",
                violation_error_message=_("Write from 1 to 60 days, or leave the field empty."),
            ),
            # Whoever meant to come is told why; a reason on a meeting that goes ahead would frighten people away.
            models.CheckConstraint(
                condition=(Q(cancelled=True) & ~Q(cancel_reason="")) | Q(cancelled=False, cancel_reason=""),
                name="events_occurrence_cancel_reason",
                violation_error_message=_("A cancelled meeting needs a reason, and only a cancelled one has one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event.title}, {period(self.starts_at, self.ends_at)}"

    @property
    def duration(self) -> dt.timedelta:
        """Return how long it lasts: through UTC, so the night when the clock changes counts the hours that pass."""
        return self.ends_at.astimezone(dt.UTC) - self.starts_at.astimezone(dt.UTC)

    @property
    def day(self) -> dt.date:
        """Return the date on which it begins here."""
        return local_day(self.starts_at)

    def region_on_day(self) -> Region | None:
        """Return the region it is held in on its own day."""
        return region_of(self.municipality, on=self.day) if self.municipality else self.region

    @property
    def where(self) -> str:
        """Return the place in a few words."""
        parts = [self.place]
        if self.municipality and self.municipality.name not in self.place:
            parts.append(self.municipality.name)
        if self.region:
            parts.append(self.region.name)
        if self.online and not self.place:
            parts.append(str(_("Online")))
        return ", ".join(part for part in parts if part)
