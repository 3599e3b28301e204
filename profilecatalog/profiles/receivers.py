"""Where Wagtail's publishing meets ours.

Wagtail and the services may not know each other, so signals join them; everything they call is a service. Search hears of
publications by itself.
"""

from typing import Any

from wagtail.log_actions import get_active_log_context
from wagtail.signals import page_published, published

from profilecatalog.profiles.models import Competence, ProfilePage
from profilecatalog.profiles.services.competences import competence_published
from profilecatalog.profiles.services.releases import release_freeze


def _actor(revision: Any) -> Any:
    """Return who publishes: the admin's user, or outside a request whoever wrote the revision."""
    return get_active_log_context().user or (revision.user if revision is not None else None)


def _freeze(sender: Any, instance: ProfilePage, revision: Any = None, **kwargs: Any) -> None:
    # Sent for a page that was only scheduled, too; and an alias shows the releases of its original.
    if instance.live and instance.alias_of_id is None:
        release_freeze(page=instance, actor=_actor(revision), revision=revision)


def _follow_up(sender: Any, instance: Competence, revision: Any = None, **kwargs: Any) -> None:
    if instance.live:
        competence_published(competence=instance, actor=_actor(revision))


def connect() -> None:
    """Connect the receivers."""
    page_published.connect(_freeze, sender=ProfilePage, dispatch_uid="profiles.freeze")
    published.connect(_follow_up, sender=Competence, dispatch_uid="profiles.competence")
