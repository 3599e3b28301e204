"""The models, in order of dependence: municipalities, units."""

from portal.organisations.models.municipalities import (
    DEFAULT_GROUP,
    MUNICIPALITY_CODE,
    SMALLEST_GROUP,
    Municipality,
    MunicipalitySettings,
    Party,
    Region,
    RegionMembership,
)
from portal.organisations.models.units import Unit, UnitPlacement, UnitQuerySet, days_cover

__all__ = [
    "DEFAULT_GROUP",
    "MUNICIPALITY_CODE",
    "SMALLEST_GROUP",
    "Municipality",
    "MunicipalitySettings",
    "Party",
    "Region",
    "RegionMembership",
    "Unit",
    "UnitPlacement",
    "UnitQuerySet",
    "days_cover",
]
