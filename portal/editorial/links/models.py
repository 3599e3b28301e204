"""What is known of addresses outside the portal."""

import hashlib
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LinkStatus(models.TextChoices):
    """What came of looking at an address."""

    WAITING = "waiting", _("Not looked at yet")
    FINE = "fine", _("Answers")
    # Certainly wrong: the server says so, or nobody outside can reach it.
    GONE = "gone", _("Does not exist")
    REFUSED = "refused", _("Cannot be opened by readers")
    # Nothing certain: readers may see more than we do.
    UNSURE = "unsure", _("Could not be looked at")
    SILENT = "silent", _("Does not answer")


def url_key(url: str) -> str:
    """Return the hash under which an address is kept: addresses are longer than what a database indexes."""
    return hashlib.sha256(url.encode()).hexdigest()


class CheckedLinkQuerySet(models.QuerySet["CheckedLink"]):
    """Sets of addresses."""

    def of(self, urls: Any) -> "CheckedLinkQuerySet":
        """Return what is known of some addresses."""
        return self.filter(key__in=[url_key(url) for url in urls])

    def to_look_at(self, now: Any) -> "CheckedLinkQuerySet":
        """Return those that wait and that no worker is busy with, the oldest request first."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
        return self.filter(free, status=LinkStatus.WAITING).order_by("wanted_at", "pk")


class CheckedLink(models.Model):
    """One address and what came of looking at it last."""

    key = models.CharField(max_length=64, unique=True)
    url = models.TextField(_("address"))
    host = models.CharField(_("host"), max_length=255, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=LinkStatus, default=LinkStatus.WAITING)
    # Of the answer, where there was one.
    code = models.PositiveSmallIntegerField(_("status code"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    wanted_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = CheckedLinkQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("address outside the portal")
        verbose_name_plural = _("addresses outside the portal")
        ordering = ["host", "pk"]
        default_permissions = ()
        indexes = [
            # The job asks every few seconds; nearly all rows have been looked at.
            models.Index(fields=["wanted_at"], condition=Q(status="waiting"), name="editorial_links_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=LinkStatus.WAITING) | Q(checked_at__isnull=False),
                name="editorial_link_result_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @classmethod
    def wanted(cls, url: str, at: Any) -> "CheckedLink":
        """Return an unsaved row for an address that nobody has asked about before."""
        return cls(key=url_key(url), url=url, host=host_of(url), wanted_at=at)


def host_of(url: str) -> str:
    """Return the host of an address, or an empty text for one that has none."""
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""
