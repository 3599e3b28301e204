"""What names are ranked by, beside the words themselves: it forgives endings, another order and slips of the pen."""

from collections.abc import Iterable
from dataclasses import dataclass

from search.danish.compounds import parts
from search.danish.normalise import STOP_WORDS, clean, words

# A beginning of five letters stands for a part of a compound in all its forms.
_PIECE = 5
_GRAM = 3
# Stands for a space in a group of letters; in no folded word.
_SPACE = "_"


@dataclass(frozen=True, slots=True)
class RankTokens:
    """What names are ranked by, each with its weight: pieces of compounds (cut short), and groups of three letters."""

    pieces: tuple[tuple[str, float], ...] = ()
    grams: tuple[tuple[str, float], ...] = ()


NOTHING_RANKED = RankTokens()


def rank_tokens(text: str) -> RankTokens:
    """Return what a name, or a question that is about names, is ranked by; each once, with weight 1."""
    found = words(clean(text))
    telling = [word for word in found if word not in STOP_WORDS]
    pieces = (part[:_PIECE] for word in telling for part in parts(word))
    line = _SPACE + _SPACE.join(found) + _SPACE
    grams = (line[start : start + _GRAM] for start in range(len(line) - _GRAM + 1)) if found else ()
    return RankTokens(_once(pieces), _once(grams))


def _once(found: Iterable[str]) -> tuple[tuple[str, float], ...]:
    return tuple((token, 1.0) for token in dict.fromkeys(found))
