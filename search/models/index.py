"""The store of the database engines: one row per thing that can be found."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndexedDocument(models.Model):
    """A document as it was when last indexed. The full-text tokens lie beside it, in the database's own way.

    Not content: it can be thrown away and built again (`manage.py search_reindex`), so nothing may point to it.
    """

    # "<source>:<key of the document>": an object's documents replace each other under it.
    key = models.CharField(_("key"), max_length=255, unique=True)
    source = models.CharField(_("source"), max_length=80)
    object_id = models.CharField(_("object"), max_length=64)
    kind = models.CharField(_("kind"), max_length=40)
    kind_label = models.CharField(_("name of the kind"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=160, blank=True)
    title = models.CharField(_("title"), max_length=255)
    # The folded title: what is typed exactly so stands first.
    title_key = models.CharField(max_length=255, editable=False)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)
    # Other names of the same thing ("receptionist" of a profile in borgerservice); each is ranked alone, as the title is.
    labels = models.JSONField(_("other names"), default=list, blank=True)
    url = models.CharField(_("address"), max_length=500)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    updated = models.DateTimeField(_("indexed at"), auto_now=True)
    # Rises with every writing; an engine elsewhere takes a document only if its version is the higher one.
    version = models.BigIntegerField(default=0, editable=False)
    # Of what the object said of itself: said again without a difference, nothing is written.
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[models.Manager["IndexedDocument"]] = models.Manager()

    class Meta:
        verbose_name = _("indexed document")
        verbose_name_plural = _("indexed documents")
        ordering = ["key"]
        indexes = [
            # Everything that one object has in the index, to replace or remove it.
            models.Index(fields=["source", "object_id"], name="search_of_object"),
        ]

    def __str__(self) -> str:
        return self.title


class IndexedLabel(models.Model):
    """One name of a document; the title is the first. The best one decides the rank, so many names are no advantage."""

    document = models.ForeignKey(IndexedDocument, on_delete=models.CASCADE, related_name="names")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("name"), max_length=255)
    # The folded name, for what is typed exactly and for suggestions by its beginning.
    text_key = models.CharField(max_length=255, editable=False)

    class Meta:
        verbose_name = _("name of a document")
        verbose_name_plural = _("names of documents")
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="search_label_once"),
        ]
        indexes = [
            # Who has exactly this name stands first.
            models.Index(fields=["text_key"], name="search_name_exactly"),
        ]

    def __str__(self) -> str:
        return self.text


class IndexedAudience(models.Model):
    """Who may find a document; matched inside the query, so that no hit, count or facet leaks."""

    document = models.ForeignKey(IndexedDocument, on_delete=models.CASCADE, related_name="audiences")
    name = models.CharField(_("audience"), max_length=120)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints = [
            # Also the index that every search reads: may this document be seen by one of these?
            models.UniqueConstraint(fields=["document", "name"], name="search_audience_once"),
        ]

    def __str__(self) -> str:
        return self.name


class IndexedFacet(models.Model):
    """One value that a result list can be narrowed to."""

    document = models.ForeignKey(IndexedDocument, on_delete=models.CASCADE, related_name="facets")
    name = models.CharField(_("filter"), max_length=40)
    value = models.CharField(_("value"), max_length=80)
    label = models.CharField(_("label"), max_length=120)

    class Meta:
        verbose_name = _("filter value")
        verbose_name_plural = _("filter values")
        constraints = [
            models.UniqueConstraint(fields=["document", "name", "value"], name="search_facet_once"),
        ]

    def __str__(self) -> str:
        return self.label
