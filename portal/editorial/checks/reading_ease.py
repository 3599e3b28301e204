"""How heavy a text is to read, by LIX: the average length of a sentence plus the share of long words in per cent.

The rule is Carl-Hugo Björnsson's (“Läsbarhet”, Stockholm 1968): LIX = words / sentences + 100 · long words / words, where a
word of more than six letters is long. About 25 is easy, 35 ordinary, 45 heavy, 55 the language of the law. It measures
length and nothing else, so by default it advises.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.editorial.checks import rich_text
from portal.editorial.checks.walk import Place, Rich, Text, walk
from portal.editorial.registry import Finding, Moment

_LONG = 6
# Of a shorter sentence the figure says nothing.
_SHORTEST_SENTENCE = 8
_SHOWN = 160
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_END = re.compile(r"[.!?…]+[\"'”»)\]]*\s+")
_LAST_WORD = re.compile(r"[\w.]+$")
# A full stop after these ends no sentence; what they stand before goes on.
_INSIDE_WORDS = (
    "adr afd afs art bl.a bl ca cand d d.d dr ekskl eks evt f.eks f f.kr e.kr fhv fig fr hhv hr iht inkl jf jfr kap kl kgl "
    "maks min mht nr obs p.g.a pga pkt pr ref s sml st stk tlf udg ult vedr vol dvs d.v.s p.t ang resp hovedkt"
)
# These often come last: a capital letter after them begins a new sentence.
_OFTEN_LAST_WORDS = "osv o.s.v mv m.v mm m.m mfl m.fl o.l ol o.lign m.h.t kr mio mia a.s aps etc jr sen o.a"
_INSIDE, _OFTEN_LAST = frozenset(_INSIDE_WORDS.split()), frozenset(_OFTEN_LAST_WORDS.split())


@dataclass(frozen=True, slots=True)
class ReadingEase:
    """The highest LIX, whether more than that stops, and from how many words on the figure means anything."""

    most: int = 45
    stops: bool = False
    shortest: int = 30

    def __post_init__(self) -> None:
        if not 10 <= self.most <= 100:
            raise ValueError("'most' is a LIX and lies between 10 and 100")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted."""

    words: int
    sentences: int
    long: int

    @property
    def lix(self) -> int:
        """Return LIX as the whole number that people compare."""
        return round(self.words / self.sentences + 100 * self.long / self.words) if self.words and self.sentences else 0


def reading_ease(moment: Moment, given: ReadingEase) -> Iterator[Finding]:
    """Yield one finding for a page that is too heavy, with the sentence that weighs most and where it stands."""
    found = [(place, sentence) for place, text in _prose(moment.page) for sentence in sentences(text)]
    whole = measure([sentence for _place, sentence in found])
    if whole.words < given.shortest or whole.lix <= given.most:
        return
    place, sentence = max(found, key=lambda pair: _weight(pair[1]))
    text = _(
        "the page has LIX %(lix)s, and %(most)s is the most. Begin with its heaviest sentence: “%(sentence)s” Split it, or "
        "find shorter words."
    )
    numbers = {"lix": whole.lix, "most": given.most}
    yield place.finding(text % {**numbers, "sentence": _shown(sentence)}, stops=given.stops)


def _prose(page: Any) -> Iterator[tuple[Place, str]]:
    for piece in walk(page):
        if isinstance(piece, Text) and piece.prose:
            yield from ((piece.place, line) for line in piece.text.splitlines() if line.strip())
        elif isinstance(piece, Rich):
            yield from ((piece.place, paragraph.text) for paragraph in rich_text.read(piece.source).paragraphs)


def measure(found: list[str]) -> Measure:
    """Return the counts of some sentences."""
    words = [word for sentence in found for word in words_of(sentence)]
    return Measure(len(words), len(found), sum(is_long(word) for word in words))


def words_of(text: str) -> list[str]:
    """Return the words; numbers count, addresses do not."""
    return _WORD.findall(_ADDRESS.sub(" ", text))


def is_long(word: str) -> bool:
    """Tell whether a word has more than six letters."""
    return len(_LETTERS.findall(word)) > _LONG


def sentences(text: str) -> list[str]:
    """Return the sentences of a Danish paragraph; full stops of abbreviations, dates and times end none."""
    found, start = [], 0
    for stop in _END.finditer(text):
        if _ends(text[start : stop.start()], stop.group().strip(), text[stop.end() :]):
            found.append(text[start : stop.end()].strip())
            start = stop.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if words_of(sentence)]


def _ends(before: str, mark: str, after: str) -> bool:
    if not after or mark[0] != ".":
        return True
    last = _LAST_WORD.search(before)
    word = last.group().lower() if last else ""
    # "H. C. Andersen", "den 1. januar", "f.eks. en borger": the sentence goes on.
    if word in _INSIDE or (len(word) == 1 and word.isalpha()):
        return False
    begins_anew = after.lstrip("\"'”»([–- ")[:1]
    if word.isdigit() or word in _OFTEN_LAST:
        return begins_anew.isupper()
    return not begins_anew.islower()


def _weight(sentence: str) -> tuple[bool, float]:
    counted = measure([sentence])
    return counted.words >= _SHORTEST_SENTENCE, counted.words + 100 * counted.long / max(counted.words, 1)


def _shown(sentence: str) -> str:
    return sentence if len(sentence) <= _SHOWN else f"{sentence[:_SHOWN].rsplit(' ', 1)[0]} …"
