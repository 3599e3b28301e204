"""Abstract models that many packages share: identity towards the outside, pairs of fields and their panels."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel

from portal.core.fields import BodyField


class UuidModel(models.Model):
    """`id` inside, `uuid` towards the outside: an address or export never tells how many rows there are."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class LeadMixin(models.Model):
    """One or two sentences under the heading; also the text of cards and search results."""

    lead = models.TextField(
        _("lead"),
        blank=True,
        max_length=400,
        help_text=_("One or two sentences below the heading. Also shown on cards and in search results."),
    )
    lead_panels: list[Panel] = [FieldPanel("lead")]

    class Meta:
        abstract = True


class BodyMixin(models.Model):
    """The free text of a page, as blocks."""

    body = BodyField(verbose_name=_("text"))
    body_panels: list[Panel] = [FieldPanel("body")]

    class Meta:
        abstract = True
