"""The three questions and what may be answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

FIELDS = ("worthwhile", "usable", "again")
QUESTIONS = {
    "worthwhile": _("Was the meeting worth the time?"),
    "usable": _("Can you use something from it at work?"),
    "again": _("Would you come again?"),
}


class Said(models.IntegerChoices):
    """What may be answered."""

    YES = 4, _("Yes")
    MOSTLY = 3, _("Mostly yes")
    HARDLY = 2, _("Mostly no")
    NO = 1, _("No")
    UNKNOWN = 0, _("Do not know")
