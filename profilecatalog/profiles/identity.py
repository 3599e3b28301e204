"""Keep the identity of a profile's parts apart from the page it was copied from.

An item's uuid is stable over drafts, publishing and restored revisions of its own page, and new on any other page: a copy,
an alias, a translation. It is *derived* from the old one and the new page, because Wagtail copies the rows once and every
revision besides, and all of them must agree about who is who.
"""

import copy
import uuid
from typing import Any

from django.db import models

from portal.core.keys import KeyedPageMixin


def renewed(old: uuid.UUID | str, page: Any) -> uuid.UUID:
    """Return the uuid that a part has on another page."""
    return uuid.uuid5(page.translation_key, f"{page.locale_id}:{old}")


def is_of_another_page(content: dict[str, Any], page: Any) -> bool:
    """Tell whether a revision's content was copied along from the page that this one was made from."""
    if "translation_key" not in content:
        return False
    return (content["translation_key"], content.get("locale")) != (str(page.translation_key), page.locale_id)


def adopted(content: dict[str, Any], page: Any) -> dict[str, Any]:
    """Return a copied revision's content as this page's own.

    Wagtail maps the keys of copied children one level deep only; an item of a group would keep the key of the original's
    row and, once published, take that row away from the original.
    """
    content = copy.deepcopy(content)
    for group in content.get("groups", []):
        group.update(pk=None, uuid=str(renewed(group["uuid"], page)))
        for item in group.get("items", []):
            item.update(pk=None, uuid=str(renewed(item["uuid"], page)))
    return content


class OwnIdentity(KeyedPageMixin):
    """A page with a uuid of its own, beside its key, and with groups of items whose identities belong to it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def copy_all_child_relations(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """Copy the children; a page that is about to be made does not take over who this one is."""
        if target.pk is None:
            target.uuid = uuid.uuid4()
        mapping = super().copy_all_child_relations(target, *args, **kwargs)
        if target.pk != self.pk:
            for group in target.groups.all():
                group.uuid = renewed(group.uuid, target)
                for item in group.items.all():
                    item.uuid = renewed(item.uuid, target)
        return mapping

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """Restore a revision; uuid and key belong to the page and never to one of its revisions."""
        own = adopted(content, self) if is_of_another_page(content, self) else content
        page = super().with_content_json(own)
        page.uuid = self.uuid
        return page
