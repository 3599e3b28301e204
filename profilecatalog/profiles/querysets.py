"""Sets of the catalogue's rows, as verbs. Each list ends with a unique key, so that no page repeats or loses a row."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from portal.core.principal import Principal
from portal.core.visibility import pages_visible_to

if TYPE_CHECKING:
    from profilecatalog.profiles.models import (  # noqa: F401 - named in the base classes below
        Competence,
        CompetenceArea,
        ProfileRelease,
        ReleaseProposal,
        Scale,
    )


class ScaleQuerySet(models.QuerySet["Scale"]):
    """Scales."""

    def frozen(self) -> "ScaleQuerySet":
        """Return the scales that stand in a release."""
        return self.filter(competences__released_items__isnull=False).distinct()


class AreaQuerySet(models.QuerySet["CompetenceArea"]):
    """Competence areas."""

    def in_order(self) -> "AreaQuerySet":
        """Return the areas as they stand on the competence page."""
        return self.order_by("sort_order", "name", "id")


class CompetenceQuerySet(models.QuerySet["Competence"]):
    """Competences."""

    def live(self) -> "CompetenceQuerySet":
        """Return what is published."""
        return self.filter(live=True)

    def by_area(self) -> "CompetenceQuerySet":
        """Return competences in the order of the competence page."""
        return self.order_by("area__sort_order", "area__name", "name", "id")


class ReleaseQuerySet(models.QuerySet["ProfileRelease"]):
    """Frozen releases."""

    def latest_of_each(self) -> "ReleaseQuerySet":
        """Return the newest release of every profile."""
        newest = type(self)(self.model).filter(profile=OuterRef("profile")).order_by("-number").values("pk")[:1]
        return self.filter(pk=Subquery(newest))

    def of(self, profile_ids: Iterable[int]) -> "ReleaseQuerySet":
        """Return the releases of these pages, newest first."""
        return self.filter(profile_id__in=list(profile_ids)).order_by("profile_id", "-number")

    def asking_for(self, competence_id: int) -> "ReleaseQuerySet":
        """Return the releases in which a competence stands."""
        return self.filter(released_items__competence_id=competence_id).distinct()

    def live(self) -> "ReleaseQuerySet":
        """Return the releases whose profile page is live, for those who may see them all or not."""
        return self.filter(profile__live=True)

    def visible_to(self, principal: Principal) -> "ReleaseQuerySet":
        """Return the releases whose profile page is published and hers to read."""
        return self.filter(profile__in=pages_visible_to(principal).values("pk"))


class ProposalQuerySet(models.QuerySet["ReleaseProposal"]):
    """Questions "new release?"."""

    def open(self) -> "ProposalQuerySet":
        """Return the questions that somebody may still act on, put off or not."""
        return self.filter(status__in=["waiting", "postponed"])

    def due(self, on: dt.date) -> "ProposalQuerySet":
        """Return what waits for an editor on a day: postponed questions come back on their date."""
        return self.filter(Q(status="waiting") | Q(status="postponed", postponed_until__lte=on))

    def settled(self) -> "ProposalQuerySet":
        """Return the questions that have been answered or have no sense any more."""
        return self.exclude(status__in=["waiting", "postponed"])

    def latest_first(self) -> "ProposalQuerySet":
        """Return the questions as they were settled, the last one first."""
        return self.order_by("-decided_at", "-id")

    def without_case(self) -> "ProposalQuerySet":
        """Return the questions of which no case is kept."""
        return self.filter(cases=None)

    def oldest_first(self) -> "ProposalQuerySet":
        """Return the questions in the order in which they came up."""
        return self.order_by(F("raised_at"), "id")
