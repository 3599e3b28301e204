"""Who did what to which object, kept after the object and the actor are gone."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.mixins import UuidModel


class AuditEntry(UuidModel):
    """One act. Objects are named by label and outside identity, not by a key that a deletion would take along."""

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # "system" for the worker and commands; kept, so that an entry says who acted after the user is gone.
    actor_label = models.CharField(_("acting"), max_length=120)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=120, blank=True)
    action = models.CharField(_("action"), max_length=80)
    object_type = models.CharField(_("kind of object"), max_length=80)
    object_key = models.CharField(_("object"), max_length=64)
    object_label = models.CharField(_("name of the object"), max_length=255)
    # The code of the municipality whose object it is; empty for what is nobody's or the portal's.
    municipality = models.CharField(_("municipality"), max_length=4, blank=True, default="", editable=False)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-id"]
        indexes = [
            # The history of one object, newest first.
            models.Index(fields=["object_type", "object_key", "-at"], name="audit_of_object"),
            # What a municipality's coordinators may read, newest first.
            models.Index(fields=["municipality", "-at"], name="audit_of_municipality"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_label}"
