"""What counts as a word, and how it is compared."""

import re
import unicodedata
from typing import Final

_LONGEST_WORD = 64
# Control characters part words; soft hyphens, zero-width and direction marks stand inside them. No database takes a
# lone surrogate, and PostgreSQL takes no NUL.
_PARTS_WORDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_SPACE = re.compile(r"\s+")
WORD: Final = re.compile(r"[^\W_]+")
_TO_DIGRAPH = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
_TO_LETTER = (("ae", "æ"), ("oe", "ø"), ("aa", "å"))
STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "af at de den der det du eller en er et for fra har hos i jeg jer man med men mod nu og om os på som så til ved vi",
    )
)
# Words that change another one's meaning when they stand before it.
PARTICLES: Final = STOP_WORDS | frozenset(
    re.findall(
        r"\w+",
        "bag bort efter foran frem gennem hen igen imellem imod inde ind mellem ned over sam tilbage ude ud uden under",
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
