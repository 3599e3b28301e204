"""Sets of rounds, keys and answers, as verbs."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.principal import Principal
from portal.core.roles import Role
from profilecatalog.assessment.enums import RoundStatus


class RoundQuerySet(models.QuerySet[Any]):
    """Rounds."""

    def standing(self) -> "RoundQuerySet":
        """Return the rounds that the open widget fills, one after the other."""
        return self.filter(standing=True)

    def open(self) -> "RoundQuerySet":
        """Return the rounds that take answers."""
        return self.filter(status=RoundStatus.OPEN)

    def closed(self) -> "RoundQuerySet":
        """Return the rounds that have been counted."""
        return self.filter(status=RoundStatus.CLOSED)

    def overdue(self, today: dt.date) -> "RoundQuerySet":
        """Return the rounds whose last day has passed and that nobody has counted yet."""
        passed = Q(status=RoundStatus.OPEN, closes__lt=today)
        return self.filter(passed | Q(status=RoundStatus.ENDED)).order_by("closes", "id")


class EmbedKeyQuerySet(models.QuerySet[Any]):
    """Keys of municipalities."""

    def in_force(self) -> "EmbedKeyQuerySet":
        """Return the keys that open the form now."""
        unended = Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())
        return self.filter(unended, revoked_at__isnull=True)

    def visible_to(self, principal: Principal) -> "EmbedKeyQuerySet":
        """Return the keys that the asker looks after: a municipality's are its coordinators'."""
        if principal.is_administrator:
            return self.all()
        return self.filter(municipality__code__in=principal.municipalities(Role.COORDINATOR))


class UsedTokenQuerySet(models.QuerySet[Any]):
    """Forms that were sent."""

    def expired(self, today: dt.date) -> "UsedTokenQuerySet":
        """Return what need not be remembered: an older form is refused for its age."""
        return self.filter(expires_on__lt=today)
