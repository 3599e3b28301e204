"""What a group's contact does with its places. `portal.seats` gives the seats; a meeting adds only when it is too late."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from events.groups.wish import Wish, parts_of
from events.models import Occurrence
from events.signup.services import refuse_begun
from portal.seats.api import (
    Offer,
    Participant,
    Person,
    PersonError,
    SignUp,
    names_fill,
    offer_accept,
    offer_decline,
    person_substitute,
    places_cancel,
    sign_up_group,
    waiting_leave,
)

_KEY = "group:"
LONGEST_KEY = 50


def key_of(word: str) -> str:
    """Return the seats' key of a form's random word: no other form's word can be the same."""
    return f"{_KEY}{word[:LONGEST_KEY]}"


def group_sign_up(*, actor: Any, occurrence: Occurrence, wish: Wish, word: str) -> SignUp:
    """Sign up a group; its contact is who does it.

    Raises:
        SeatsError: it is too late, or a rule of the seats is against it.
    """
    refuse_begun(occurrence)
    email = actor.email or wish.contact_email
    if not email:
        raise PersonError(
            _("Write an e-mail address for yourself: the answers to the group are sent there."), field="contact_email"
        )
    return sign_up_group(
        actor=actor,
        offering=occurrence.offering,
        key=key_of(word),
        contact_name=str(actor)[:120],
        contact_email=email,
        **parts_of(wish),
    )


def group_cancel(*, actor: Any, sign_up: SignUp, places: Collection[UUID] | None) -> list[Participant]:
    """Give up some places or all.

    Raises:
        SeatsError: it is too late, or one of them is not of this sign-up.
    """
    refuse_begun(sign_up.offering.occurrence)
    return places_cancel(actor=actor, sign_up=sign_up, places=places)


def group_leave(*, actor: Any, sign_up: SignUp) -> list[Participant]:
    """Leave the waiting list; who has a seat keeps it.

    Raises:
        SeatsError: it is too late.
    """
    refuse_begun(sign_up.offering.occurrence)
    return waiting_leave(actor=actor, sign_up=sign_up)


def group_names(*, actor: Any, sign_up: SignUp, names: Mapping[UUID, Person]) -> list[Participant]:
    """Give open slots their names.

    Raises:
        SeatsError: it is too late, or a rule of the seats is against it.
    """
    refuse_begun(sign_up.offering.occurrence)
    return names_fill(actor=actor, sign_up=sign_up, names=names)


def group_substitute(*, actor: Any, sign_up: SignUp, place: UUID, person: Person) -> Participant:
    """Let another person have a place.

    Raises:
        SeatsError: it is too late, or a rule of the seats is against it.
    """
    refuse_begun(sign_up.offering.occurrence)
    return person_substitute(actor=actor, sign_up=sign_up, place=place, person=person)


def group_answer(*, actor: Any, offer: Offer, takes: bool) -> None:
    """Take the offered seats, or let them go to the next in line.

    Raises:
        SeatsError: the offer was answered otherwise, or has run out.
    """
    if takes:
        offer_accept(actor=actor, offer=offer)
    else:
        offer_decline(actor=actor, offer=offer)
