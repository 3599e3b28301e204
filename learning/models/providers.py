"""Who offers courses."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel

from portal.core.mixins import UuidModel


class Provider(UuidModel):
    """A school, centre or organisation that offers courses."""

    key = models.SlugField(
        _("key"), max_length=100, unique=True, help_text=_("Short name for imports and links. Never changes.")
    )
    name = models.CharField(_("name"), max_length=160, unique=True)
    description = models.TextField(_("description"), blank=True, max_length=600)
    url = models.URLField(_("website"), blank=True)

    objects: ClassVar[models.Manager["Provider"]] = models.Manager()
    panels: ClassVar[list[Panel]] = [
        FieldPanel("name"),
        FieldPanel("key"),
        FieldPanel("description"),
        FieldPanel("url"),
    ]

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
