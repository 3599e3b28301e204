"""The Snowball algorithm for Danish (snowballstem.org/algorithms/danish/stemmer.html)."""

import re
from functools import lru_cache

_VOWELS = frozenset("aeiouyæåø")
_ENDINGS = sorted(
    re.findall(
        r"\w+",
        "hed ethed ered e erede ende erende ene erne ere en heden eren er heder erer heds es endes erendes enes ernes eres "
        "ens hedens erens ers ets erets et eret",
    ),
    key=len,
    reverse=True,
)
_BEFORE_S = frozenset("abcdfghjklmnoprtvyzå")
_PAIRS = ("gd", "dt", "gt", "kt")
_ADJECTIVES = ("elig", "lig", "ig", "els")


@lru_cache(50_000)
def stem(word: str) -> str:
    """Return the stem of a folded word; a light one, for inflection rather than meaning."""
    start = _region(word)
    word = _without_inflection(word, start)
    word = _without_pair(word, start)
    if word.endswith("igst"):
        word = word[:-2]
    if word.endswith("løst") and len(word) - 4 >= start:
        word = word[:-1]
    elif ending := next((e for e in _ADJECTIVES if word.endswith(e) and len(word) - len(e) >= start), ""):
        word = _without_pair(word[: -len(ending)], start)
    is_double = len(word) > start and len(word) > 1 and word[-1] == word[-2] and word[-1] not in _VOWELS
    return word[:-1] if is_double and len(word) - 1 >= start else word


def _region(word: str) -> int:
    """Return where endings may begin: after the first consonant that follows a vowel, and never before the third letter."""
    for place in range(1, len(word)):
        if word[place] not in _VOWELS and word[place - 1] in _VOWELS:
            return max(place + 1, 3)
    return len(word)


def _without_inflection(word: str, start: int) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= start:
            return word[: -len(ending)]
    if word.endswith("s") and len(word) - 1 >= start and word[-2] in _BEFORE_S:
        return word[:-1]
    return word


def _without_pair(word: str, start: int) -> str:
    return word[:-1] if word.endswith(_PAIRS) and len(word) - 2 >= start else word
