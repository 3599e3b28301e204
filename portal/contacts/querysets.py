"""Sets of contact cards, as verbs."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

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

    def in_order(self) -> "ContactCardQuerySet":
        """Return the cards as lists show them."""
        return self.order_by("function", "organisation", "id")
