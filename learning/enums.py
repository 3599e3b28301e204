"""Choices of the courses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CountsFor(models.TextChoices):
    """What completing the course says about the level it lifts to."""

    NOTHING = "nothing", _("counts for nothing by itself")
    EVIDENCE = "evidence", _("counts as evidence of the level")
    DOCUMENTED = "documented", _("counts as documented level")
