"""What every engine does: keep documents, and answer a question that is understood already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from search.danish import Term
from search.documents import SearchDocument


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """A question in the engine's terms: words folded, audiences named, kinds known to exist."""

    terms: tuple[Term, ...]
    audiences: frozenset[str]
    page_size: int
    # The folded text: a title that is exactly this stands first.
    title_key: str = ""
    kinds: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] | None = None
    page: int = 1
    # False: every word must be there. True: one is enough.
    any_word: bool = False


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A document as it is kept; highlights and addresses are made above the engine, alike for all."""

    key: str
    kind: str
    kind_label: str
    note: str
    title: str
    summary: str
    body: str
    url: str
    starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class EngineCount:
    """How many documents one value of a facet would give."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One page of hits, best first; `total` counts all pages."""

    hits: tuple[EngineHit, ...]
    total: int
    page: int
    pages: int
    # Of each kind, the kind filter left aside.
    kinds: tuple[EngineCount, ...]
    # Facet name -> its counts, its own filter left aside.
    facets: Mapping[str, tuple[EngineCount, ...]]


class SearchEngine(Protocol):
    """One contract, shown for every engine by `tests/search/test_engine_contract.py`."""

    def replace(self, source: str, object_id: str, documents: Sequence[SearchDocument]) -> None:
        """Make these the object's documents, whatever it had before."""

    def remove(self, source: str, object_ids: Collection[str]) -> None:
        """Forget these objects."""

    def object_ids(self, source: str) -> set[str]:
        """Return the objects of a source that are in the index."""

    def keep_only_sources(self, sources: Collection[str]) -> None:
        """Forget every source but these."""

    def count(self, source: str) -> int:
        """Return how many documents a source has in the index."""

    def search(self, request: EngineRequest) -> EngineResult:
        """Answer; the number of queries depends on neither the hits nor the index."""
