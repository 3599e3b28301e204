"""The units of three municipalities, and what these decide for themselves."""

from datetime import date

from portal.desk.loading.context import Loading, Row, read
from portal.organisations.api import Municipality, MunicipalitySettings, unit_create

# Old enough that every example membership begins within the life of its unit.
SINCE = date(2024, 1, 1)


def load_organisations(loading: Loading) -> None:
    """Make the units and settings that have never been loaded."""
    for row in read("organisations")["municipality"]:
        municipality = Municipality.objects.get(code=row["code"])
        _load_settings(loading, municipality, row)
        for unit in row["unit"]:
            _load_unit(loading, municipality, unit)


def _load_unit(loading: Loading, municipality: Municipality, row: Row) -> None:
    key = f"unit:{municipality.code}:{row['code']}"
    if not loading.wants(key):
        return
    above = loading.find(f"unit:{municipality.code}:{row['parent']}") if "parent" in row else None
    unit = unit_create(
        actor=None, municipality=municipality, code=row["code"], name=row["name"], parent=above, valid_from=SINCE
    )
    loading.remember(key, unit)


def _load_settings(loading: Loading, municipality: Municipality, row: Row) -> None:
    key = f"settings:{municipality.code}"
    if not loading.wants(key) or MunicipalitySettings.objects.filter(municipality=municipality).exists():
        return
    names = ("embed_origins", "contact_function", "contact_email", "contact_phone", "approvals_wanted")
    made = MunicipalitySettings.objects.create(
        municipality=municipality, **{name: row[name] for name in names if name in row}
    )
    loading.remember(key, made)
