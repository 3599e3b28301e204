"""Who stands in a unit, asked by the floor that knows units of the floors that know persons.

A unit that ended with people in it would leave them in a place that no manager covers. Upper packages register how to count.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.organisations.models import Unit

Counter = Callable[["Unit", date], int]

_counters: dict[str, Counter] = {}


def register(key: str, counter: Counter) -> None:
    """Add a way to count those who stand in a unit on some day after the one given; call it from `AppConfig.ready`."""
    _counters[key] = counter


def standing_after(unit: "Unit", day: date) -> int:
    """Return how many stand in the unit on some later day."""
    return sum(counter(unit, day) for counter in _counters.values())
