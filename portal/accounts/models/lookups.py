"""Who looked at a person's data: the log that the person herself can read."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models.users import User


class PersonLookup(models.Model):
    """One look. It goes with the person it is about; the one who looked stays named by what she was called then."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="lookups", verbose_name=_("person"))
    viewer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("viewer"))
    viewer_label = models.CharField(_("viewer"), max_length=120)
    # Why she could: "manager", "coordinator", "administrator".
    role = models.CharField(_("as"), max_length=20)
    what = models.CharField(_("what was shown"), max_length=80)
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects: ClassVar[models.Manager["PersonLookup"]] = models.Manager()

    class Meta:
        verbose_name = _("look at a person's data")
        verbose_name_plural = _("looks at persons' data")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["person", "-at"], name="lookup_of_person")]

    def __str__(self) -> str:
        return f"{self.viewer_label}: {self.what}"
