"""Short words for tests of the seats."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from portal.seats import effects
from portal.seats.api import (
    Notice,
    Offering,
    OfferingSpec,
    Participant,
    Person,
    SignUp,
    offering_save,
    sign_up_group,
    sign_up_one,
)

NOON = dt.datetime(2027, 5, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
_numbers = count(1)


def offering(capacity: int | None = 2, **values: Any) -> Offering:
    """Return seats that are open from the start."""
    return offering_save(actor=None, spec=OfferingSpec(capacity=capacity, **values))


def person(name: str = "") -> Person:
    """Return a person with an address of her own."""
    name = name or f"Person {next(_numbers)}"
    return Person(name, f"{name.lower().replace(' ', '.')}@kommune.example")


def one(seats: Offering, name: str = "", **values: Any) -> SignUp:
    """Sign up one person."""
    values = {"actor": None, "key": f"key-{next(_numbers)}", "person": person(name), **values}
    return sign_up_one(offering=seats, **values)


def group(seats: Offering, size: int = 2, **values: Any) -> SignUp:
    """Sign up a group of people with names."""
    values = {
        "actor": None,
        "key": f"key-{next(_numbers)}",
        "people": [person() for _number in range(size)],
        "contact_email": "kontakt@kommune.example",
        **values,
    }
    return sign_up_group(offering=seats, **values)


def states(sign_up: SignUp) -> list[str]:
    """Return where the places of a sign-up stand."""
    return list(sign_up.participants.order_by("pk").values_list("state", flat=True))


def held(seats: Offering) -> int:
    """Return how many seats are kept from others."""
    return Participant.objects.filter(offering=seats).holding().count()


@contextmanager
def told() -> Iterator[list[Notice]]:
    """Collect what others are told."""
    notices: list[Notice] = []
    effects.register("tests", notices.append)
    try:
        yield notices
    finally:
        effects.forget("tests")
