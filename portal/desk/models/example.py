"""What the example loader made, so that it is made once and can be taken away again."""

from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ExampleObject(models.Model):
    """One row for each thing that was loaded.

    The row outlives its object: what an editor has deleted stays deleted at the next loading. Where the loader changed
    something that was there before (the home page, the settings of the site), `before` and `after` hold the fields, so
    that removing puts back what nobody has edited since.
    """

    key = models.CharField(_("key"), max_length=160, unique=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(_("object"), max_length=64)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    loaded_at = models.DateTimeField(_("loaded"), default=timezone.now)

    objects: ClassVar[models.Manager["ExampleObject"]] = models.Manager()

    class Meta:
        verbose_name = _("example object")
        verbose_name_plural = _("example objects")
        ordering = ["id"]
        indexes = [
            # "Is this page an example?", asked before a parent page is removed.
            models.Index(fields=["content_type", "object_id"], name="desk_example_of_object"),
        ]

    def __str__(self) -> str:
        return self.key

    def find(self) -> Any:
        """Return the object, or None if somebody has deleted it."""
        model = self.content_type.model_class()
        return None if model is None else model._default_manager.filter(pk=self.object_id).first()
