"""Choices of the seats."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeatPolicy(models.TextChoices):
    """How seats are given. With an approval, a sign-up joins the line only when somebody has said yes."""

    FIRST_COME = "first_come", _("First come, first served")
    ORGANISER = "organiser", _("The organiser approves each sign-up")
    MUNICIPALITY = "municipality", _("The municipality approves each sign-up")


class SignUpState(models.TextChoices):
    """Where the sign-up period stands at a moment."""

    NOT_YET = "not_yet", _("Opens later")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("The deadline has passed")


class PlaceState(models.TextChoices):
    """Where one person, or one open slot of a group, stands."""

    PENDING = "pending", _("Awaits approval")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("Has an offer")
    BOOKED = "booked", _("Has a seat")
    CANCELLED = "cancelled", _("Sign-up cancelled")
    LAPSED = "lapsed", _("The offer was not taken")
    REFUSED = "refused", _("Not approved")


# What keeps a person from signing up once more, and what takes a seat away from others.
ACTIVE = (PlaceState.PENDING, PlaceState.WAITING, PlaceState.OFFERED, PlaceState.BOOKED)
HOLDING = (PlaceState.OFFERED, PlaceState.BOOKED)


class OfferState(models.TextChoices):
    """Where an offer from the waiting list stands."""

    OPEN = "open", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Reason(models.TextChoices):
    """Why a place came to where it is."""

    SIGNED_UP = "signed_up", _("Signed up")
    GIVEN = "given", _("There was a seat")
    PROMOTED = "promoted", _("Promoted from the waiting list")
    OFFERED = "offered", _("Offered from the waiting list")
    ACCEPTED = "accepted", _("Offer accepted")
    DECLINED = "declined", _("Offer declined")
    EXPIRED = "expired", _("Offer not answered in time")
    CANCELLED = "cancelled", _("Sign-up cancelled")
    LEFT = "left", _("Left the waiting list")
    MOVED = "moved", _("Moved to another date")
    NAMED = "named", _("Name given")
    SUBSTITUTED = "substituted", _("Another person in the same place")
    UNNAMED = "unnamed", _("No name was given in time")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Not approved")
    ERASED = "erased", _("The person was erased")
