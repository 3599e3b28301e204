"""Choices of the meetings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What kind of meeting it is."""

    AFTERWORK = "afterwork", _("After-work meeting")
    THEME_DAY = "theme_day", _("Theme day")
    WEBINAR = "webinar", _("Webinar")
    CONFERENCE = "conference", _("Conference")


class MaterialPhase(models.TextChoices):
    """When the participants need it."""

    BEFORE = "before", _("Before the meeting")
    AFTER = "after", _("After the meeting")
