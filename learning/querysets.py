"""Sets of courses and course runs, as verbs."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from wagtail.models import PageManager

from portal.core.visibility import VisiblePageQuerySet


class CourseQuerySet(VisiblePageQuerySet):
    """Course pages."""

    def by_provider(self, provider: Any) -> "CourseQuerySet":
        """Return a provider's courses."""
        return self.filter(provider=provider)

    def that_qualify(self, qualifying: bool) -> "CourseQuerySet":
        """Return the courses that are, or are not, formally qualifying."""
        return self.filter(qualifying=qualifying)

    def free_of_charge(self, free: bool) -> "CourseQuerySet":
        """Return what costs nothing, or what costs something; an unknown price is neither."""
        return self.filter(price_dkk=0) if free else self.filter(price_dkk__gt=0)

    def grown_out_of(self, page: Any) -> "CourseQuerySet":
        """Return the courses that grew out of a project or a publication."""
        return self.filter(Q(project__page_ptr=page.pk) | Q(publication__page_ptr=page.pk))

    def for_cards(self) -> "CourseQuerySet":
        """Fetch what a card shows, and not the texts of the pages."""
        return self.select_related("provider").defer("body")

    def in_order(self) -> "CourseQuerySet":
        """Return the courses by title."""
        return self.order_by("title", "id")


CourseManager = PageManager.from_queryset(CourseQuerySet)


class CourseRunQuerySet(models.QuerySet[Any]):
    """Course runs; on every day each run is upcoming, running or past, never two of them."""

    def upcoming(self, today: dt.date) -> "CourseRunQuerySet":
        """Return what begins after today."""
        return self.filter(starts__gt=today)

    def running(self, today: dt.date) -> "CourseRunQuerySet":
        """Return what has begun and is not over; the last day still belongs to it."""
        return self.filter(starts__lte=today, ends__gte=today)

    def past(self, today: dt.date) -> "CourseRunQuerySet":
        """Return what ended before today."""
        return self.filter(ends__lt=today)

    def in_order(self) -> "CourseRunQuerySet":
        """Return the nearest first."""
        return self.order_by("starts", "id")

    def for_list(self) -> "CourseRunQuerySet":
        """Fetch what a row of a list shows."""
        return self.select_related("municipality", "offering")
