"""Addresses that follow from others."""

from urllib.parse import urljoin


def address_above(address: str) -> str:
    """Return the address of the page above: its children are listed there, and asking the database again is not needed."""
    return urljoin(address, "..")
