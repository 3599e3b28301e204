"""Sets of definitions and cases, as verbs."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import OuterRef, Subquery


class CaseDefinitionQuerySet(models.QuerySet[Any]):
    """Definitions."""

    def in_force(self) -> "CaseDefinitionQuerySet":
        """Return the latest version of each."""
        latest = self.model._default_manager.filter(key=OuterRef("key")).order_by("-version").values("pk")[:1]
        return self.filter(pk=Subquery(latest))


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
