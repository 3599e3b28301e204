"""The second stage: the engine finds candidates, stages put the first of them in a better order.

A stage gets what the engine cannot weigh (a name typed exactly, words in the order they were typed, how near a meeting
is) and returns new scores. A learned ranker is a stage like any other: `register_stage`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp
from typing import Final

from django.utils import timezone

from search.understanding import Understood

# How many candidates are put in order; what comes later keeps the engine's.
WINDOW: Final = 100

# Beside the engine's score, which is between 0 and 1.
_EXACT_TITLE, _EXACT_NAME = 4.0, 3.0
_PHRASE = 0.3
_SOON: Final = timedelta(days=60)
_COMING, _OVER = 0.15, -0.4


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with what stages may look at; `score` is relative to the best one, which the engine gave 1."""

    key: str
    score: float
    kind: str
    title_key: str
    names: tuple[str, ...]
    starts_at: datetime | None


Stage = Callable[[Understood, Sequence[Ranked]], Sequence[Ranked]]

_stages: dict[str, Stage] = {}


def register_stage(name: str, stage: Stage) -> None:
    """Add a stage behind those that stand; call it from `AppConfig.ready`. The same name again replaces it."""
    _stages[name] = stage


def unregister_stage(name: str) -> None:
    """Take a stage out again."""
    _stages.pop(name, None)


def reordered(asked: Understood, candidates: Sequence[Ranked]) -> list[Ranked]:
    """Return the candidates after all stages, best first; equal ones keep the engine's order."""
    ranked: Sequence[Ranked] = candidates
    for stage in _stages.values():
        ranked = stage(asked, ranked)
    return sorted(ranked, key=lambda one: -one.score)


def by_name_and_time(asked: Understood, candidates: Sequence[Ranked]) -> Sequence[Ranked]:
    """Put a name that is exactly what was typed first, then phrases; a meeting that comes soon before one that is over."""
    now = timezone.now()
    return [replace(one, score=one.score + _by_name(asked, one) + _by_time(one, now)) for one in candidates]


def _by_name(asked: Understood, one: Ranked) -> float:
    if one.title_key == asked.title_key:
        return _EXACT_TITLE
    if asked.title_key in one.names:
        return _EXACT_NAME
    if " " not in asked.title_key:
        return 0.0
    phrase = any(_holds(name, asked.title_key) for name in (one.title_key, *one.names))
    return _PHRASE if phrase else 0.0


def _holds(text: str, phrase: str) -> bool:
    return f" {phrase} " in f" {text} "


def _by_time(one: Ranked, now: datetime) -> float:
    if one.starts_at is None:
        return 0.0
    if one.starts_at < now:
        return _OVER
    return _COMING * exp(-((one.starts_at - now) / _SOON))


register_stage("names and time", by_name_and_time)
