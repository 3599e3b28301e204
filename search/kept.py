"""What editors keep, held in the memory of each process and read again when it has changed.

One row of the database (`EditorialVersion`) holds a word that is drawn anew with every change. A process asks for it at
most once in `SEARCH_WORDS_MAX_AGE` seconds, and reads the rules only if it is another one; so a change is in force
everywhere after that time at the latest, in the process that made it at once, and nothing needs to be indexed or restarted.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from search.phrases import Rule, phrases

_ROW = 1


@dataclass(frozen=True, slots=True)
class Promoted:
    """A page that stands first for certain searches, from one day to another."""

    queries: tuple[str, ...]
    page: int
    # The page's type; None for one that the code no longer has.
    model: type[Any] | None
    starts_on: date | None
    ends_on: date | None

    def is_due(self, day: date) -> bool:
        """Tell whether it is in force on a day, the first and the last one included."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Kept:
    """The rules and the promotions that are in force."""

    rules: tuple[Rule, ...]
    promotions: tuple[Promoted, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    kept: Kept
    # By the monotonic clock.
    asked: float


_held: _Held | None = None


def current() -> Kept:
    """Return what is in force; the same object as long as nothing changes."""
    global _held  # noqa: PLW0603 - one per process is the point
    held, now = _held, time.monotonic()
    if held is not None and now - held.asked < settings.SEARCH_WORDS_MAX_AGE:
        return held.kept
    # The word first: what changes between the two questions is then read again next time, never missed.
    token = _token()
    kept = held.kept if held is not None and held.token == token else _read()
    _held = _Held(token, kept, now)
    return kept


def forget() -> None:
    """Ask again at the next search."""
    global _held  # noqa: PLW0603
    _held = None


def changed() -> None:
    """Draw a new word, in the transaction of the change."""
    from search.models.editorial import EditorialVersion

    EditorialVersion.objects.update_or_create(pk=_ROW, defaults={"token": uuid4().hex})
    transaction.on_commit(forget)


def _token() -> str:
    from search.models.editorial import EditorialVersion

    return EditorialVersion.objects.filter(pk=_ROW).values_list("token", flat=True).first() or ""


def _read() -> Kept:
    from search.models.editorial import Promotion, Synonym

    promotions = Promotion.objects.filter(active=True).select_related("page").order_by("position", "pk")
    return Kept(
        rules=tuple(synonym.rule for synonym in Synonym.objects.filter(active=True).order_by("pk")),
        promotions=tuple(
            Promoted(tuple(phrases(row.queries)), row.page_id, row.page.specific_class, row.starts_on, row.ends_on)
            for row in promotions
        ),
    )


def connect(models: Iterable[type[Any]]) -> None:
    """Draw a new word after every change of these models, whatever way it took: a page's deletion takes promotions along."""
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_on_change, sender=model, dispatch_uid=f"search.kept.{model.__name__}")


def _on_change(**kwargs: Any) -> None:
    changed()
