"""The day itself: who came, and which teams sit together."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.enums import AttendanceState
from events.models.occurrences import Occurrence
from portal.core.mixins import UuidModel
from portal.organisations.api import Municipality, Unit
from portal.seats.api import Participant


class Attendance(UuidModel):
    """That somebody came or did not. A walk-in has a name instead of a place: she takes no seat from those who wait."""

    occurrence = models.ForeignKey(
        Occurrence, verbose_name=_("meeting time"), on_delete=models.CASCADE, related_name="attendances"
    )
    participant = models.OneToOneField(
        Participant,
        verbose_name=_("participant"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="attendance",
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=8, choices=AttendanceState, default=AttendanceState.ATTENDED)
    # When it was noted on the telephone, which may be long before it reached the portal: the latest note counts.
    at = models.DateTimeField(_("noted"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("noted by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The telephone's own word for a walk-in: sent again after a lost connection it is the same one.
    key = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001 - unique where there is one

    objects: ClassVar[models.Manager["Attendance"]] = models.Manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["occurrence", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AttendanceState.values), name="events_attendance_known"),
            models.UniqueConstraint(fields=["occurrence", "key"], name="events_walk_in_once"),
            models.CheckConstraint(
                condition=Q(participant__isnull=False) | Q(key__isnull=False), name="events_attendance_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Team(UuidModel):
    """People of one municipality or unit who sit together at a theme day."""

    occurrence = models.ForeignKey(
        Occurrence, verbose_name=_("meeting time"), on_delete=models.CASCADE, related_name="teams"
    )
    name = models.CharField(_("name"), max_length=120)
    table = models.CharField(_("table"), max_length=20, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[models.Manager["Team"]] = models.Manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["occurrence", "name", "id"]
        constraints = [
            # Two helpers make the teams at once: one team of each name.
            models.UniqueConstraint(fields=["occurrence", "name"], name="events_team_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamSeat(models.Model):
    """One person of a team; nobody sits in two."""

    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.CASCADE, related_name="seats")
    participant = models.OneToOneField(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="team_seat"
    )

    objects: ClassVar[models.Manager["TeamSeat"]] = models.Manager()

    class Meta:
        verbose_name = _("person of a team")
        verbose_name_plural = _("people of teams")
        ordering = ["team", "id"]

    def __str__(self) -> str:
        return str(self.participant)
