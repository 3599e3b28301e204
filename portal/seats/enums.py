"""Choices of the seats."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeatPolicy(models.TextChoices):
    """How seats are given. More ways come with sign-up."""

    FIRST_COME = "first_come", _("First come, first served")


class SignUpState(models.TextChoices):
    """Where the sign-up period stands at a moment."""

    NOT_YET = "not_yet", _("Opens later")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("The deadline has passed")
