"""The table of Django's cache: what all processes must know together, such as how often somebody has tried."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class CacheEntryQuerySet(models.QuerySet["CacheEntry"]):
    """Sets of entries."""

    def expired(self) -> "CacheEntryQuerySet":
        """Return what counts no more."""
        return self.filter(expires__lt=timezone.now())


class CacheEntry(models.Model):
    """One entry, written and read by `DatabaseCache`; a model only so that a migration makes the table."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    objects: ClassVar[CacheEntryQuerySet] = CacheEntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "shared_cache"

    def __str__(self) -> str:
        return self.cache_key
