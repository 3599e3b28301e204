"""What other packages may use of the organisations."""

from portal.organisations.models import (
    DEFAULT_GROUP,
    SMALLEST_GROUP,
    Municipality,
    MunicipalitySettings,
    Party,
    Region,
    RegionMembership,
    Unit,
    UnitPlacement,
    days_cover,
)
from portal.organisations.search_terms import place_terms
from portal.organisations.selectors import (
    Office,
    RegionGroup,
    embed_origins,
    min_responses,
    municipalities_by_region,
    office_of,
    region_of,
)
from portal.organisations.services import save_municipality_settings, settings_of
from portal.organisations.tree import UnitTree, tree_on
from portal.organisations.units import lock_tree, unit_close, unit_create, unit_move, unit_save

__all__ = [
    "DEFAULT_GROUP",
    "SMALLEST_GROUP",
    "Municipality",
    "MunicipalitySettings",
    "Office",
    "Party",
    "Region",
    "RegionGroup",
    "RegionMembership",
    "Unit",
    "UnitPlacement",
    "UnitTree",
    "days_cover",
    "embed_origins",
    "lock_tree",
    "min_responses",
    "municipalities_by_region",
    "office_of",
    "place_terms",
    "region_of",
    "save_municipality_settings",
    "settings_of",
    "tree_on",
    "unit_close",
    "unit_create",
    "unit_move",
    "unit_save",
]
