"""What an organiser does by hand with the people of a meeting; the seats' own rules hold for her as for everybody."""

from dataclasses import replace
from typing import Any

from django.db import transaction

from events.models import Occurrence
from events.running.forms import GivenUpBecause
from events.services import occurrence_save, occurrence_spec
from portal.core import audit
from portal.organisations.api import Municipality
from portal.seats.api import Participant, Person, SignUp, places_cancel, sign_up_one


def person_add(
    *, actor: Any, occurrence: Occurrence, name: str, email: str, municipality: Municipality | None, key: str
) -> SignUp:
    """Sign up one person; sent twice, it is one sign-up. She joins the line like everybody else.

    Raises:
        SeatsError: a rule of the seats is against it.
    """
    return sign_up_one(
        actor=actor,
        offering=occurrence.offering,
        person=Person(name=name, email=email),
        key=f"hand:{key}"[:64],
        municipality=municipality,
    )


@transaction.atomic
def place_give_up(*, actor: Any, occurrence: Occurrence, place: Participant, because: GivenUpBecause) -> bool:
    """Give up somebody's place; whoever is next gets it. Returns whether it was still there.

    Why is noted beside the meeting, without a name.
    """
    gone = places_cancel(actor=actor, sign_up=place.sign_up, places=[place.uuid])
    if gone:
        after = {"place": str(place.uuid), "because": because.value}
        audit.record(actor=actor, action="occurrence.place_given_up", obj=occurrence, after=after)
    return bool(gone)


def capacity_change(*, actor: Any, occurrence: Occurrence, capacity: int | None) -> Occurrence:
    """Set the number of seats. More go to those who wait; fewer than are taken leave everybody where they are."""
    spec = occurrence_spec(occurrence)
    changed = replace(spec, seats=replace(spec.seats, capacity=capacity))
    return occurrence_save(actor=actor, occurrence=occurrence, spec=changed)
