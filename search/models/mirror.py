"""What an engine outside the database has to be told, and how it fares."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndexVersion(models.Model):
    """A counter that never gives a number twice, without locking anybody: its row is deleted as soon as it is made."""

    objects: ClassVar[models.Manager["IndexVersion"]] = models.Manager()

    class Meta:
        verbose_name = _("version of the index")
        verbose_name_plural = _("versions of the index")

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def next(cls) -> int:
        """Return a number higher than all that were given; it is given to nobody else."""
        number = cls.objects.create().pk
        cls.objects.filter(pk=number).delete()
        return number


class IndexChange(models.Model):
    """A document that Elasticsearch does not have as it is here. While the row stands, that engine may not show it.

    Written in the transaction that changes or removes the document; deleted when the engine has taken this version.
    """

    key = models.CharField(_("key"), max_length=255, unique=True)
    version = models.BigIntegerField(_("version"))
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("change to be mirrored")
        verbose_name_plural = _("changes to be mirrored")
        ordering = ["version"]
        indexes = [models.Index(fields=["version"], name="search_change_in_order")]

    def __str__(self) -> str:
        return self.key


class MirrorIndex(models.Model):
    """An index in Elasticsearch that follows the changes: the one that answers, and one that is being built."""

    BUILDING = "building"
    LIVE = "live"

    name = models.CharField(_("name"), max_length=120, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=[(BUILDING, _("being built")), (LIVE, _("answers searches"))]
    )
    # What its fields and tokens were made by: code that expects another must not ask it.
    fingerprint = models.CharField(_("fingerprint of the fields"), max_length=64)
    # The build goes on after this key when it was interrupted.
    last_key = models.CharField(_("last key"), max_length=255, blank=True)
    started = models.DateTimeField(_("started"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[models.Manager["MirrorIndex"]] = models.Manager()

    class Meta:
        verbose_name = _("index in Elasticsearch")
        verbose_name_plural = _("indexes in Elasticsearch")
        ordering = ["started"]
        constraints = [
            # Two builds at once would switch the alias under each other.
            models.UniqueConstraint(fields=["state"], name="search_one_index_per_state"),
        ]

    def __str__(self) -> str:
        return self.name


class EngineTrouble(models.Model):
    """A time in which the engine did not answer and the database did: the note for administrators."""

    reason = models.CharField(_("reason"), max_length=300)
    began = models.DateTimeField(_("began"), auto_now_add=True)
    last_seen = models.DateTimeField(_("last seen"), auto_now=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    ended = models.DateTimeField(_("ended"), null=True, blank=True)
    is_open = models.BooleanField(_("still going on"), default=True)

    class Meta:
        verbose_name = _("trouble with the search engine")
        verbose_name_plural = _("troubles with the search engine")
        ordering = ["-began", "-pk"]
        constraints = [
            # Many processes notice the same trouble; it is one note until it is over.
            models.UniqueConstraint(
                fields=["is_open"], name="search_one_open_trouble", condition=models.Q(is_open=True)
            ),
        ]

    def __str__(self) -> str:
        return self.reason
