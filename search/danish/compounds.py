"""Danish writes compounds as one word: "borgerkontakt" is "borger" and "kontakt". What they are put together from.

The cheapest path through the word, where a part costs the less the more frequent it is as a word of its own. Splitting
too much costs little, since the whole word always stays beside its parts; splitting too little hides what somebody means.
"""

import math
import re
from functools import lru_cache
from typing import Final, NamedTuple

from search.danish.normalise import fold

_SHORTEST_PART = 3
# A shorter word is left alone: "skolen" is no "skol" and "len".
_SHORTEST_COMPOUND = 7
# Short parts fit nearly everywhere.
_EXTRA_COST: Final = {3: 8.0, 4: 4.0}
_LINKS: Final = frozenset("se")
_LINK_COST = 1.0
# What its parts may cost more than a word that is known as a whole: "jobcenter" is parted, "udvikling" is not.
_WHOLE_COST = 15.0
# Endings that a word list holds as words, too.
_NO_PARTS: Final = frozenset(
    re.findall(
        r"\w+",
        "elin,else,ende,ene,ere,erne,ers,ger,hed,ing,isk,iske,ist,ler,lig,ning,rer,ske,sker,ter,tet,tion,tør",
    )
)
_LETTERS = re.compile(r"[a-zæøå]+")


class _Step(NamedTuple):
    cost: float
    start: int = 0
    part: str = ""


@lru_cache(50_000)
def parts(word: str) -> tuple[str, ...]:
    """Return what a folded word is put together from, linking letters left out; the word itself where it is no compound."""
    if len(word) < _SHORTEST_COMPOUND or not _LETTERS.fullmatch(word):
        return (word,)
    steps = _cheapest(word)
    whole = _costs().get(word, math.inf)
    if not steps[-1].part or whole + _WHOLE_COST < steps[-1].cost:
        return (word,)
    found: list[str] = []
    place = len(word)
    while place:
        found.insert(0, steps[place].part)
        place = steps[place].start
    return tuple(found)


def _cheapest(word: str) -> list[_Step]:
    """Return for each place of the word the last step of the cheapest way to it."""
    costs, size = _costs(), len(word)
    steps = [_Step(0.0)] + [_Step(math.inf)] * size
    for start in range(size - _SHORTEST_PART + 1):
        if steps[start].cost == math.inf:
            continue
        for end in range(start + _SHORTEST_PART, size + (start > 0)):
            cost = steps[start].cost + costs.get(word[start:end], math.inf)
            step = _Step(cost, start, word[start:end])
            steps[end] = min(steps[end], step)
            if end + _SHORTEST_PART <= size and word[end] in _LINKS:
                steps[end + 1] = min(steps[end + 1], step._replace(cost=cost + _LINK_COST))
    return steps


@lru_cache(1)
def _costs() -> dict[str, float]:
    """Return what each known word costs as a part; read at the first use, since most processes never search."""
    from wordfreq import get_frequency_dict

    frequencies: dict[str, float] = {}
    for written, frequency in get_frequency_dict("da").items():
        word = fold(written)
        if len(word) >= _SHORTEST_PART and _LETTERS.fullmatch(word) and word not in _NO_PARTS:
            frequencies[word] = frequencies.get(word, 0.0) + frequency
    return {word: _EXTRA_COST.get(len(word), 0.0) - math.log(value) for word, value in frequencies.items()}
