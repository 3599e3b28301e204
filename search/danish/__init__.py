"""Danish words made once, in Python, for every engine; the engines split at spaces and do nothing else.

Folding, stemming and the parting of compounds happen on both sides, so that "Ældrepleje", "aeldrepleje" and "ÆLDREPLEJE"
are one word whatever the database thinks of the letter å. A stem stands beside its word with a mark in front, so that the
two never meet by accident; the parts of a compound stand there as stems, too.
"""

from search.danish.compounds import parts
from search.danish.normalise import STOP_WORDS, WORD, clean, fold, words
from search.danish.ranks import NOTHING_RANKED, RankTokens, rank_tokens
from search.danish.stems import stem
from search.danish.terms import (
    MAX_CHARACTERS,
    MAX_WORDS,
    STEM_MARK,
    TOKENS_VERSION,
    Term,
    Way,
    slips,
    term,
    terms,
    tokens,
    word_tokens,
)

__all__ = [
    "MAX_CHARACTERS",
    "MAX_WORDS",
    "NOTHING_RANKED",
    "STEM_MARK",
    "STOP_WORDS",
    "TOKENS_VERSION",
    "WORD",
    "RankTokens",
    "Term",
    "Way",
    "clean",
    "fold",
    "parts",
    "rank_tokens",
    "slips",
    "stem",
    "term",
    "terms",
    "tokens",
    "word_tokens",
    "words",
]
