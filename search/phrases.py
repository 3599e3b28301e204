"""The words of editors' rules: read from a field, compared as searches compare them, and refused in plain words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from search.danish import STOP_WORDS, clean, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_WORDS: Final = 4
# In one field. Each of a group of equal words has the others as its other words.
MOST_PHRASES: Final = 8
# Other words of one word or phrase, from all rules together: each costs every engine something in every search.
MOST_OTHERS: Final = 8

_BETWEEN = re.compile(r"[\n\r,;]+")

# What phrases are compared by: the stems of their telling words.
Key = tuple[str, ...]


def phrases(text: str) -> list[str]:
    """Return the phrases of a field, one from each line or between commas, as they were written."""
    return [phrase for part in _BETWEEN.split(text) if (phrase := clean(part))]


def telling(text: str) -> tuple[str, ...]:
    """Return the folded words of a phrase that say something."""
    return tuple(word for word in words(clean(text)) if word not in STOP_WORDS)


def key_of(folded: Sequence[str]) -> Key:
    """Return what folded words are compared by, so that "ledere" is "leder"."""
    return tuple(stem(word) for word in folded)


def problem_of(given: Sequence[str], *, most_words: int | None = MOST_WORDS) -> str:
    """Return what is wrong with the phrases of a field, as a sentence that says what to write; empty if nothing is."""
    if not given:
        return _("Write at least one word.")
    if len(given) > MOST_PHRASES:
        return _("Write at most %(most)s words or phrases; there are %(count)s.") % {
            "most": MOST_PHRASES,
            "count": len(given),
        }
    seen: dict[Key, str] = {}
    for phrase in given:
        key = key_of(telling(phrase))
        if not key:
            return _("“%(phrase)s” has no word that says something. Write the word that people look for.") % {
                "phrase": phrase
            }
        if most_words is not None and len(words(phrase)) > most_words:
            return _("“%(phrase)s” is too long. Write at most %(most)s words on a line.") % {
                "phrase": phrase,
                "most": most_words,
            }
        if key in seen:
            return _("“%(phrase)s” and “%(other)s” are the same word to the search. Keep one of them.") % {
                "phrase": phrase,
                "other": seen[key],
            }
        seen[key] = phrase
    return ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Words for the same thing: equal ones, or, with `means`, what else is looked for when one of `words` is typed."""

    words: tuple[str, ...]
    means: tuple[str, ...] = ()

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield each phrase with each other phrase that it leads to."""
        for phrase in self.words:
            for other in self.means or self.words:
                if key_of(telling(phrase)) != key_of(telling(other)):
                    yield phrase, other

    def clashes(self, others: "Iterable[Rule]") -> str:
        """Return why the rule cannot stand beside the other ones, as a sentence; empty if it can."""
        known = {_keys(*pair): rule for rule in others for pair in rule.pairs()}
        for phrase, other in self.pairs():
            if (rule := known.get(_keys(phrase, other))) is not None:
                return _("Another rule says already that “%(phrase)s” finds “%(other)s”: %(rule)s.") % {
                    "phrase": phrase,
                    "other": other,
                    "rule": rule,
                }
        if not any(True for _pair in self.pairs()):
            return _("The words on both sides are the same to the search. Write another word for it.")
        return self._too_many(known)

    def _too_many(self, known: dict[tuple[Key, Key], "Rule"]) -> str:
        together = {*known, *(_keys(*pair) for pair in self.pairs())}
        for phrase in self.words:
            count = sum(1 for key, _other in together if key == key_of(telling(phrase)))
            if count > MOST_OTHERS:
                return _(
                    "“%(phrase)s” would have %(count)s other words, and at most %(most)s are looked for. Take some away, "
                    "here or in another rule."
                ) % {"phrase": phrase, "count": count, "most": MOST_OTHERS}
        return ""

    def __str__(self) -> str:
        if self.means:
            return f"{', '.join(self.words)} → {', '.join(self.means)}"
        return " = ".join(self.words)


def _keys(phrase: str, other: str) -> tuple[Key, Key]:
    return key_of(telling(phrase)), key_of(telling(other))
