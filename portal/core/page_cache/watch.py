"""What outdates the stored pages: any change of anything that a page could show.

Named is what does *not* count, so that a model which somebody forgets costs a page drawn once more and never a page that is
wrong. Of Wagtail's own models those count that reach the public site.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import BaseViewRestriction, Collection, Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move, published, unpublished

from portal.core.page_cache.generation import bump

_SHOWN = (
    Page,
    Site,
    Locale,
    Collection,
    BaseViewRestriction,
    BaseSiteSetting,
    BaseGenericSetting,
    AbstractImage,
    AbstractDocument,
    Redirect,
)
# Saving a draft touches these fields of the live row and nothing that is shown.
_DRAFT_FIELDS = frozenset(
    {"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes", "locked", "locked_at"}
    | {"locked_by", "live_revision", "last_login"}
)
_ignored: set[type[Model]] = set()


def ignore(*models: type[Model]) -> None:
    """Say that no public page shows these models; call it from `AppConfig.ready`.

    Needed for what is written often (answers, sign-ups) and for what must leave no trace.
    """
    _ignored.update(models)


def is_shown(model: type[Model]) -> bool:
    """Tell whether a change of the model may change a page."""
    if model in _ignored or model._meta.proxy_for_model in _ignored:
        return False
    return issubclass(model, _SHOWN) or _is_ours(model)


def _is_ours(model: type[Model]) -> bool:
    """Tell whether the model lives in this repository; a migration's historical models belong to no folder."""
    path = getattr(model._meta.app_config, "path", None)
    if path is None:
        return False
    folder = Path(path)
    return settings.BASE_DIR in folder.parents and "site-packages" not in folder.parts


def on_change(sender: type[Model], **kwargs: Any) -> None:
    """Bump after a row was saved or deleted."""
    fields = kwargs.get("update_fields")
    if (fields is None or not set(fields) <= _DRAFT_FIELDS) and is_shown(sender):
        bump()


def on_relation(sender: type[Model], action: str, instance: Model, **kwargs: Any) -> None:
    """Bump after a many-to-many relation was changed from either side."""
    if action.startswith("post_") and (is_shown(type(instance)) or sender is PageViewRestriction.groups.through):
        bump()


def on_event(sender: Any, **kwargs: Any) -> None:
    """Bump after what Wagtail says it has done; some of it is done without saving a row."""
    bump()


def connect() -> None:
    """Connect all of them; called once when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(on_change, dispatch_uid="page_cache.change")
    m2m_changed.connect(on_relation, dispatch_uid="page_cache.relation")
    for event in (page_published, page_unpublished, page_slug_changed, post_page_move, published, unpublished):
        event.connect(on_event, dispatch_uid="page_cache.event")
