"""What a rule would change: searches before and after, as somebody who is not signed in sees them; nothing is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search import kept
from search.danish import stem, words
from search.models import Synonym
from search.phrases import Rule, key_of, telling
from search.results import SearchQuery, SearchResult
from search.selectors import search
from search.synonyms import overridden
from search.usage.selectors import known_texts, most_frequent

FREQUENT = 10
_CONTAINING = 10
_HITS = 5


@dataclass(frozen=True, slots=True)
class PreviewHit:
    """A hit of one side, and where the other side has it: counted from 1, None if it is not among the first there."""

    title: str
    kind: str
    place: int
    other_place: int | None

    @property
    def moved(self) -> bool:
        """Tell whether the other side has it elsewhere or not at all."""
        return self.place != self.other_place


@dataclass(frozen=True, slots=True)
class Compared:
    """One search on both sides."""

    text: str
    before: tuple[PreviewHit, ...]
    after: tuple[PreviewHit, ...]
    total_before: int
    total_after: int

    @property
    def is_changed(self) -> bool:
        """Tell whether somebody would notice the rule."""
        return self.total_before != self.total_after or any(hit.moved for hit in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Preview:
    """All searches that were looked at, those that change first."""

    changed: tuple[Compared, ...]
    same: tuple[str, ...]
    # The rule is not in force, so nothing changes whatever it says.
    is_off: bool


def preview_of(synonym: Synonym) -> Preview:
    """Compare what is in force now with what would be, were the rule saved as it is."""
    others = Synonym.objects.filter(active=True).exclude(pk=synonym.pk).order_by("pk")
    rules = [*(other.rule for other in others), *([synonym.rule] if synonym.active else [])]
    compared = [_compared(text, rules) for text in _searches(synonym)]
    return Preview(
        changed=tuple(one for one in compared if one.is_changed),
        same=tuple(one.text for one in compared if not one.is_changed),
        is_off=not synonym.active,
    )


def _searches(synonym: Synonym) -> Iterable[str]:
    """Return what is looked at: the rule's own words, searches that hold them, and the most frequent ones."""
    stored = Synonym.objects.filter(pk=synonym.pk).first()
    # What an edited rule no longer names changes too.
    rules = [synonym.rule, *([stored.rule] if stored is not None else [])]
    found = [*_own(rules), *_containing(rules), *most_frequent(FREQUENT)]
    return list({" ".join(words(text)): text for text in reversed(found)}.values())[::-1]


def _own(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        yield from rule.words


def _containing(rules: Iterable[Rule]) -> list[str]:
    found: dict[str, None] = {}
    for phrase in _own(rules):
        key = key_of(telling(phrase))
        for text in known_texts(stem(telling(phrase)[0]), _CONTAINING * 3):
            if _holds(key_of(telling(text)), key):
                found[text] = None
    return list(found)[:_CONTAINING]


def _holds(text: tuple[str, ...], key: tuple[str, ...]) -> bool:
    return any(text[at : at + len(key)] == key for at in range(len(text) - len(key) + 1))


def _compared(text: str, rules: list[Rule]) -> Compared:
    query = SearchQuery(text=text, page_size=_HITS, with_help=False)
    with overridden(kept.current().rules):
        before = search(query)
    with overridden(rules):
        after = search(query)
    return Compared(text, _hits(before, after), _hits(after, before), before.total, after.total)


def _hits(result: SearchResult, other: SearchResult) -> tuple[PreviewHit, ...]:
    places = {hit.key: place for place, hit in enumerate(other.hits, start=1)}
    return tuple(
        PreviewHit(hit.title_text, str(hit.kind_label), place, places.get(hit.key))
        for place, hit in enumerate(result.hits, start=1)
    )
