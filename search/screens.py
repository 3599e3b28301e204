"""What the search page draws: the answer of search in the words and addresses of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.paginator import Page, Paginator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.core.formats import long_date
from portal.core.sorting import danish_key
from portal.core.templatetags.frame import content_lang
from search.address import PARAMETERS, Asked, address
from search.engines.base import DATE
from search.facets import DATES, FACETS
from search.models import IndexedFacet
from search.results import PAGE_SIZE, FacetValue, HighlightPart, SearchHit, SearchResult
from search.selectors import KIND

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAMES: Final[Mapping[str, "StrOrPromise"]] = {KIND: _("Type"), **FACETS}
# So many values of a filter are seen at once; the others unfold. There are 98 municipalities.
_SEEN = 8


@dataclass(frozen=True, slots=True)
class HitRow:
    """One hit as the template draws it."""

    title: str
    url: str
    kind: str
    text: SafeString


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A box to tick; its id ties it to its label."""

    id: str
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """One filter: the values seen at once, and those that unfold, by name."""

    parameter: str
    label: "StrOrPromise"
    # The attribute of values that are content, and so Danish in every language of the interface.
    lang: SafeString
    first: tuple[FilterChoice, ...]
    rest: tuple[FilterChoice, ...]


@dataclass(frozen=True, slots=True)
class ChosenValue:
    """A value that the list is narrowed to, with the address of the list without it."""

    label: str
    lang: SafeString
    name: "StrOrPromise"
    url: str


def rows(hits: tuple[SearchHit, ...]) -> list[HitRow]:
    """Return hits as they are drawn."""
    return [_row(hit) for hit in hits]


def page_of(result: SearchResult) -> Page[int]:
    """Return the result's page in the shape that the pagination component draws."""
    return Paginator(range(result.total), PAGE_SIZE).get_page(result.page)


class Narrowed:
    """What the result is narrowed to, and what it can be narrowed to."""

    def __init__(self, asked: Asked, result: SearchResult, audiences: frozenset[str]) -> None:
        self._result = result
        values = {(facet.name, value.value): value for facet in result.facets for value in facet.values}
        # A filter that is left aside may still have values that count: those that the result knows. A text without words
        # was asked of nobody and has no filters at all.
        self.used = [
            (name, value)
            for name, value in asked.chosen
            if result.facets and (PARAMETERS[name] not in result.ignored or (PARAMETERS[name], value) in values)
        ]
        self._values = {**values, **_without_hits(self.used, values, audiences)}

    def groups(self) -> list[FilterGroup]:
        """Return the filters with their values."""
        return [group for name, facet in PARAMETERS.items() if (group := self._group(name, facet)) is not None]

    def chosen(self, path: str) -> list[ChosenValue]:
        """Return what the list is narrowed to, each with the way to let go of it."""
        return [
            ChosenValue(
                self._values[PARAMETERS[name], value].label,
                _lang(PARAMETERS[name]),
                NAMES[PARAMETERS[name]],
                address(path, self._result.text, [other for other in self.used if other != (name, value)]),
            )
            for name, value in self.used
        ]

    def _group(self, parameter: str, facet: str) -> FilterGroup | None:
        values = [value for (name, _value), value in self._values.items() if name == facet]
        if not values:
            return None
        # What is chosen is always seen. Where a date stands in time says more than how often it occurs.
        values = values if facet == DATE else sorted(values, key=lambda value: not value.selected)
        seen = max(_SEEN, sum(value.selected for value in values))
        # One or two would fold away behind a line as high as themselves.
        seen = len(values) if len(values) <= seen + 2 else seen
        drawn = [_choice(parameter, number, value) for number, value in enumerate(values)]
        rest = sorted(drawn[seen:], key=lambda choice: danish_key(choice.label))
        return FilterGroup(parameter, NAMES[facet], _lang(facet), tuple(drawn[:seen]), tuple(rest))


def without_value(result: SearchResult) -> list[str]:
    """Return the filters of which a value was left aside, in words: nothing that the asker may see has it."""
    return [str(NAMES.get(name, name)) for name in result.ignored]


def _without_hits(
    used: list[tuple[str, str]], values: Mapping[tuple[str, str], FacetValue], audiences: frozenset[str]
) -> dict[tuple[str, str], FacetValue]:
    """Return chosen values that the words have no hit for: it must be possible to see and to let go of them."""
    missing = [(PARAMETERS[name], value) for name, value in used if (PARAMETERS[name], value) not in values]
    if not missing:
        return {}
    rows = IndexedFacet.objects.filter(
        name__in={name for name, _value in missing},
        value__in={value for _name, value in missing},
        # What a hidden document calls a value may be told to nobody else.
        document__audiences__name__in=sorted(audiences),
    ).values_list("name", "value", "label")
    labels = {(name, value): label for name, value, label in rows.order_by("label").distinct()}
    return {pair: FacetValue(pair[1], _label(pair, labels), 0, selected=True) for pair in missing}


def _label(pair: tuple[str, str], labels: Mapping[tuple[str, str], str]) -> str:
    return str(DATES.get(pair[1], pair[1])) if pair[0] == DATE else labels.get(pair, pair[1])


def _lang(facet: str) -> SafeString:
    # The names of kinds and dates are words of the interface.
    return SafeString() if facet in (KIND, DATE) else content_lang()


def _choice(parameter: str, number: int, value: FacetValue) -> FilterChoice:
    return FilterChoice(f"id_{parameter}_{number}", value.value, value.label, value.count, value.selected)


def _row(hit: SearchHit) -> HitRow:
    when = long_date(hit.starts_at) if hit.starts_at else ""
    return HitRow(
        title=hit.title_text,
        url=hit.url,
        kind=" · ".join(part for part in (hit.kind_label, when, hit.note) if part),
        text=marked(hit.excerpt),
    )


def marked(parts: tuple[HighlightPart, ...]) -> SafeString:
    """Return the parts as HTML, each escaped, with `<mark>` around what was looked for."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part.text) if part.match else part.text,) for part in parts)
    )
