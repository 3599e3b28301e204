"""What somebody may have meant: unknown words replaced by near ones, taken from names that she may see."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

from search.danish import Term, fold, words
from search.understanding import Understood

# So many slips are forgiven in a word, by its length; in a short one each letter makes another word.
_SLIPS = ((8, 2), (4, 1))


def corrected(asked: Understood, names: Iterable[str]) -> str:
    """Return the question with near words from these names in place of unknown ones; empty: nothing is nearer."""
    known = sorted({word for name in names for word in words(name)})
    said, changed = [], False
    for typed in asked.text.split():
        better = _better(typed, asked.terms, known)
        said.append(better or typed)
        changed = changed or bool(better)
    return " ".join(said) if changed else ""


def _better(typed: str, terms: tuple[Term, ...], known: list[str]) -> str:
    term = next((term for term in terms if term.word == fold(typed)), None)
    if term is None or any(term.is_in(word) for word in known):
        return ""
    slips = next((allowed for length, allowed in _SLIPS if len(term.word) >= length), 0)
    distances = ((OSA.distance(term.word, word, score_cutoff=slips), word) for word in known) if slips else ()
    distance, nearest = min(distances, default=(slips + 1, ""))
    return nearest if distance <= slips else ""
