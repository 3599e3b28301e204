"""The scarce row: how many seats, from when and until when.

Plain and unrevisioned on purpose. Pages hold words and have revisions; an older revision must never bring back an older
capacity. The row is also the one that sign-up locks, so nothing else may grow into it.
"""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.local_time import LocalDateTimeField
from portal.core.mixins import UuidModel
from portal.seats.enums import SeatPolicy, SignUpState


class Offering(UuidModel):
    """The seats of one meeting or one course run, which points here one-to-one."""

    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Leave empty if everybody who wants to can come.")
    )
    opens_at = LocalDateTimeField(
        _("sign-up opens"), null=True, blank=True, help_text=_("Leave empty if sign-up is open from the start.")
    )
    deadline = LocalDateTimeField(
        _("sign-up deadline"), null=True, blank=True, help_text=_("Leave empty if one may sign up until the start.")
    )
    policy = models.CharField(
        _("how seats are given"), max_length=16, choices=SeatPolicy, default=SeatPolicy.FIRST_COME
    )

    objects: ClassVar[models.Manager["Offering"]] = models.Manager()

    class Meta:
        verbose_name = _("seats")
        verbose_name_plural = _("seats")
        ordering = ["id"]
        constraints = [
            # "No seats" is a cancelled meeting, "no limit" is NULL; zero would be neither and divide by itself.
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1),
                name="seats_capacity_positive",
                violation_error_message=_("Write at least 1 seat, or leave the field empty."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(deadline__isnull=True) | Q(opens_at__lt=F("deadline")),
                name="seats_opens_before_deadline",
                violation_error_message=_("Sign-up must open before its deadline."),
            ),
            models.CheckConstraint(condition=Q(policy__in=SeatPolicy.values), name="seats_policy_known"),
        ]

    def __str__(self) -> str:
        return str(self.capacity) if self.capacity is not None else str(_("no limit"))

    def state_at(self, now: datetime) -> SignUpState:
        """Tell whether sign-up is open; it opens at `opens_at` and is closed from `deadline` on."""
        if self.opens_at is not None and now < self.opens_at:
            return SignUpState.NOT_YET
        if self.deadline is not None and now >= self.deadline:
            return SignUpState.CLOSED
        return SignUpState.OPEN
