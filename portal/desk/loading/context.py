"""What every loader shares: the day, the memory of what was made, and the files."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import cached_property
from wagtail.models import Page

from portal.desk.models import ExampleObject
from portal.editorial.api import publish_imported

FOLDER = Path(__file__).resolve().parent.parent / "example"

Row = dict[str, Any]


def quiet(line: str) -> None:
    """Say nothing: the progress lines of a run that nobody watches."""


def _as_it_is(page: Page) -> None:
    """Fill nothing in: a page that was made whole."""


def read(name: str) -> Row:
    """Return the content of an example file."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass
class Loading:
    """One run of the loader.

    `key` is "kind:key", as the files write references. What has a row of memory is not made again, not even if somebody
    has deleted it since.
    """

    today: date
    say: Callable[[str], None] = quiet
    made: int = 0
    # Pages of this run whose texts are written once everything that they may link to exists.
    unfinished: list[tuple[Page, Callable[[Page], None]]] = field(default_factory=list)
    _objects: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def memory(self) -> dict[str, ExampleObject]:
        """Return what earlier runs made, by key."""
        return {row.key: row for row in ExampleObject.objects.select_related("content_type")}

    def wants(self, key: str) -> bool:
        """Tell whether it has never been loaded."""
        return key not in self.memory

    def remember(self, key: str, obj: Any, *, before: Any = None, after: Any = None) -> Any:
        """Write down that the loader made an object, or, with `before` and `after`, that it changed one."""
        content_type = ContentType.objects.get_for_model(obj)
        self.memory[key] = ExampleObject.objects.create(
            key=key, content_type=content_type, object_id=str(obj.pk), before=before, after=after
        )
        self._objects[key] = obj
        self.made += 1
        return obj

    def use(self, key: str, obj: Any) -> None:
        """Let a reference find something that was there before the loader came."""
        self._objects[key] = obj

    def find(self, key: str) -> Any:
        """Return what a reference names, or None if somebody has deleted it.

        Raises:
            LookupError: the reference names nothing that was ever loaded.
        """
        if key not in self._objects:
            if key not in self.memory:
                raise LookupError(f"The example content names {key}, which is not there.")
            self._objects[key] = self.memory[key].find()
        return self._objects[key]

    def add_page(self, key: str, parent: Page, page: Page, finish: Callable[[Page], None] | None = None) -> Page:
        """Put a page into the tree and remember it; it is published by `publish_pages`, after `finish` filled it."""
        page.live = False
        # A fresh row: treebeard counts children on the object that it is given.
        Page.objects.get(pk=parent.pk).add_child(instance=page)
        self.remember(key, page)
        self.unfinished.append((page, finish or _as_it_is))
        return page

    def publish_pages(self) -> None:
        """Fill and publish the pages of this run, on the way that an editor's page takes."""
        for page, finish in self.unfinished:
            finish(page)
            publish_imported(page=page, revision=page.save_revision(), actor=None)
        self.unfinished.clear()
