"""What several tests of the catalogue do."""

from typing import Any

from profilecatalog.profiles.models import ProfilePage, ProfileRelease


def draft(page: ProfilePage) -> Any:
    """Return the newest revision of a page as an object to change."""
    stored: Any = ProfilePage.objects.get(pk=page.pk)
    changed = stored.latest_revision.as_object()
    # The editor starts from the live row, which knows its live revision; a first revision does not.
    changed.live_revision_id = stored.live_revision_id
    return changed


def publish(page: Any, *, change: str = "", reason: str = "", user: Any = None) -> ProfilePage:
    """Save a changed draft and publish it; return the fresh page."""
    page.release_change, page.release_reason = change, reason
    page.save_revision(user=user).publish(user=user)
    return ProfilePage.objects.get(pk=page.pk)


def items(page: Any) -> list[Any]:
    """Return the items of all groups in order, as they stand in memory."""
    return [row for group in page.groups.all() for row in group.items.all()]


def numbers(page: ProfilePage) -> list[int]:
    """Return the numbers of a page's releases, oldest first."""
    return list(ProfileRelease.objects.filter(profile=page).order_by("number").values_list("number", flat=True))
