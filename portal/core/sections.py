"""The registry by which an upper package adds to a place that a lower one draws.

A profile page shows courses, meetings and the widget, all of which live above it. A string that hides an upward import
from the linter is still one; here the upper package calls down instead. A place is named by the app that draws it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from portal.core.page_cache.policy import forbid

PLACES = frozenset(
    {
        "pages.home",
        "profiles.profile",
        "profiles.competence",
        "assessment.result",
        "pages.project",
        "desk.municipality",
        "desk.my_page",
        "admin.dashboard",
        "admin.page_editor",
        "site.menu",
    }
)


@dataclass(frozen=True, slots=True)
class Section:
    """What a provider hands to the place: a heading, an anchor and a template of the provider's own package."""

    title: str
    anchor: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    # The place may name it in its contents list; an action box has no entry of its own.
    in_contents: bool = True
    # A narrow box that may stand beside the section before it, where the place is wide enough.
    beside: bool = False


Provider = Callable[[HttpRequest, Any], Section | None]


@dataclass(frozen=True, slots=True)
class _Registration:
    order: int
    key: str
    provider: Provider
    cacheable: bool


_registry: dict[str, dict[str, _Registration]] = {}


def register(place: str, key: str, provider: Provider, *, order: int, cacheable: bool = True) -> None:
    """Add a section to a place; call it from `AppConfig.ready`. Lower `order` stands first.

    `cacheable=False` says that the section depends on the asker, so the page it stands on is not stored.

    Raises:
        ValueError: the place is unknown, or the key is taken by another provider.
    """
    if place not in PLACES:
        raise ValueError(f"Unknown section place {place!r}.")
    taken = _registry.setdefault(place, {}).get(key)
    if taken is not None and taken.provider is not provider:
        raise ValueError(f"Section {key!r} of {place!r} is registered already.")
    _registry[place][key] = _Registration(order, key, provider, cacheable)


def collect(place: str, request: HttpRequest, obj: Any = None) -> list[Section]:
    """Return the sections of a place for one object, in order; a provider that has nothing to show returns None."""
    if not is_cacheable(place):
        forbid(request)
    registrations = sorted(_registry.get(place, {}).values(), key=lambda item: (item.order, item.key))
    sections = (registration.provider(request, obj) for registration in registrations)
    return [section for section in sections if section is not None]


def is_cacheable(place: str) -> bool:
    """Tell whether every section of the place is the same for every asker."""
    return all(registration.cacheable for registration in _registry.get(place, {}).values())
