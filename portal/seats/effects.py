"""What others do when a place changes: they write the mails, because they know what is signed up for.

A function that is registered here runs in the act's transaction, under the lock. What leaves the portal goes through the
outbox with the notice's key, so that it happens once and only if the act happened.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.seats.enums import Reason
from portal.seats.models import Offer, Participant, SignUp
from portal.seats.people import Person


@dataclass(frozen=True, slots=True)
class Notice:
    """One change of some places of one sign-up. The participants carry their new state.

    `SIGNED_UP` tells who got no seat at once: they wait for one or for an approval. `former` is who gave the place to
    another person.
    """

    reason: Reason
    sign_up: SignUp
    participants: tuple[Participant, ...]
    # The same for ever, and another for each change.
    key: str
    offer: Offer | None = None
    former: Person | None = None


Effect = Callable[[Notice], None]

_effects: dict[str, Effect] = {}


def register(name: str, effect: Effect) -> None:
    """Add what a package does; call it from `AppConfig.ready`.

    Raises:
        ValueError: the name is taken by another function.
    """
    if _effects.get(name, effect) is not effect:
        raise ValueError(f"The effect {name!r} of seats is registered already.")
    _effects[name] = effect


def forget(name: str) -> None:
    """Take an effect away again. For tests only."""
    _effects.pop(name, None)


def tell(notice: Notice) -> None:
    """Let everybody do what is theirs."""
    for name in sorted(_effects):
        _effects[name](notice)
