"""Keep search in step with what has no publishing of its own: the contact cards."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from portal.contacts.api import ContactCard
from search.api import reindex_object, remove_object


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def contact_saved(request: HttpRequest, instance: Any) -> None:
    """Describe the card anew."""
    if isinstance(instance, ContactCard):
        reindex_object(instance)


@hooks.register("before_delete_snippet")
def contact_deleted(request: HttpRequest, instances: Iterable[Any]) -> None:
    """Forget the cards while they still have a key; looking at the question changes nothing."""
    if request.method != "POST":
        return
    for instance in instances:
        if isinstance(instance, ContactCard):
            remove_object(instance)
