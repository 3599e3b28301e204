"""Conditions: where one holds, a step is passed by; and a policy may be for the pages of which one holds."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from wagtail.models import Site

from portal.editorial import compare
from portal.editorial.registry import EditorialRegistry, Moment

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PageType:
    """A page type as "app.Model"; types built on it count as well."""

    type: str

    def __post_init__(self) -> None:
        try:
            apps.get_model(self.type)
        except (LookupError, ValueError):
            raise ValueError(f"there is no page type {self.type!r}; write it as app.Model") from None


@dataclass(frozen=True, slots=True)
class Section:
    """An address below the site's root: "/profiler/"."""

    path: str

    def __post_init__(self) -> None:
        if not (self.path.startswith("/") and self.path.endswith("/")):
            raise ValueError(f"a section begins and ends with a slash, and {self.path!r} does not")


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """The kind of change that the editor declares."""

    kind: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """A party's key."""

    party: str


@dataclass(frozen=True, slots=True)
class SmallChange:
    """How many per cent of the words may be new or gone, counted by the longer of the two versions."""

    most: int

    def __post_init__(self) -> None:
        if not 1 <= self.most <= 100:
            raise ValueError("'most' is a percentage between 1 and 100")


def page_type_is(moment: Moment, given: PageType) -> bool:
    """Hold for pages of the type."""
    return isinstance(moment.page, apps.get_model(given.type))


def section_is(moment: Moment, given: Section) -> bool:
    """Hold for the page at the address and for those below it."""
    return f"{below_root(moment.page)}".startswith(given.path)


def below_root(page: Any) -> str:
    """Return a page's address below the root of the site that it is in."""
    roots = [root.root_path for root in Site.get_site_root_paths() if page.url_path.startswith(root.root_path)]
    return f"/{page.url_path.removeprefix(max(roots, key=len, default='/'))}"


def change_is(moment: Moment, given: ChangeKind) -> bool:
    """Hold where the editor has declared this kind of change."""
    return bool(moment.page.change_kind() == given.kind)


def publisher_is(moment: Moment, given: Publisher) -> bool:
    """Hold where the party is among those that publish the page."""
    return given.party in moment.page.publisher_keys()


def is_first_publication(moment: Moment, given: Any) -> bool:
    """Hold for a page that nobody has seen yet."""
    return moment.page.first_published_at is None


def small_change(moment: Moment, given: SmallChange) -> bool:
    """Hold where hardly a word differs from what the public reads; never for a page that nobody can read yet.

    It counts words and knows nothing of their weight: a requirement raised by a level is one word. A way that leaves out
    people belongs to a declared kind of change, which is compared with the content.
    """
    live = type(moment.page)._default_manager.filter(pk=moment.page.pk, live=True).first()
    if live is None:
        return False
    before, after = _words(compare.live_parts_of(live)), _words(compare.parts_of(moment.page))
    longest = max(before.total(), after.total())
    differing = max((before - after).total(), (after - before).total())
    return differing * 100 <= given.most * longest


def _words(parts: list[dict[str, str]]) -> Counter[str]:
    return Counter(word for part in parts for word in _WORD.findall(part["text"].casefold()))


def register(registry: EditorialRegistry) -> None:
    """Register the conditions."""
    registry.condition("page_type_is", PageType)(page_type_is)
    registry.condition("section_is", Section)(section_is)
    registry.condition("change_is", ChangeKind)(change_is)
    registry.condition("publisher_is", Publisher)(publisher_is)
    registry.condition("is_first_publication")(is_first_publication)
    registry.condition("small_change", SmallChange)(small_change)
