"""What the editors see beside their forms: releases, waiting proposals, who asks for a competence."""

from typing import Any

from profilecatalog.profiles.models import ProfileRelease


def editor_releases(page: Any) -> dict[str, Any]:
    """Return the releases of a profile for the panel in its form."""
    return {"releases": list(ProfileRelease.objects.of([page.pk]))}  # type: ignore[attr-defined]
