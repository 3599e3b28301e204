"""Hear of what Wagtail itself publishes, moves and deletes, so that a source needs to be registered and nothing else.

Signals only here, where sender and receiver may not know each other; the portal's own services call `search.api`.
"""

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move, published, unpublished

from search.services import hide_listed, hide_tree, reindex_listed, reindex_object, reindex_tree, remove_object
from search.sources import source_of


def on_published(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Queue what was published; also sent for a page that is only scheduled, which the worker then finds not live."""
    with transaction.atomic():
        if source_of(type(instance)) is not None:
            reindex_object(instance)
        if isinstance(instance, Page):
            reindex_listed(instance)


def on_gone(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Hide what was unpublished or deleted in the same transaction."""
    if instance.pk is None or sender is not type(instance):
        return
    with transaction.atomic():
        if source_of(sender) is not None:
            remove_object(instance)
        if isinstance(instance, Page):
            hide_listed(type(instance))
            reindex_listed(instance)


def on_tree_changed(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    """Queue a page that was moved, with all below it; under a private one nobody finds them until the worker has looked."""
    with transaction.atomic():
        if instance.get_view_restrictions():
            hide_tree(instance)
        reindex_tree(instance)


def on_page_save(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Queue the tree below a new address. Wagtail's own signal for it comes after the commit, when it may be lost."""
    fields = kwargs.get("update_fields")
    if (
        not issubclass(sender, Page)
        or kwargs.get("raw")
        or instance.pk is None
        or (fields and "url_path" not in fields)
    ):
        return
    if Page.objects.filter(pk=instance.pk).exclude(url_path=instance.url_path).exists():
        with transaction.atomic():
            reindex_tree(instance)


def on_restriction_changed(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Hide a page whose privacy changed, with all below it, until the worker has looked who may find it now."""
    # From the groups' side the many-to-many signal may name a group instead.
    if not isinstance(instance, PageViewRestriction):
        return
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        with transaction.atomic():
            hide_tree(page)
            reindex_tree(page)


def on_group_saved(sender: type[Model], instance: Group, **kwargs: Any) -> None:
    """Look again at what only this group may find: pages are found by its name, which another group may have tomorrow."""
    for restriction in PageViewRestriction.objects.filter(groups=instance):
        on_restriction_changed(PageViewRestriction, restriction)


def connect() -> None:
    """Connect all of them; called once when the app is ready."""
    for signal in (page_published, published):
        signal.connect(on_published, dispatch_uid="search.published")
    for signal in (page_unpublished, unpublished, post_delete):
        signal.connect(on_gone, dispatch_uid="search.gone")
    post_page_move.connect(on_tree_changed, dispatch_uid="search.tree")
    pre_save.connect(on_page_save, dispatch_uid="search.page")
    for signal in (post_save, post_delete):
        signal.connect(on_restriction_changed, sender=PageViewRestriction, dispatch_uid="search.restriction")
    post_save.connect(on_group_saved, sender=Group, dispatch_uid="search.group")
    m2m_changed.connect(
        on_restriction_changed, sender=PageViewRestriction.groups.through, dispatch_uid="search.restriction"
    )
