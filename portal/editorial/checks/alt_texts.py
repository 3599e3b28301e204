"""Pictures must say in words what they show (WCAG 2.2, criterion 1.1.1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.editorial.checks import rich_text
from portal.editorial.checks.walk import Image, Place, Rich, walk
from portal.editorial.registry import Finding, Moment

_FILE_NAME = re.compile(r"\.(jpe?g|png|gif|webp|svg|tiff?|bmp|heic|avif)$", re.IGNORECASE)
# What cameras and phones call a file: IMG_2041, DSC00312, Screenshot 2026-03-01.
_CAMERA = re.compile(
    r"^(img|dsc[fn]?|pict?|image|photo|screenshot|skærmbillede|scan)[\s_-]*[\d\s_.:-]*$", re.IGNORECASE
)
_EMPTY_WORDS = frozenset(
    {"billede", "foto", "fotografi", "illustration", "grafik", "picture", "picture of", "billede af"}
)


@dataclass(frozen=True, slots=True)
class AltTexts:
    """`empty_stops`: whether an empty text stops; otherwise it is asked whether the picture is pure decoration."""

    empty_stops: bool = False


def alt_texts(moment: Moment, given: AltTexts) -> Iterator[Finding]:
    """Yield pictures without a text, and those whose text is no description."""
    for place, alt, decorative in _pictures(moment.page):
        if says_nothing(alt):
            message = _("“%(text)s” does not say what the picture shows. Describe it in one sentence.")
            yield place.finding(message % {"text": alt.strip()})
        elif not alt.strip() and not decorative:
            yield place.finding(_missing(given), stops=given.empty_stops)


def _missing(given: AltTexts) -> str:
    if given.empty_stops:
        return _("the picture has no text alternative. Write in one sentence what it shows.")
    return _("the picture has no text alternative. Write what it shows, unless it is pure decoration.")


def _pictures(page: Any) -> Iterator[tuple[Place, str, bool]]:
    for piece in walk(page):
        if isinstance(piece, Image):
            yield piece.place, piece.alt, piece.decorative
        elif isinstance(piece, Rich):
            for picture in rich_text.read(piece.source).pictures:
                yield piece.place, picture.alt or "", False


def says_nothing(alt: str) -> bool:
    """Tell whether a text is a file's name, or a word that fits every picture."""
    text = alt.strip()
    bare = text.rstrip(" .:").lower()
    return bool(text) and bool(_FILE_NAME.search(text) or _CAMERA.match(text) or bare in _EMPTY_WORDS)
