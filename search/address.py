"""The address of a search holds its whole state: what is asked, what it is narrowed to, and which part of the list is shown.

Anybody may write any address, so everything is bounded here and nothing in it can be an error.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from portal.core.principal import ANONYMOUS
from search.danish import clean
from search.engines.base import DATE
from search.results import SearchQuery
from search.selectors import KIND

TEXT: Final = "q"
PAGE: Final = "side"
# Parameter -> the name of the facet, in the order of the page.
PARAMETERS: Final = {
    "type": KIND,
    "dato": DATE,
    "sektor": "sector",
    "region": "region",
    "kommune": "municipality",
    "niveau": "level",
    "udbyder": "provider",
}

_MOST_VALUES = 20
_LONGEST_VALUE = 80
_MOST_UNKNOWN = 3
_LONGEST_UNKNOWN = 30
# What other sites add to links on their own is nobody's filter.
_FOREIGN = ("utm_", "fbclid", "gclid", "gad_", "msclkid", "mc_", "_")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    text: str = ""
    # (parameter, value), each once.
    chosen: tuple[tuple[str, str], ...] = ()
    page: int = 1
    # Parameters that are no filter of ours, as they were written.
    unknown: tuple[str, ...] = ()

    def values(self, parameter: str) -> tuple[str, ...]:
        """Return what one filter is narrowed to."""
        return tuple(value for name, value in self.chosen if name == parameter)

    def query(self, request: HttpRequest, language: str) -> SearchQuery:
        """Return the question of this asker."""
        filters = {
            facet: self.values(name) for name, facet in PARAMETERS.items() if facet != KIND and self.values(name)
        }
        return SearchQuery(
            text=self.text,
            kinds=self.values("type"),
            page=self.page,
            principal=getattr(request, "principal", ANONYMOUS),
            language=language,
            filters=filters,
        )


def asked(data: QueryDict) -> Asked:
    """Read an address; what is too long or too many is left out."""
    chosen = dict.fromkeys(
        (name, value)
        for name in PARAMETERS
        for value in data.getlist(name)[:_MOST_VALUES]
        if value and len(value) <= _LONGEST_VALUE and value == clean(value)
    )
    return Asked(
        text=data.get(TEXT, ""), chosen=tuple(chosen), page=_number(data.get(PAGE, "")), unknown=_unknown(data)
    )


def address(path: str, text: str, chosen: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address of a search; always its first page."""
    return f"{path}?{urlencode([(TEXT, text), *chosen])}"


def _number(text: str) -> int:
    try:
        return max(1, int(text[:12]))
    except ValueError:
        return 1


def _unknown(data: QueryDict) -> tuple[str, ...]:
    names = (clean(name[: _LONGEST_UNKNOWN * 2])[:_LONGEST_UNKNOWN] for name in data)
    known = (TEXT, PAGE, *PARAMETERS)
    return tuple(name for name in names if name and name not in known and not name.startswith(_FOREIGN))[:_MOST_UNKNOWN]
