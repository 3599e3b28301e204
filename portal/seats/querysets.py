"""Sets of sign-ups and places, as verbs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from portal.core.principal import Principal
from portal.core.roles import Role
from portal.seats.enums import ACTIVE, HOLDING, OfferState, PlaceState


def _within(principal: Principal, prefix: str = "") -> Q:
    """Return what is of the asker's municipality or of the units that she leads."""
    here = Q(**{f"{prefix}municipality__code__in": principal.municipalities(Role.COORDINATOR)})
    return here | Q(**{f"{prefix}unit__in": principal.units(Role.MANAGER)})


class SignUpQuerySet(models.QuerySet[Any]):
    """Sign-ups."""

    def visible_to(self, principal: Principal) -> "SignUpQuerySet":
        """Return the sign-ups that the asker made, and those of her municipality or her units."""
        if principal.is_administrator:
            return self.all()
        if principal.is_anonymous:
            return self.none()
        return self.filter(Q(actor__uuid=principal.user_uuid) | _within(principal))


class ParticipantQuerySet(models.QuerySet[Any]):
    """People and open slots."""

    def active(self) -> "ParticipantQuerySet":
        """Return those who still want to come."""
        return self.filter(state__in=ACTIVE)

    def holding(self) -> "ParticipantQuerySet":
        """Return those who keep a seat from others: booked, or offered and not answered yet."""
        return self.filter(state__in=HOLDING)

    def booked(self) -> "ParticipantQuerySet":
        """Return those who have a seat."""
        return self.filter(state=PlaceState.BOOKED)

    def waiting(self) -> "ParticipantQuerySet":
        """Return those who wait, in the order of their turn."""
        return self.filter(state=PlaceState.WAITING).order_by("sign_up__placed_at", "sign_up_id", "pk")

    def unnamed(self) -> "ParticipantQuerySet":
        """Return open slots."""
        return self.filter(user__isnull=True, email__isnull=True, name="")

    def of(self, uuids: "list[UUID] | None") -> "ParticipantQuerySet":
        """Return those with these identities, or all if none are named."""
        return self if uuids is None else self.filter(uuid__in=uuids)

    def visible_to(self, principal: Principal) -> "ParticipantQuerySet":
        """Return the asker's own places, those that she signed up, and those of her municipality or her units."""
        if principal.is_administrator:
            return self.all()
        if principal.is_anonymous:
            return self.none()
        own = Q(user__uuid=principal.user_uuid) | Q(sign_up__actor__uuid=principal.user_uuid)
        return self.filter(own | _within(principal, "sign_up__"))


class OfferQuerySet(models.QuerySet[Any]):
    """Offers."""

    def open(self) -> "OfferQuerySet":
        """Return the offers that wait for an answer."""
        return self.filter(state=OfferState.OPEN)

    def overdue(self, now: datetime) -> "OfferQuerySet":
        """Return the offers that nobody has answered in time.

        What is called off runs out for nobody: it may be held after all, and nobody could say yes meanwhile.
        """
        return self.open().filter(deadline__lte=now, sign_up__offering__called_off=False)
