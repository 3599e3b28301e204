"""The key by which an outside source finds the page it brought, again and again."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyedPageMixin(models.Model):
    """A page with a key that an import or the example content gave it; a page made by hand has none.

    The key belongs to one page: a copy or an alias does not take it over, and no revision brings another one back. The page
    type states the uniqueness in its own `Meta`.
    """

    key = models.SlugField(_("key"), max_length=100, blank=True, editable=False)

    class Meta:
        abstract = True

    def copy_all_child_relations(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """Copy the children; a page that is about to be made does not take over who this one is."""
        if target.pk is None:
            target.key = ""
        return super().copy_all_child_relations(target, *args, **kwargs)  # type: ignore[misc]

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """Restore a revision without its key."""
        page = super().with_content_json(content)  # type: ignore[misc]
        page.key = self.key
        return page
