"""Icons of the design system, written into the page: only those in use travel, and none is pasted into our templates."""

import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DRAWING = re.compile(r'<svg [^>]*viewBox="(?P<box>[-0-9. ]+)"[^>]*>(?P<shapes>(?:<path [^<>]*/>)+)</svg>\s*')
_ATTRIBUTES_THAT_RUN = re.compile(r"\b(on\w+|style|href)=")


def _source(name: str) -> str:
    path = f"dkfds/img/svg-icons/{name}.svg"
    found = finders.find(path)
    if found:
        return Path(found).read_text(encoding="utf-8")
    # A container may hold the collected files only.
    with staticfiles_storage.open(path) as collected:
        return str(collected.read().decode())


@lru_cache(maxsize=256)
def drawing(name: str) -> SafeString:
    """Return an icon as inline SVG, hidden from screen readers: the word beside it says what it means.

    Raises:
        ValueError: the design system has no such icon, or its file holds more than paths.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of an icon.")
    try:
        source = _source(name)
    except FileNotFoundError as error:
        raise ValueError(f"The design system has no icon {name!r}.") from error
    match = _DRAWING.fullmatch(source)
    if match is None or _ATTRIBUTES_THAT_RUN.search(match["shapes"]):
        raise ValueError(f"The icon {name!r} holds more than paths.")
    return format_html(
        '<svg class="icon-svg" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>',
        match["box"],
        mark_safe(match["shapes"]),  # noqa: S308 - paths only, checked above
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the design system: `{% icon "print" %}`."""
    return drawing(name)
