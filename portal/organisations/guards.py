"""Objections that packages above have to a change down here, such as a promise that would be broken.

What a round promised those who answer lives with the assessment, above; here it is asked before the change, by name.
Register from `AppConfig.ready`.
"""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise

# Gets the facts of the act by keyword; returns the reason in words for the one who tries, or None.
Objection = Callable[..., str | Promise | None]

MIN_RESPONSES = "settings.min_responses"
ACTS = frozenset({MIN_RESPONSES})

_registry: dict[str, dict[str, Objection]] = {}


def register(act: str, key: str, objection: Objection) -> None:
    """Let a package above object to an act.

    Raises:
        ValueError: the act is unknown.
    """
    if act not in ACTS:
        raise ValueError(f"Nothing asks about {act!r}.")
    _registry.setdefault(act, {})[key] = objection


def objections(act: str, **facts: Any) -> list[str | Promise]:
    """Return every reason against the act, in a fixed order; an empty list lets it happen."""
    reasons = (objection(**facts) for _, objection in sorted(_registry.get(act, {}).items()))
    return [reason for reason in reasons if reason]
