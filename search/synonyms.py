"""Other words for the same thing: editors' rules, and the abbreviations that the portal knows.

They are looked up when somebody searches and are one step each; what a rule leads to is not looked up again.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from search import kept
from search.abbreviations import ABBREVIATIONS
from search.danish import STOP_WORDS
from search.phrases import MOST_OTHERS, Key, Rule, key_of, telling

# Below what was typed; what editors wrote counts more than what everybody knows.
RULE_WEIGHT: Final = 0.8
ABBREVIATION_WEIGHT: Final = 0.7
# In one question, so that no text and no rules make a question without end.
MOST_EXPANSIONS: Final = 24


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words of a question that can be said otherwise: `length` of them from `start`."""

    start: int
    length: int
    words: tuple[str, ...]
    weight: float


# By the stem of the first word: the stems of a phrase, and what can be said for it.
_Table = dict[str, dict[Key, tuple[tuple[tuple[str, ...], float], ...]]]

_overriding: ContextVar[tuple[Rule, ...] | None] = ContextVar("search_rules", default=None)


def expansions(words: tuple[str, ...]) -> tuple[Expansion, ...]:
    """Return the other words for these folded words of a question, the first place first."""
    told = [place for place, word in enumerate(words) if word not in STOP_WORDS]
    stems = key_of([words[place] for place in told])
    rules = _overriding.get()
    table = _table(kept.current().rules if rules is None else rules)
    found = [
        Expansion(told[at], told[at + len(key) - 1] - told[at] + 1, others, weight)
        for at, first in enumerate(stems)
        for key, ways in table.get(first, {}).items()
        if stems[at : at + len(key)] == key
        for others, weight in ways
    ]
    return tuple(found[:MOST_EXPANSIONS])


@contextmanager
def overridden(rules: Iterable[Rule]) -> Iterator[None]:
    """Search with these rules instead of the ones in force, in this thread, without storing anything."""
    token = _overriding.set(tuple(rules))
    try:
        yield
    finally:
        _overriding.reset(token)


@lru_cache(maxsize=4)
def _table(rules: tuple[Rule, ...]) -> _Table:
    """Return what is looked up; made once for the rules in force, and once for each preview."""
    by_key: dict[Key, dict[Key, tuple[tuple[str, ...], float]]] = {}
    for rule in rules:
        for phrase, other in rule.pairs():
            _add(by_key, phrase, other, RULE_WEIGHT)
    # An editors' rule about a word takes the place of what the portal knows about it.
    kept_by_editors = frozenset(by_key)
    for short, long in ABBREVIATIONS:
        for phrase, other in ((short, long), (long, short)):
            if key_of(telling(phrase)) not in kept_by_editors:
                _add(by_key, phrase, other, ABBREVIATION_WEIGHT)
    table: _Table = {}
    for key, others in by_key.items():
        table.setdefault(key[0], {})[key] = tuple(list(others.values())[:MOST_OTHERS])
    return table


def _add(by_key: dict[Key, dict[Key, tuple[tuple[str, ...], float]]], phrase: str, other: str, weight: float) -> None:
    key, others = key_of(telling(phrase)), telling(other)
    # A rule that was stored before a word became a stop word says nothing any more.
    if key and others:
        by_key.setdefault(key, {}).setdefault(key_of(others), (others, weight))
