"""How a result list is narrowed to places: the same values whatever is held there or works there."""

from collections.abc import Iterable

from portal.organisations.models import Municipality, Region
from search.api import FacetTerm


def place_terms(
    municipalities: Iterable[Municipality | None] = (), regions: Iterable[Region | None] = ()
) -> tuple[FacetTerm, ...]:
    """Return the terms of these places, each once; None stands for no place."""
    named = {FacetTerm("municipality", place.code, place.name) for place in municipalities if place is not None}
    named |= {FacetTerm("region", region.slug, region.name) for region in regions if region is not None}
    return tuple(sorted(named, key=lambda term: (term.name, term.value)))
