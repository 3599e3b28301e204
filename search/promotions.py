"""What editors put first for certain words."""

from functools import lru_cache
from typing import Final

from django.utils import timezone

from search import kept
from search.danish import MAX_CHARACTERS
from search.kept import Promoted
from search.phrases import Key, key_of, telling
from search.sources import source_of

MOST: Final = 3


def promoted_for(text: str) -> tuple[str, ...]:
    """Return the promoted objects for a question, as "source:object", the most important first and each once.

    Whether the asker may see them is for the index to say: nothing here knows whether a page is published or private.
    """
    due = _by_words(kept.current().promotions).get(_key(text[:MAX_CHARACTERS]), ())
    if not due:
        return ()
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    found = (_reference(promotion) for promotion in due if promotion.is_due(today))
    return tuple(dict.fromkeys(reference for reference in found if reference))[:MOST]


def _key(text: str) -> Key:
    """Return what questions are compared by: their telling words in any order and any form."""
    return tuple(sorted(set(key_of(telling(text)))))


@lru_cache(maxsize=2)
def _by_words(promotions: tuple[Promoted, ...]) -> dict[Key, tuple[Promoted, ...]]:
    found: dict[Key, list[Promoted]] = {}
    for promotion in promotions:
        for key in dict.fromkeys(_key(query) for query in promotion.queries):
            if key:
                found.setdefault(key, []).append(promotion)
    return {key: tuple(some) for key, some in found.items()}


def _reference(promotion: Promoted) -> str:
    source = source_of(promotion.model) if promotion.model is not None else None
    return f"{source.name}:{promotion.page}" if source is not None else ""
