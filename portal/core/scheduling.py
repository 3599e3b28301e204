"""Publish and take down by the clock.

Wagtail's command stops at the first page that cannot be published: one profile whose release is refused would hold up
everything that is due after it, for ever. Here each stands in a transaction of its own; what is refused stays due, is
logged, and shows on the editors' dashboard until somebody has mended it.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

logger = logging.getLogger(__name__)


def due_revisions() -> Any:
    """Return the planned revisions whose time has come, the oldest first."""
    return Revision.objects.filter(approved_go_live_at__lte=timezone.now()).order_by("approved_go_live_at", "id")


def publish_scheduled() -> None:
    """Take down what has expired, then publish what is due."""
    for obj in _expired():
        _attempt(obj, partial(obj.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled"))
    for revision in due_revisions():
        _attempt(revision, partial(revision.publish, log_action="wagtail.publish.scheduled"))


def _expired() -> list[Any]:
    drafts = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    now = timezone.now()
    return [obj for model in (Page, *drafts) for obj in model._default_manager.filter(live=True, expire_at__lt=now)]


def _attempt(obj: Any, act: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            act()
    except Exception:
        logger.exception("Could not publish or take down %s by the clock", obj)
