"""What is indexed for a text, and what is looked for when somebody types."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from search.danish.compounds import parts
from search.danish.normalise import PARTICLES, STOP_WORDS, clean, words
from search.danish.stems import stem

MAX_CHARACTERS: Final = 200
MAX_WORDS: Final = 12
STEM_MARK: Final = "="
# Raised with every change of what a text becomes: what was indexed under another number is written again.
TOKENS_VERSION: Final = 3

_SHORTEST_PREFIX = 2
# Letters in which a slip is looked for; what comes later is not compared.
_LONGEST_SLIP = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"
# Parts that stand apart from each other say less than the word itself.
_STEM_WEIGHT = 0.9
_PARTS_WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a document can have a term: all of these tokens, the only one as a beginning if `prefix`."""

    tokens: tuple[str, ...]
    weight: float = 1.0
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is looked for; the last one is matched by its beginning, since it may be half typed."""

    word: str
    stem: str
    prefix: bool = False
    # At least one: a document has the term if it has one of them.
    ways: tuple[Way, ...] = field(default=())

    def matches(self, word: str) -> bool:
        """Tell whether a folded word of a text is what is looked for, or all of one part of it.

        "borgerkontakt" is in "borgerkontakter" and "borgeren", and not in "borgerservice".
        """
        return self.is_in(word) or any(STEM_MARK + stem(word) in way.tokens for way in self.ways)

    def is_in(self, word: str) -> bool:
        """Tell whether a folded word has all that one of the ways needs."""
        has = word_tokens(word)
        return any(
            all(token in has or (way.prefix and word.startswith(token)) for token in way.tokens) for way in self.ways
        )


@lru_cache(50_000)
def word_tokens(word: str) -> tuple[str, ...]:
    """Return what is indexed for a folded word: itself, its marked stem, and the stems of what it is put together from."""
    return tuple(dict.fromkeys((word, STEM_MARK + stem(word), *_part_stems(word))))


def tokens(text: str, limit: int) -> list[tuple[str, ...]]:
    """Return what is indexed for each word of a text that is `clean`, at most `limit` words."""
    return [word_tokens(word) for word in words(text)[:limit]]


def term(word: str, *, prefix: bool = False) -> Term:
    """Return the folded word as something to look for, in all the ways that Danish offers."""
    ways = [Way((word,), prefix=prefix), Way((STEM_MARK + stem(word),), _STEM_WEIGHT)]
    if together := _part_stems(word):
        ways.append(Way(together, _PARTS_WEIGHT))
    return Term(word, stem(word), prefix, tuple(ways))


def terms(text: str) -> tuple[Term, ...]:
    """Return what to look for: at most 12 words of the first 200 characters, without words that every text holds."""
    found = words(clean(text[: MAX_CHARACTERS * 4])[:MAX_CHARACTERS])[:MAX_WORDS]
    # Without repeats, in order.
    found = list(dict.fromkeys(found))
    telling = [word for word in found if word not in STOP_WORDS] or found
    last = len(telling) - 1
    return tuple(
        term(word, prefix=place == last and len(word) >= _SHORTEST_PREFIX) for place, word in enumerate(telling)
    )


def slips(beginning: str) -> tuple[str, ...]:
    """Return what may have been meant by the beginning of a word: one letter after the first another, missing, too many, or
    changed with the next.
    """
    start = beginning[:_LONGEST_SLIP]
    meant: dict[str, None] = {}
    for place in range(1, len(start)):
        before, after = start[:place], start[place + 1 :]
        meant |= dict.fromkeys(before + letter + after for letter in _LETTERS)
        meant |= dict.fromkeys(before + letter + start[place:] for letter in _LETTERS)
        if len(start) > _SHORTEST_PREFIX:
            meant |= dict.fromkeys((before + after, before + after[:1] + start[place] + after[1:]))
    return tuple(word for word in meant if word != start)


def _part_stems(word: str) -> tuple[str, ...]:
    """Return nothing for "fremstilling" or "medarbejder", either: they are about neither "stilling" nor "arbejder"."""
    found = parts(word)
    if len(found) == 1 or not PARTICLES.isdisjoint(found):
        return ()
    return tuple(dict.fromkeys(STEM_MARK + stem(part) for part in found))
