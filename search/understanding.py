"""What somebody means by what she typed: words, how each may be said otherwise, and what names are compared by."""

from dataclasses import dataclass, replace

from search.danish import (
    MAX_CHARACTERS,
    NOTHING_RANKED,
    STEM_MARK,
    RankTokens,
    Term,
    Way,
    clean,
    rank_tokens,
    terms,
    words,
)
from search.synonyms import Expansion, expansions

_MOST_WAYS = 12


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, ready for any engine."""

    # Cleaned and cut; what the page shows.
    text: str
    terms: tuple[Term, ...] = ()
    rank: RankTokens = NOTHING_RANKED
    title_key: str = ""


def understand(text: str) -> Understood:
    """Return what is asked; without terms when no word is in it."""
    text = clean(text[: MAX_CHARACTERS * 4])[:MAX_CHARACTERS]
    wanted = terms(text)
    if not wanted:
        return Understood(text)
    asked = tuple(term.word for term in wanted)
    others = expansions(asked)
    return Understood(
        text=text,
        terms=_with_other_words(wanted, others),
        rank=_with_other_ranks(text, others),
        title_key=" ".join(words(text)),
    )


def _with_other_words(wanted: tuple[Term, ...], others: tuple[Expansion, ...]) -> tuple[Term, ...]:
    """Give the first word of what can be said otherwise the other words as ways; the rest of a phrase goes with it.

    "medarbejder samtale" may become "mus": a document with the one word has both of those that were asked.
    """
    result = list(wanted)
    for other in others:
        way = Way(_tokens_of(other.words), other.weight)
        for place in range(other.start, other.start + other.length):
            term = result[place]
            if len(term.ways) < _MOST_WAYS and way not in term.ways:
                result[place] = replace(term, ways=(*term.ways, way))
    return tuple(result)


def _tokens_of(said: tuple[str, ...]) -> tuple[str, ...]:
    # By the stem: an editor writes "medarbejderudviklingssamtale", a page says "-samtaler".
    return tuple(dict.fromkeys(STEM_MARK + term.stem for term in terms(" ".join(said))))


def _with_other_ranks(text: str, others: tuple[Expansion, ...]) -> RankTokens:
    rank = rank_tokens(text)
    for other in others:
        more = rank_tokens(" ".join(other.words))
        rank = RankTokens(
            pieces=_joined(rank.pieces, more.pieces, other.weight), grams=_joined(rank.grams, more.grams, other.weight)
        )
    return rank


def _joined(
    first: tuple[tuple[str, float], ...], more: tuple[tuple[str, float], ...], weight: float
) -> tuple[tuple[str, float], ...]:
    known = {token for token, _weight in first}
    return (*first, *((token, own * weight) for token, own in more if token not in known))
