"""Organisations come from the facts that a migration loads; these look them up."""

from portal.organisations.api import Municipality, Region

ODENSE, COPENHAGEN = "0461", "0101"


def municipality(code: str = ODENSE) -> Municipality:
    """Return one of the 98."""
    return Municipality.objects.get(code=code)


def region(slug: str = "region-syddanmark") -> Region:
    """Return a region."""
    return Region.objects.get(slug=slug)
