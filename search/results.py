"""The typed question and the typed answer, the same whatever engine stands behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.core.principal import ANONYMOUS, Principal

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked, by whom and in which language; every value may come straight from an address."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    # Counted from 1; a number beyond the last page gives the last page.
    page: int = 1
    principal: Principal = ANONYMOUS
    language: str = "da"
    # Facets other than the kind: name -> accepted values.
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page_size: int = PAGE_SIZE
    # False for a list that is about these filters and no others (a chooser): nothing similar, corrected or promoted.
    with_help: bool = True


@dataclass(frozen=True, slots=True)
class HighlightPart:
    """A piece of a text, and whether it is what was looked for; never HTML, so nothing can be injected."""

    text: str
    match: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of the result."""

    key: str
    kind: str
    kind_label: str
    note: str
    title: tuple[HighlightPart, ...]
    excerpt: tuple[HighlightPart, ...]
    url: str
    starts_at: datetime | None

    @property
    def title_text(self) -> str:
        """Return the title without its highlights."""
        return "".join(part.text for part in self.title)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value with the number of hits it would give, the other filters kept."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one filter, the most frequent first."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line under the box while somebody types: a name, and what it is."""

    text: str
    kind: str
    kind_label: str
    url: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer: one page of hits, and how the whole divides."""

    # The text as it was understood: cleaned and cut.
    text: str
    hits: tuple[SearchHit, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    facets: tuple[Facet, ...] = ()
    # True: no document holds all the words, these hold some of them.
    any_word: bool = False
    took_ms: float = 0.0
    # Chosen by editors for these words; never among `hits` as well.
    promoted: tuple[SearchHit, ...] = ()
    # What is written or put together like the words, when few have them; not counted, in no facet.
    near: tuple[SearchHit, ...] = ()
    # The text with the nearest known words in place of unknown ones; it has hits for this asker. Empty: nothing better.
    did_you_mean: str = ""
    # Names of filters that were asked for and that no document has; they were left aside.
    ignored: tuple[str, ...] = ()
    # Which engine answered, for those who look after it.
    engine: str = ""

    def facet(self, name: str) -> Facet:
        """Return one facet; without values where the result has none of that name."""
        return next((facet for facet in self.facets if facet.name == name), Facet(name, ()))
