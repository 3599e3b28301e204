"""The number that stored pages belong to, where several machines must agree on it."""

from typing import ClassVar

from django.db import models


class PageCacheGeneration(models.Model):
    """One row; see `portal.core.page_cache.generation`."""

    number = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[models.Manager["PageCacheGeneration"]] = models.Manager()

    class Meta:
        constraints = [
            # Two rows would be two numbers, and each machine could trust another one.
            models.CheckConstraint(condition=models.Q(pk=1), name="page_cache_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.number)
