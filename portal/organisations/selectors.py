"""Questions about organisations, answered for a day: regions merge, so "which region" has no answer without a date."""

from dataclasses import dataclass
from datetime import date

from portal.core.sorting import danish_key
from portal.organisations.models import DEFAULT_GROUP, Municipality, MunicipalitySettings, Region, RegionMembership
from portal.organisations.validators import is_origin


@dataclass(frozen=True, slots=True)
class RegionGroup:
    """A region with its municipalities on a given day."""

    region: Region
    municipalities: tuple[Municipality, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """Whom to turn to in a municipality: a function, never a person."""

    function: str
    email: str
    phone: str


def region_of(municipality: Municipality, *, on: date) -> Region | None:
    """Return the region that the municipality belongs to on that day."""
    membership = (
        RegionMembership.objects.filter(RegionMembership.on(on), municipality=municipality)
        .select_related("region")
        .order_by("-valid_from", "-id")
        .first()
    )
    return membership.region if membership else None


def municipalities_by_region(*, on: date) -> tuple[RegionGroup, ...]:
    """Return all regions in force on that day with their municipalities, sorted as Danes sort (å last)."""
    memberships = RegionMembership.objects.filter(RegionMembership.on(on)).select_related("region", "municipality")
    groups: dict[Region, list[Municipality]] = {}
    for membership in memberships:
        groups.setdefault(membership.region, []).append(membership.municipality)
    return tuple(
        RegionGroup(region, tuple(sorted(groups[region], key=lambda item: danish_key(item.name))))
        for region in sorted(groups, key=lambda item: danish_key(item.name))
    )


def min_responses(municipality: Municipality) -> int:
    """Return the fewest answers whose totals may be shown."""
    settings = MunicipalitySettings.objects.filter(municipality=municipality).first()
    return settings.min_responses if settings else DEFAULT_GROUP


def embed_origins(municipality: Municipality) -> tuple[str, ...]:
    """Return the origins that may frame this municipality's self-assessment, whatever else stands in the row."""
    settings = MunicipalitySettings.objects.filter(municipality=municipality).first()
    return tuple(filter(is_origin, settings.embed_origins.split())) if settings else ()


def office_of(municipality: Municipality) -> Office | None:
    """Return whom the municipality says one can turn to."""
    settings = MunicipalitySettings.objects.filter(municipality=municipality).first()
    if settings is None or not (settings.contact_function or settings.contact_email or settings.contact_phone):
        return None
    return Office(settings.contact_function, settings.contact_email, settings.contact_phone)
