"""The regions, the 98 municipalities and the parties: facts that the portal cannot run without.

Source of codes and names: the official list of municipalities and regions; the merger of two regions on 1 January 2027
is Lov nr. 699 of 20 June 2025. The code of the new region was not found and stays unknown.
"""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.db import migrations
from django.utils.text import slugify

FACTS = Path(__file__).resolve().parent.parent / "facts" / "municipalities.csv"
FIRST_DAY = date(2007, 1, 1)
LAST_DAY, MERGER = date(2026, 12, 31), date(2027, 1, 1)
REGIONS = {
    "1081": "Region Nordjylland",
    "1082": "Region Midtjylland",
    "1083": "Region Syddanmark",
    "1084": "Region Hovedstaden",
    "1085": "Region Sjælland",
}
MERGING = {"1084", "1085"}
PARTIES = [
    ("hk", "HK Kommunal", "HK"),
    ("kl", "KL – Kommunernes Landsforening", "KL"),
    ("ds", "Dansk Socialrådgiverforening", "DS"),
]


def _slug(name: str) -> str:
    # Django drops ø and turns å into a; Danish addresses spell them out.
    for letter, spelling in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        name = name.lower().replace(letter, spelling)
    return slugify(name)


def load(apps: Any, schema_editor: Any) -> None:
    """Insert what is missing; running it again changes nothing."""
    regions = _load_regions(apps.get_model("organisations", "Region"))
    _load_municipalities(apps, regions)
    party = apps.get_model("organisations", "Party")
    for key, name, short_name in PARTIES:
        party.objects.get_or_create(key=key, defaults={"name": name, "short_name": short_name})


def _load_regions(model: Any) -> dict[str, Any]:
    regions = {}
    for code, name in REGIONS.items():
        dates = {"valid_from": FIRST_DAY, "valid_to": LAST_DAY if code in MERGING else None}
        regions[code], _ = model.objects.get_or_create(code=code, defaults={"name": name, "slug": _slug(name), **dates})
    name = "Region Østdanmark"
    regions["merged"], _ = model.objects.get_or_create(
        slug=_slug(name), defaults={"name": name, "code": None, "valid_from": MERGER}
    )
    return regions


def _load_municipalities(apps: Any, regions: dict[str, Any]) -> None:
    municipality_model = apps.get_model("organisations", "Municipality")
    membership = apps.get_model("organisations", "RegionMembership").objects
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        tile = {key: row[key] for key in ("abbreviation", "tile_column", "tile_row")}
        municipality, _ = municipality_model.objects.get_or_create(
            code=row["code"], defaults={"name": row["name"], "slug": _slug(row["name"]), **tile}
        )
        merging = row["region_code"] in MERGING
        membership.get_or_create(
            municipality=municipality,
            valid_from=FIRST_DAY,
            defaults={"region": regions[row["region_code"]], "valid_to": LAST_DAY if merging else None},
        )
        if merging:
            membership.get_or_create(
                municipality=municipality, valid_from=MERGER, defaults={"region": regions["merged"]}
            )


def unload(apps: Any, schema_editor: Any) -> None:
    """Nothing to take back: the tables go with the migration before this one."""


class Migration(migrations.Migration):
    """Facts, not examples."""

    dependencies = [("organisations", "0001_organisations")]
    operations = [migrations.RunPython(load, unload)]
