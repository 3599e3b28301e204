"""Moments for tests of checks, conditions and steps that need no submission."""

import datetime as dt
from typing import Any

from django.utils import timezone

from portal.editorial.api import Finding, Moment, registry


def moment(page: Any, at: dt.datetime | None = None) -> Moment:
    """Return the moment of a page as it stands in memory."""
    return Moment(page=page, digest="", at=at or timezone.now())


def found(name: str, page: Any, at: dt.datetime | None = None, **parameters: Any) -> list[Finding]:
    """Return what a registered check finds on a page."""
    entry = registry.find("check", name)
    return list(entry.what(moment(page, at), entry.given(parameters)))


def holds(name: str, page: Any, **parameters: Any) -> bool:
    """Tell whether a registered condition holds for a page."""
    entry = registry.find("condition", name)
    return bool(entry.what(moment(page), entry.given(parameters)))
