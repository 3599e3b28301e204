"""Sets of definitions and cases, as verbs."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import OuterRef, Q, Subquery


class CaseDefinitionQuerySet(models.QuerySet[Any]):
    """Definitions."""

    def newest(self) -> "CaseDefinitionQuerySet":
        """Return the latest version of each, the retired ones included."""
        latest = self.model._default_manager.filter(key=OuterRef("key")).order_by("-version").values("pk")[:1]
        return self.filter(pk=Subquery(latest))

    def in_force(self) -> "CaseDefinitionQuerySet":
        """Return what a new case may begin under: the latest version of each that is not retired."""
        return self.newest().filter(retired_at__isnull=True)

    def at_work(self) -> "CaseDefinitionQuerySet":
        """Return what cases begin or go on under: what is in force, and older versions with open cases."""
        busy = self.model._default_manager.filter(cases__closed_at__isnull=True, cases__isnull=False)
        return self.filter(Q(pk__in=self.model._default_manager.in_force().values("pk")) | Q(pk__in=busy.values("pk")))


class CaseQuerySet(models.QuerySet[Any]):
    """Cases."""

    def open(self) -> "CaseQuerySet":
        """Return the cases in which something can still happen."""
        return self.filter(closed_at__isnull=True)

    def about(self, obj: models.Model) -> "CaseQuerySet":
        """Return the cases of an object, the newest first."""
        kind = ContentType.objects.get_for_model(obj)
        return self.filter(content_type=kind, object_id=obj.pk).order_by("-started_at", "-id")

    def due(self, now: dt.datetime) -> "CaseQuerySet":
        """Return the cases that the clock moves on, the longest due first."""
        return self.open().filter(due_at__lte=now).order_by("due_at", "id")

    def locked(self, *, skip: bool = False) -> "CaseQuerySet":
        """Lock the cases; with `skip` pass over those that somebody else holds, where the database can."""
        skip = skip and connection.features.has_select_for_update_skip_locked
        return self.select_for_update(of=("self",), skip_locked=skip).select_related("definition")
