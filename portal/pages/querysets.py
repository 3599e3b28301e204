"""Sets of pages, as verbs. Each order ends with the key, so that no list repeats or loses a page."""

from django.db import models
from wagtail.models import PageManager

from portal.core.visibility import VisiblePageQuerySet


class ArticleQuerySet(VisiblePageQuerySet):
    """Articles."""

    def newest_first(self) -> "ArticleQuerySet":
        """Return articles by the date that readers see."""
        return self.order_by("-date", "-pk")


class WorkQuerySet(VisiblePageQuerySet):
    """Projects or publications."""

    def newest_first(self) -> "WorkQuerySet":
        """Return the newest year first, within a year by title."""
        return self.order_by("-year", "title", "pk")


ArticleManager: type[models.Manager] = PageManager.from_queryset(ArticleQuerySet)
WorkManager: type[models.Manager] = PageManager.from_queryset(WorkQuerySet)
