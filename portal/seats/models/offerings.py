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
    seats_until = LocalDateTimeField(
        _("the waiting list gets seats until"),
        null=True,
        blank=True,
        help_text=_("Seats that become free later stay free. Leave empty to stop at the sign-up deadline."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"),
        null=True,
        blank=True,
        help_text=_("Leave empty to give a free seat to the next in line without asking."),
    )
    smaller_may_pass = models.BooleanField(
        _("smaller groups may pass"),
        default=False,
        help_text=_(
            "When the next group in line does not fit, the seats go to those behind it who do. They are told so."
        ),
    )
    names_by = LocalDateTimeField(
        _("names by"),
        null=True,
        blank=True,
        help_text=_(
            "Seats of a group without a name are free again from then on. Leave empty if names are not needed."
        ),
    )
    called_off = models.BooleanField(_("called off"), default=False, editable=False)

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
            # Whoever may sign up must be able to get a seat.
            models.CheckConstraint(
                condition=Q(seats_until__isnull=True) | Q(deadline__isnull=True) | Q(seats_until__gte=F("deadline")),
                name="seats_given_until_deadline",
                violation_error_message=_("The waiting list must get seats at least until the sign-up deadline."),
            ),
            # An offer of no hours would be over before it is read, and the line behind it would run through.
            models.CheckConstraint(
                condition=Q(offer_hours__isnull=True) | Q(offer_hours__gte=1),
                name="seats_offer_hours_positive",
                violation_error_message=_("Write at least 1 hour, or leave the field empty."),
            ),
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

    @property
    def gives_until(self) -> datetime | None:
        """Return from when on a seat that becomes free stays free; None for never."""
        return self.seats_until or self.deadline

    def gives_at(self, now: datetime) -> bool:
        """Tell whether those who wait may get a seat: a promotion after people made other plans helps nobody."""
        return not self.called_off and (self.gives_until is None or now < self.gives_until)
