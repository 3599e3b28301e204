"""Hear of documents and collections that are changed in the admin, which has no publishing for them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest
from wagtail import hooks
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from portal.core import outbox
from portal.core.models.outbox import OutboxMessage
from portal.pages.models import DocumentText
from search.api import PUBLIC, hide_object, page_audiences, reindex_object, remove_object

COLLECTION = "pages.collection"
# The admin saves a collection first and moves it then, without telling anybody.
_AFTER_THE_MOVE = timedelta(seconds=10)


def tell_search(documents: Iterable[Any]) -> None:
    """Queue documents; what not everybody may see any more is hidden at once."""
    with transaction.atomic():
        for document in documents:
            is_public = PUBLIC in page_audiences(document.collection)
            (reindex_object if is_public else remove_object)(document)


def on_document_saved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Hear of a new file, title or collection; what the file before it said is hidden at once."""
    if kwargs.get("raw"):
        return
    said = DocumentText.objects.filter(document_id=instance.pk)
    with transaction.atomic():
        tell_search([instance])
        if said.exclude(file_name=instance.file.name, file_hash=instance.file_hash).exists():
            hide_object(instance)


def on_collection_saved(sender: type[Model], instance: Collection, **kwargs: Any) -> None:
    """Hide what lies in a collection until it is known where the collection lies."""
    if kwargs.get("raw") or kwargs.get("created"):
        return
    with transaction.atomic():
        # Without a job: the worker may be here before the move, when the old privacy still holds.
        for document in _documents_in(instance):
            hide_object(document)
        outbox.enqueue(COLLECTION, {"pk": instance.pk}, key=str(instance.pk), delay=_AFTER_THE_MOVE)


def on_restriction_changed(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Hide what lies in a collection whose privacy changed, until the worker has looked who may find it now."""
    # From the groups' side the many-to-many signal may name a group instead.
    if not isinstance(instance, CollectionViewRestriction):
        return
    collection = Collection.objects.filter(pk=instance.collection_id).first()
    if collection is not None:
        with transaction.atomic():
            for document in _documents_in(collection):
                remove_object(document)


@outbox.handler(COLLECTION)
def deliver_collection(message: OutboxMessage) -> None:
    """Describe what lies in a collection, wherever that lies now."""
    collection = Collection.objects.filter(pk=message.payload["pk"]).first()
    if collection is not None:
        tell_search(_documents_in(collection))


@hooks.register("after_bulk_action")
def on_bulk_action(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Hear of documents that were put into another collection many at a time, which sends no signal."""
    model = get_document_model()
    keys = [one.pk for one in objects if isinstance(one, model)]
    if keys and action_type == "add_to_collection":
        tell_search(model._default_manager.filter(pk__in=keys).select_related("collection"))


def _documents_in(collection: Collection) -> QuerySet[Any]:
    documents: QuerySet[Any] = get_document_model()._default_manager.all()
    below = collection.get_descendants(inclusive=True)
    return documents.filter(collection__in=below).select_related("collection").order_by("pk")


def connect() -> None:
    """Connect all of them; called once when the app is ready."""
    post_save.connect(on_document_saved, sender=get_document_model(), dispatch_uid="pages.document")
    post_save.connect(on_collection_saved, sender=Collection, dispatch_uid="pages.collection")
    for signal in (post_save, post_delete):
        signal.connect(on_restriction_changed, sender=CollectionViewRestriction, dispatch_uid="pages.restriction")
    m2m_changed.connect(
        on_restriction_changed, sender=CollectionViewRestriction.groups.through, dispatch_uid="pages.restriction"
    )
