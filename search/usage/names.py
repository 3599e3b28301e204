"""Frequent Danish names, to leave searches for people out of the counts; names that are everyday words are not among them.

A search with a surname, or with a given name and another word, is not counted; what is not known here meets the threshold.
"""

from pathlib import Path
from typing import Final

from search.danish import fold


def _lists() -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for line in (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            names = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            # As they are compared: "aagaard" is "ågård" there.
            names.extend(fold(name) for name in line.split())
    return {title: frozenset(some) for title, some in found.items()}


_NAMES: Final = _lists()
SURNAMES: Final = _NAMES["surnames"]
GIVEN_NAMES: Final = _NAMES["given names"]


def is_surname(word: str) -> bool:
    """Tell whether a folded word is a known surname, or says whose something is."""
    return _is_among(SURNAMES, word)


def is_given_name(word: str) -> bool:
    """Tell whether a folded word is a known given name, or says whose something is."""
    return _is_among(GIVEN_NAMES, word)


def _is_among(names: frozenset[str], word: str) -> bool:
    return word in names or word.removesuffix("s") in names
