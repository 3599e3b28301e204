"""What every engine answers: a question that is understood already, from an index that the store keeps (`search.store`)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar, Final, Protocol

from search.danish import NOTHING_RANKED, RankTokens, Term


class EngineUnavailableError(RuntimeError):
    """The engine cannot answer now, or not rightly; another one must."""


class Match(Enum):
    """What a document must have to be found."""

    # Every telling word, in one of the ways of its term.
    ALL = "all"
    # At least one telling word.
    ANY = "any"
    # Pieces of words in common with the names of the document: for near misses and slips of the pen. Not counted.
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class DateBucket:
    """A value of the date filter: from `start` (included) to `end` (not), None for open."""

    value: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """A question in the engine's terms: words folded, audiences named, kinds known to exist."""

    terms: tuple[Term, ...]
    audiences: frozenset[str]
    # The part of the ranked list that is wanted, counted from 0. Beyond the end: the last part, beginning at a multiple of
    # `limit`.
    offset: int = 0
    limit: int = 20
    rank: RankTokens = NOTHING_RANKED
    # The folded text: a title or another name that is exactly this stands first.
    title_key: str = ""
    kinds: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] | None = None
    # Counted for the result; those named in `dates` narrow it (one of them is enough).
    buckets: tuple[DateBucket, ...] = ()
    dates: tuple[str, ...] = ()
    match: Match = Match.ALL
    # Keys of documents that may not be in hits, counts or facets, whatever the index says of them.
    without: frozenset[str] = frozenset()
    # False: only the candidates are wanted; `total`, `kinds` and `facets` may stay empty.
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document of the ranked list by its key in the index ("source:key")."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class EngineCount:
    """How many documents one value of a facet would give."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class EngineResult:
    """A part of the ranked list, best first; `total` counts the whole."""

    candidates: tuple[Candidate, ...] = ()
    # Where the part really begins, after a number beyond the end.
    offset: int = 0
    total: int = 0
    # Of each kind, the kind filter left aside.
    kinds: tuple[EngineCount, ...] = ()
    # Facet name -> its counts, its own filter left aside; the date filter goes by DATE.
    facets: Mapping[str, tuple[EngineCount, ...]] | None = None


# The facet that `buckets` are counted under.
DATE = "date"


# With fewer names that begin as was typed, what was typed may be a slip.
_FEW: Final = 3


def filled_up(steps: Iterable[Callable[[], Iterable[Candidate]]], limit: int) -> tuple[Candidate, ...]:
    """Return the first step's suggestions, and while they are few those of the next ones after them."""
    found: dict[str, Candidate] = {}
    for step in steps:
        for candidate in step():
            found.setdefault(candidate.key, candidate)
        if len(found) >= min(limit, _FEW):
            break
    return tuple(found.values())[:limit]


class SearchEngine(Protocol):
    """One contract, shown for every engine by `tests/search/test_engine_contract.py`."""

    # "sqlite", "postgresql", "elasticsearch".
    name: ClassVar[str]

    def search(self, request: EngineRequest) -> EngineResult:
        """Answer; the number of queries depends on neither the hits nor the index.

        Raises:
            EngineUnavailableError: the engine cannot answer now.
        """

    def suggest(
        self,
        beginnings: Collection[str],
        *,
        audiences: frozenset[str],
        kinds: tuple[str, ...],
        limit: int,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Candidate, ...]:
        """Return documents by names that begin like what is typed.

        A word of a name, or a part of a compound, begins with the last of `beginnings`, and the other words are there; a
        name that begins with it comes first, then short names. Where few begin so, those follow that do with one other
        letter after the first.

        Raises:
            EngineUnavailableError: the engine cannot answer now.
        """
