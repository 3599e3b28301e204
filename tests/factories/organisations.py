"""Organisations come from the facts that a migration loads; these look them up."""

from datetime import date
from typing import Any

from portal.organisations.api import Municipality, Region, Unit, unit_create

ODENSE, COPENHAGEN = "0461", "0101"


def municipality(code: str = ODENSE) -> Municipality:
    """Return one of the 98."""
    return Municipality.objects.get(code=code)


def region(slug: str = "region-syddanmark") -> Region:
    """Return a region."""
    return Region.objects.get(slug=slug)


def unit(name: str = "Borgerservice", *, code: str = "", **values: Any) -> Unit:
    """Return a unit of a municipality (Odense, if none is named), at the top or below `parent`."""
    parent = values.get("parent")
    home = parent.municipality if parent is not None else municipality()
    given = {"municipality": home, "valid_from": date(2020, 1, 1), **values}
    return unit_create(actor=None, code=code or name.lower(), name=name, **given)
