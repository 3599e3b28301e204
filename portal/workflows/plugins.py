"""Third-party packages: each entry point of the group names a function that takes the registry and adds to it."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from django.core.exceptions import ImproperlyConfigured

GROUP = "kompetenceportalen.workflows"


def load(registry: Any, group: str = GROUP) -> list[str]:
    """Let every installed package of a group register, in the order of their names, and return these.

    Raises:
        ImproperlyConfigured: one of them fails. A portal that starts without it would refuse its cases one by one later.
    """
    found = sorted(entry_points(group=group), key=lambda point: point.name)
    for point in found:
        _load(point, registry)
    return [point.name for point in found]


def _load(point: EntryPoint, registry: Any) -> None:
    try:
        point.load()(registry)
    except Exception as error:
        origin = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        raise ImproperlyConfigured(f"The workflow extension {point.name!r} ({origin}) cannot start: {error}") from error
