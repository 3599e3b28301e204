"""Which searches may be counted at all: never one that looks like a person or like somebody's story."""

import re
from itertools import pairwise
from typing import Final

from search.danish import MAX_CHARACTERS, STOP_WORDS, clean, words
from search.usage.names import is_given_name, is_surname

LONGEST: Final = 80
_MOST_WORDS = 6
# A CPR number, a telephone number, a case number, a birthday: a year or a paragraph has fewer digits.
_MOST_DIGITS = 5
_ADDRESS = re.compile(r"@|://|www\.", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_WRITTEN = re.compile(r"[^\W\d_]+\.?")
# Of folded words: "allé" is "alle" there. Not "lund", "høj" and "havn": municipalities are called so, with a year behind.
_STREET = re.compile(
    r"(?:vej(?:en)?|gaden?|alle(?:en)?|strædet?|plads(?:en)?|boulevard(?:en)?|torv(?:et)?|sti(?:en)?|vænget?|park(?:en)?|"
    r"bakken?|toften|lunden|brinken|haven|kaj(?:en)?|gård(?:en)?)$"
)


def countable(text: str) -> str:
    """Return the search as it is counted: its folded words. Empty for one that is not counted."""
    text = clean(text[: MAX_CHARACTERS * 4])
    if len(_DIGIT.findall(text)) > _MOST_DIGITS or _ADDRESS.search(text) or looks_like_a_person(text):
        return ""
    found = words(text)
    counted = " ".join(found)
    if (
        len(found) > _MOST_WORDS
        or len(text) > LONGEST
        or len(counted) > LONGEST
        or all(word in STOP_WORDS for word in found)
    ):
        return ""
    return counted


def looks_like_a_person(text: str) -> bool:
    """Tell whether a name or an address of a house may stand in the text; it would rather lose a search than keep one."""
    folded, written = [word for word in words(text) if word != "nr"], _WRITTEN.findall(text)
    return (
        any(is_surname(word) for word in folded)
        or (len(folded) > 1 and any(is_given_name(word) for word in folded))
        or any(_is_name(first, second) for first, second in pairwise(written))
        or any(_STREET.search(word) and after[:1].isdigit() for word, after in pairwise(folded))
    )


def _is_name(first: str, second: str) -> bool:
    """Tell whether two words stand there as a name is written: "Mette Bjerregaard", "M. Bjerregaard"."""
    return _is_capitalised(first) and _is_capitalised(second) and not (first.endswith(".") and second.endswith("."))


def _is_capitalised(word: str) -> bool:
    is_initial = len(word) == 2 and word.endswith(".")
    return word[:1].isupper() and (is_initial or not word.isupper())
