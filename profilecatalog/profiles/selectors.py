"""Releases and competences for other packages: what they ask for by key or by profile."""

from collections.abc import Iterable, Mapping
from typing import Any

from profilecatalog.profiles.models import Competence, ProfilePage, ProfileRelease


def latest_release(profile: ProfilePage) -> ProfileRelease | None:
    """Return what the public sees of a profile, or None before its first publication; no query while its page is drawn."""
    return next(iter(profile.shown_releases()), None)


def latest_releases(profiles: Iterable[ProfilePage]) -> Mapping[int, ProfileRelease]:
    """Return the newest release of each profile by the page's id.

    One query, whatever the number; `release.profile` is loaded along.
    """
    releases: Any = ProfileRelease.objects.latest_of_each().select_related("profile")
    pages = list(profiles)
    by_source = {r.profile_id: r for r in releases.filter(profile_id__in=[page.releases_of_id for page in pages])}
    return {page.pk: by_source[page.releases_of_id] for page in pages if page.releases_of_id in by_source}


def competences_by_key(keys: Iterable[str]) -> Mapping[str, Competence]:
    """Return the competences with these keys; unknown keys are left out."""
    return {competence.key: competence for competence in Competence.objects.filter(key__in=list(keys))}
