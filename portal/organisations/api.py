"""What other packages may use of the organisations."""

from portal.organisations.models import (
    DEFAULT_GROUP,
    SMALLEST_GROUP,
    Municipality,
    MunicipalitySettings,
    Party,
    Region,
    RegionMembership,
)
from portal.organisations.selectors import (
    RegionGroup,
    embed_origins,
    min_responses,
    municipalities_by_region,
    region_of,
)

__all__ = [
    "DEFAULT_GROUP",
    "SMALLEST_GROUP",
    "Municipality",
    "MunicipalitySettings",
    "Party",
    "Region",
    "RegionGroup",
    "RegionMembership",
    "embed_origins",
    "min_responses",
    "municipalities_by_region",
    "region_of",
]
