"""Danish words made once, in Python, for every engine; the engines split at spaces and do nothing else.

Folding and stemming happen on both sides, so that "Ældrepleje", "aeldrepleje" and "ÆLDREPLEJE" are one word whatever the
database thinks of the letter å. A stem stands beside its word with a mark in front, so that the two never meet by accident.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_CHARACTERS: Final = 200
MAX_WORDS: Final = 12
STEM_MARK: Final = "="

_LONGEST_WORD = 64
_SHORTEST_PREFIX = 2
# Control characters part words; soft hyphens, zero-width and direction marks stand inside them. No database takes a
# lone surrogate, and PostgreSQL takes no NUL.
_PARTS_WORDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_SPACE = re.compile(r"\s+")
WORD: Final = re.compile(r"[^\W_]+")
_TO_DIGRAPH = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
_TO_LETTER = (("ae", "æ"), ("oe", "ø"), ("aa", "å"))
_STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "af at de den der det du eller en er et for fra har hos i jeg jer man med men mod nu og om os på som så til ved vi",
    )
)


def clean(text: str) -> str:
    """Return text that can be stored and shown anywhere: composed letters, no control or invisible characters."""
    text = _INVISIBLE.sub("", _PARTS_WORDS.sub(" ", text))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(word: str) -> str:
    """Return the word as it is compared: lower case, ae/oe/aa as æ/ø/å, ä and ö as æ and ø, no other accents."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(_TO_DIGRAPH)).lower()
    plain = "".join(WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))
    for digraph, letter in _TO_LETTER:
        plain = plain.replace(digraph, letter)
    return plain[:_LONGEST_WORD]


def words(text: str) -> list[str]:
    """Return the folded words of a text that is `clean`."""
    return [folded for match in WORD.finditer(text) if (folded := fold(match[0]))]


def tokens(text: str, limit: int) -> list[tuple[str, ...]]:
    """Return what is indexed for each word, at most `limit` words: the word and its marked stem."""
    return [(word, STEM_MARK + stem(word)) for word in words(text)[:limit]]


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is looked for; the last one is matched by its beginning, since it may be half typed."""

    word: str
    stem: str
    prefix: bool = False

    def matches(self, word: str) -> bool:
        """Tell whether a folded word of a text is what is looked for."""
        return word == self.word or (self.prefix and word.startswith(self.word)) or stem(word) == self.stem


def terms(text: str) -> tuple[Term, ...]:
    """Return what to look for: at most 12 words of the first 200 characters, without words that every text holds."""
    found = words(clean(text[: MAX_CHARACTERS * 4])[:MAX_CHARACTERS])[:MAX_WORDS]
    # Without repeats, in order.
    found = list(dict.fromkeys(found))
    telling = [word for word in found if word not in _STOP_WORDS] or found
    last = len(telling) - 1
    return tuple(
        Term(word, stem(word), prefix=place == last and len(word) >= _SHORTEST_PREFIX)
        for place, word in enumerate(telling)
    )


# --- The Snowball algorithm for Danish (snowballstem.org/algorithms/danish/stemmer.html) ----------------------------

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
