"""Addresses from Danish names, as people here write them without the Danish letters."""

from django.utils.text import slugify

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "ä": "ae", "ö": "oe"})


def danish_slug(name: str) -> str:
    """Return "oekonomi-og-loen" for "Økonomi og løn"; `slugify` alone would drop the letters."""
    return slugify(name.translate(_LETTERS))
