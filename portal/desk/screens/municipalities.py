"""The list of municipalities by region, and the map that says the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from events.api import Occurrence
from portal.core.figures.tile_map import Place
from portal.core.principal import Principal
from portal.core.visibility import asker
from portal.organisations.api import municipalities_by_region

if TYPE_CHECKING:
    from portal.desk.models import MunicipalityIndexPage


@dataclass(frozen=True, slots=True)
class RegionPlaces:
    """A region with all its municipalities."""

    name: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityList:
    """All regions of the day; `places` is the same in one row, for the map."""

    regions: tuple[RegionPlaces, ...]

    @property
    def places(self) -> list[Place]:
        """Return every municipality, region by region."""
        return [place for region in self.regions for place in region.places]


def municipality_list(page: "MunicipalityIndexPage", request: HttpRequest, *, on: date) -> MunicipalityList:
    """Return the regions in force on a day with the number of coming meetings in each municipality; two queries."""
    base = page.get_url(request) or ""
    counts = _coming_meetings(asker(request))
    return MunicipalityList(
        tuple(
            RegionPlaces(
                group.region.name,
                tuple(
                    Place(m.code, m.name, group.region.name, counts.get(m.pk, 0), f"{base}{m.slug}/")
                    for m in group.municipalities
                ),
            )
            for group in municipalities_by_region(on=on)
        )
    )


def _coming_meetings(principal: Principal) -> Mapping[int, int]:
    """Return the number of meetings that have not begun by the key of their municipality."""
    coming = (
        Occurrence.objects.visible_to(principal)
        .going_ahead()
        .upcoming(timezone.now())
        .filter(municipality__isnull=False)
    )
    return dict(coming.order_by("municipality").values_list("municipality").annotate(number=Count("pk")))
