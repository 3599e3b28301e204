"""Which words of a text are shown as found, and which piece of a long text is shown at all."""

from search.danish import WORD, Term, fold
from search.results import HighlightPart

EXCERPT_LENGTH = 240
_ELLIPSIS = "…"

Spans = list[tuple[int, int]]


def highlighted(text: str, terms: tuple[Term, ...]) -> tuple[HighlightPart, ...]:
    """Return the whole text in parts; the same rules as the engines decide what is a match."""
    return _parts(text, _matches(text, terms))


def excerpt(title: str, summary: str, body: str, terms: tuple[Term, ...]) -> tuple[HighlightPart, ...]:
    """Return the piece that best says why the document was found: of the summary, else of the body.

    Where the title says it already, the summary, which was written to be read, is better than a piece of the body.
    """
    for text in (summary,) if summary and _matches(title, terms) else (summary, body):
        spans = _matches(text, terms)
        if spans:
            return _window(text, spans)
    return _window(summary or body, [])


def _matches(text: str, terms: tuple[Term, ...]) -> Spans:
    # Texts repeat their words: each is compared once.
    known: dict[str, bool] = {}
    spans: Spans = []
    for match in WORD.finditer(text):
        word = match[0]
        if word not in known:
            folded = fold(word)
            known[word] = any(term.matches(folded) for term in terms)
        if known[word]:
            spans.append(match.span())
    return spans


def _window(text: str, spans: Spans) -> tuple[HighlightPart, ...]:
    first = spans[0][0] if spans else 0
    start = 0 if first < EXCERPT_LENGTH // 2 else _word_start(text, first - EXCERPT_LENGTH // 4)
    end = len(text) if len(text) - start <= EXCERPT_LENGTH else _word_end(text, start + EXCERPT_LENGTH)
    inside = [(max(a, start) - start, b - start) for a, b in spans if a >= start and b <= end]
    parts = _parts(text[start:end], inside)
    before = (HighlightPart(_ELLIPSIS),) if start else ()
    after = (HighlightPart(_ELLIPSIS),) if end < len(text) else ()
    return (*before, *parts, *after)


def _word_start(text: str, place: int) -> int:
    return text.find(" ", place) + 1 or place


def _word_end(text: str, place: int) -> int:
    end = text.rfind(" ", 0, place)
    return end if end > place - EXCERPT_LENGTH // 2 else place


def _parts(text: str, spans: Spans) -> tuple[HighlightPart, ...]:
    parts: list[HighlightPart] = []
    place = 0
    for start, end in spans:
        if start > place:
            parts.append(HighlightPart(text[place:start]))
        parts.append(HighlightPart(text[start:end], match=True))
        place = end
    if place < len(text):
        parts.append(HighlightPart(text[place:]))
    return tuple(parts)
