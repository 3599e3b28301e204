"""One question, asked of one engine: all words, else some, and what is only similar; the first hits put in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.danish import rank_tokens
from search.engines.base import (
    Candidate,
    EngineRequest,
    EngineResult,
    Match,
    SearchEngine,
)
from search.models import IndexedLabel
from search.ranking import WINDOW, Ranked, reordered
from search.results import SearchQuery
from search.understanding import Understood

# So many hits that nobody needs what is only similar.
ENOUGH = 10
# What is similar shares this part of the question's groups of letters, or a whole piece of a word.
_SIMILAR = 0.3
_TELLING_PIECE = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """The keys that one page shows, best first, and the counts of the whole."""

    keys: tuple[str, ...]
    found: EngineResult
    page: int
    pages: int
    any_word: bool
    near: tuple[str, ...]
    engine: str


def ask(engine: SearchEngine, query: SearchQuery, asked: Understood, request: EngineRequest) -> Answer:
    """Answer with a bounded number of questions to the engine, whatever is found.

    Raises:
        EngineUnavailableError: the engine cannot answer now.
    """
    found, keys = _page(engine, query, asked, request)
    # No document has all the words, whatever its kind: show those that have some.
    any_word = not found.kinds and len(asked.terms) > 1
    if any_word:
        request = replace(request, match=Match.ANY)
        found, keys = _page(engine, query, asked, request)
    size = max(1, query.page_size)
    return Answer(
        keys=keys,
        found=found,
        page=found.offset // size + 1,
        pages=max(1, -(-found.total // size)),
        any_word=any_word and found.total > 0,
        near=_near(engine, query, asked, request, keys) if query.with_help and found.total < ENOUGH else (),
        engine=engine.name,
    )


def has_all(engine: SearchEngine, asked: Understood, request: EngineRequest) -> bool:
    """Tell whether the asker would find anything that has all of these words."""
    other = replace(
        request, terms=asked.terms, rank=asked.rank, title_key=asked.title_key, match=Match.ALL, offset=0, limit=1
    )
    return bool(asked.terms) and engine.search(other).total > 0


def _page(
    engine: SearchEngine, query: SearchQuery, asked: Understood, request: EngineRequest
) -> tuple[EngineResult, tuple[str, ...]]:
    """Return one page of the ranked list; within the window the whole window is put in order first."""
    size = max(1, query.page_size)
    window = max(size, WINDOW - WINDOW % size)
    wanted = (max(1, query.page) - 1) * size
    if wanted >= window:
        found = engine.search(replace(request, offset=wanted, limit=size))
        # Beyond the end: the last page may lie within the window.
        if found.offset >= window:
            return found, tuple(candidate.key for candidate in found.candidates)
    found = engine.search(replace(request, offset=0, limit=window))
    last = (found.total - 1) // size * size if found.total else 0
    offset = min(wanted, last)
    keys = _in_order(asked, found.candidates)[offset : offset + size]
    return replace(found, offset=offset), tuple(keys)


def _in_order(asked: Understood, candidates: Sequence[Candidate]) -> list[str]:
    best = max((candidate.score for candidate in candidates), default=0.0) or 1.0
    described = _described(candidates)
    ranked = [
        replace(described[candidate.key], score=candidate.score / best)
        for candidate in candidates
        if candidate.key in described
    ]
    return [one.key for one in reordered(asked, ranked)]


def _described(candidates: Sequence[Candidate]) -> dict[str, Ranked]:
    """Return what stages look at, by key; a document that is gone meanwhile is in it no more."""
    if not candidates:
        return {}
    rows = (
        IndexedLabel.objects.filter(document__key__in=[candidate.key for candidate in candidates])
        .order_by("document_id", "position")
        .values_list("document__key", "document__kind", "document__starts_at", "text_key")
    )
    described: dict[str, Ranked] = {}
    for key, kind, starts_at, name in rows:
        known = described.get(key)
        described[key] = (
            replace(known, names=(*known.names, name))
            if known
            else Ranked(key=key, score=0.0, kind=kind, title_key=name, names=(), starts_at=starts_at)
        )
    return described


def _near(
    engine: SearchEngine, query: SearchQuery, asked: Understood, request: EngineRequest, shown: Sequence[str]
) -> tuple[str, ...]:
    request = replace(
        request, match=Match.NEAR, offset=0, limit=ENOUGH, counted=False, without=request.without | frozenset(shown)
    )
    candidates = engine.search(request).candidates
    described = _described(candidates)
    similar = [
        candidate.key
        for candidate in candidates
        if candidate.key in described and _is_similar(asked, described[candidate.key])
    ]
    return tuple(similar[: ENOUGH - len(shown)])


def _is_similar(asked: Understood, one: Ranked) -> bool:
    """Tell whether a name has enough in common with the question: one group of letters in common is chance."""
    pieces = {token for token, _weight in asked.rank.pieces if len(token) >= _TELLING_PIECE}
    grams = {token for token, _weight in asked.rank.grams}
    for name in (one.title_key, *one.names):
        tokens = rank_tokens(name)
        if not pieces.isdisjoint(token for token, _weight in tokens.pieces):
            return True
        if grams and len(grams & {token for token, _weight in tokens.grams}) >= _SIMILAR * len(grams):
            return True
    return False
