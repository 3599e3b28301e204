"""When and where a course is held: a row beside the page and no part of its drafts."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learning.querysets import CourseRunQuerySet
from portal.core.formats import long_date
from portal.core.mixins import UuidModel
from portal.organisations.api import Municipality
from portal.seats.api import Offering


class CourseRun(UuidModel):
    """One run of a course. `starts` and `ends` are days, both included; seats and deadline stand in the offering."""

    course = models.ForeignKey(
        "learning.CoursePage", verbose_name=_("course"), on_delete=models.PROTECT, related_name="runs"
    )
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    place = models.CharField(
        _("place"), max_length=160, blank=True, help_text=_("For example “Kursuscentret, Horsens” or “På nettet”.")
    )
    online = models.BooleanField(
        _("online"), default=False, help_text=_("Tick this if one can take part from a screen.")
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled = models.BooleanField(_("cancelled"), default=False)
    cancel_reason = models.CharField(
        _("why is it cancelled?"), max_length=300, blank=True, help_text=_("One sentence for those who meant to come.")
    )
    offering = models.OneToOneField(
        Offering, verbose_name=_("seats"), on_delete=models.PROTECT, related_name="course_run", editable=False
    )

    objects: ClassVar[models.Manager["CourseRun"]] = CourseRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("course run")
        verbose_name_plural = _("course runs")
        ordering = ["starts", "id"]
        indexes = [
            # A course's page and every list ask for the runs that are not over.
            models.Index(fields=["ends", "starts"], name="learning_run_time"),
        ]
        constraints = [
            # `upcoming`, `running` and `past` partition the days only if the days are in order.
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")),
                name="learning_run_days_in_order",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            # Somebody must be able to find it on the map, or from a screen.
            models.CheckConstraint(
                condition=Q(online=True) | Q(municipality__isnull=False),
                name="learning_run_somewhere",
                violation_error_message=_("Choose a municipality, or tick that the course run is online."),
            ),
            # Whoever meant to come is told why; a reason on a run that goes ahead would frighten people away.
            models.CheckConstraint(
                condition=(Q(cancelled=True) & ~Q(cancel_reason="")) | Q(cancelled=False, cancel_reason=""),
                name="learning_run_cancel_reason",
                violation_error_message=_("A cancelled course run needs a reason, and only a cancelled one has one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course.title}, {self.period}"

    @property
    def period(self) -> str:
        """Return the days in words."""
        if self.starts == self.ends:
            return long_date(self.starts)
        return f"{long_date(self.starts)} – {long_date(self.ends)}"

    @property
    def where(self) -> str:
        """Return the place in a few words."""
        parts = [self.place]
        if self.municipality and self.municipality.name not in self.place:
            parts.append(self.municipality.name)
        if self.online and not self.place:
            parts.append(str(_("Online")))
        return ", ".join(part for part in parts if part)
