"""What is said about a page and is not part of its content: who looks after it and when it must be read again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class PageGovernance(models.Model):
    """A one-to-one sidecar: an older revision must never bring back an older owner or review date."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="governance", verbose_name=_("page"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    review_on = models.DateField(_("review on"), null=True, blank=True)

    objects: ClassVar[models.Manager["PageGovernance"]] = models.Manager()

    class Meta:
        verbose_name = _("page governance")
        verbose_name_plural = _("page governance")

    def __str__(self) -> str:
        return str(self.page)
