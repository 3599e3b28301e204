"""Sets of meetings in time and place, as verbs.

`upcoming`, `running` and `past` partition the time line: at every moment each occurrence is in exactly one of them.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from portal.core.local_time import start_of_day
from portal.core.principal import Principal
from portal.core.visibility import pages_visible_to
from portal.organisations.api import Municipality, Region, RegionMembership


class OccurrenceQuerySet(models.QuerySet[Any]):
    """Occurrences."""

    def upcoming(self, now: dt.datetime) -> "OccurrenceQuerySet":
        """Return what has not begun."""
        return self.filter(starts_at__gt=now)

    def running(self, now: dt.datetime) -> "OccurrenceQuerySet":
        """Return what has begun and is not over; the last moment belongs to the past."""
        return self.filter(starts_at__lte=now, ends_at__gt=now)

    def past(self, now: dt.datetime) -> "OccurrenceQuerySet":
        """Return what is over."""
        return self.filter(ends_at__lte=now)

    def not_over(self, now: dt.datetime) -> "OccurrenceQuerySet":
        """Return what is upcoming or running."""
        return self.filter(ends_at__gt=now)

    def touching(self, first: dt.date | None, last: dt.date | None) -> "OccurrenceQuerySet":
        """Return what happens on at least one of the days, both included; None leaves that end open."""
        found = self
        if first is not None:
            found = found.filter(ends_at__gt=start_of_day(first))
        if last is not None:
            found = found.filter(starts_at__lt=start_of_day(last + dt.timedelta(days=1)))
        return found

    def visible_to(self, principal: Principal) -> "OccurrenceQuerySet":
        """Return the occurrences whose page is published and hers to read."""
        pages = self.model._meta.get_field("event").related_model._default_manager
        return self.filter(event__in=pages.filter(pk__in=pages_visible_to(principal).values("pk")))

    def going_ahead(self) -> "OccurrenceQuerySet":
        """Return what is not cancelled."""
        return self.filter(cancelled=False)

    def in_municipality(self, municipality: Municipality) -> "OccurrenceQuerySet":
        """Return what is held in a municipality."""
        return self.filter(municipality=municipality)

    def in_region(self, region: Region) -> "OccurrenceQuerySet":
        """Return what is held in a region on the day it begins.

        Regions merge, so the same town hall is in one region one day and in another the next. Without a municipality the
        region is said by the row itself.
        """
        day = TruncDate("starts_at", tzinfo=timezone.get_default_timezone())
        member = RegionMembership.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("local_day")),
            municipality=OuterRef("municipality"),
            region=region,
            valid_from__lte=OuterRef("local_day"),
        )
        return self.annotate(local_day=day).filter(Q(region=region) | Exists(member))

    def of_kinds(self, kinds: Iterable[str]) -> "OccurrenceQuerySet":
        """Return the meetings of these kinds."""
        return self.filter(event__kind__in=list(kinds))

    def about_profile(self, profile: Any) -> "OccurrenceQuerySet":
        """Return the meetings that concern a profile."""
        links = self.model._meta.get_field("event").related_model._meta.get_field("related_profiles").related_model
        return self.filter(Exists(links._default_manager.filter(event=OuterRef("event"), profile=profile)))

    def about_theme(self, theme: Any) -> "OccurrenceQuerySet":
        """Return the meetings of a theme."""
        links = self.model._meta.get_field("event").related_model.themes.through
        return self.filter(Exists(links.objects.filter(eventpage=OuterRef("event"), theme=theme)))

    def nearest_to(self, ranks: dict[str, int], rest: int) -> "OccurrenceQuerySet":
        """Return those of the municipalities with the lowest ranks first, and those of one rank by date.

        `ranks` are by municipality code; what has no municipality, or one without a rank, comes with the `rest`.
        """
        cases = [When(municipality__code=code, then=Value(rank)) for code, rank in ranks.items()]
        rank = Case(*cases, default=Value(rest), output_field=models.IntegerField())
        return self.annotate(rank=rank).order_by("rank", "starts_at", "id")

    def held_online(self, online: bool) -> "OccurrenceQuerySet":
        """Return what one can, or cannot, follow from a screen."""
        return self.filter(online=online)

    def in_order(self) -> "OccurrenceQuerySet":
        """Return the nearest first."""
        return self.order_by("starts_at", "id")

    def newest_first(self) -> "OccurrenceQuerySet":
        """Return the latest first."""
        return self.order_by("-starts_at", "-id")

    def for_list(self) -> "OccurrenceQuerySet":
        """Fetch what a row of a list shows, and not the texts of the pages."""
        return self.select_related("event", "municipality", "region", "offering").defer("event__body")
