"""Prices and points as people here write them."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def _danish() -> bool:
    return (get_language() or "da").startswith("da")


def thousands(number: int) -> str:
    """Return "12.500", in English "12,500"."""
    text = f"{number:,}"
    return text.replace(",", ".") if _danish() else text


def price(kroner: int | None) -> str:
    """Return "12.500 kr. ekskl. moms"; free and unknown prices have words of their own."""
    if kroner is None:
        return _("Ask the provider")
    if kroner == 0:
        return _("Free")
    return _("DKK %(amount)s excl. VAT") % {"amount": thousands(kroner)}


def ects(points: Decimal | None) -> str:
    """Return "7,5 ECTS", whole numbers without a decimal; nothing where the course gives none."""
    if points is None:
        return ""
    text = format(points.quantize(Decimal("0.1")), "f").removesuffix(".0")
    return f"{text.replace('.', ',') if _danish() else text} ECTS"
