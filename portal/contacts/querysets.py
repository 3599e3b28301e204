"""Sets of contact cards, as verbs."""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from portal.workflows.api import Case

if TYPE_CHECKING:
    from portal.organisations.api import Municipality, Region


class ContactCardQuerySet(models.QuerySet[Any]):
    """Contact cards."""

    def active(self) -> "ContactCardQuerySet":
        """Return the cards that are shown on the portal."""
        return self.filter(active=True)

    def nationwide(self) -> "ContactCardQuerySet":
        """Return the cards that serve the whole country."""
        return self.filter(municipality__isnull=True, region__isnull=True)

    def serving(self, municipality: "Municipality", region: "Region | None") -> "ContactCardQuerySet":
        """Return the municipality's own cards and those of its region; the region depends on the day, so it is given."""
        reach = Q(municipality=municipality)
        return self.filter(reach | Q(region=region) if region else reach)

    def with_review(self) -> "ContactCardQuerySet":
        """Fetch the reviews along, each card's newest first."""
        reviews = Case.objects.select_related("definition").order_by("-started_at", "-id")
        return self.prefetch_related(Prefetch("cases", queryset=reviews))

    def in_review_state(self, state: str) -> "ContactCardQuerySet":
        """Return the cards whose newest review stands in a state."""
        newest = self._reviews().order_by("-started_at", "-id").values("state")[:1]
        return self.alias(review_state=Subquery(newest)).filter(review_state=state)

    def never_reviewed(self) -> "ContactCardQuerySet":
        """Return the cards of which the portal has no consent on record."""
        return self.exclude(Exists(self._reviews()))

    def _reviews(self) -> Any:
        kind = ContentType.objects.get_for_model(self.model)
        return Case.objects.filter(content_type=kind, object_id=OuterRef("pk"))

    def in_order(self) -> "ContactCardQuerySet":
        """Return the cards as lists show them."""
        return self.order_by("function", "organisation", "id")
