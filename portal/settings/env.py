"""The only place that reads the environment, so that every variable is typed, named and listed in one document.

`docs/configuration.md` lists them; a test compares the two.
"""

import os
from math import inf, isfinite
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def text(name: str, default: str | None = None) -> str:
    """Return the variable; without a default a missing or empty one stops the start.

    Raises:
        ImproperlyConfigured: the variable is missing and has no default.
    """
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"The environment variable {name} must be set; see docs/configuration.md.")
    return default


def flag(name: str, default: bool = False) -> bool:
    """Return True for 1/true/yes/on; anything unknown stops the start rather than meaning "no"."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"The environment variable {name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return a whole number.

    Raises:
        ImproperlyConfigured: the value is not a whole number.
    """
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"The environment variable {name} must be a number, not {value!r}.") from error


def seconds(name: str, default: float) -> float:
    """Return a time in seconds, with a point where it is less than one.

    Raises:
        ImproperlyConfigured: the value is not a number.
    """
    value = text(name, str(default))
    try:
        found = float(value)
    except ValueError:
        found = inf
    if not isfinite(found):
        raise ImproperlyConfigured(f"The environment variable {name} must be a number of seconds, not {value!r}.")
    return found


def words(name: str, default: str | None = None) -> list[str]:
    """Return a comma-separated list without empty items."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
