"""What search knows of an uploaded file beside its title."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentText(models.Model):
    """The text of one file, read once: reading it costs a second, and search looks at every document each day.

    Not content: it can be thrown away, the worker reads the files again.
    """

    document = models.OneToOneField(
        getattr(settings, "WAGTAILDOCS_DOCUMENT_MODEL", "wagtaildocs.Document"),
        verbose_name=_("document"),
        on_delete=models.CASCADE,
        related_name="search_text",
    )
    # Of the file that was read: with another one the text is read again.
    file_name = models.CharField(_("file"), max_length=255)
    file_hash = models.CharField(_("hash of the file"), max_length=40, blank=True)
    text = models.TextField(_("text"), blank=True)
    trouble = models.CharField(_("why there is no text"), max_length=80, blank=True)
    read_at = models.DateTimeField(_("read"), auto_now=True)

    objects: ClassVar[models.Manager["DocumentText"]] = models.Manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")
        ordering = ["document"]

    def __str__(self) -> str:
        return self.file_name
