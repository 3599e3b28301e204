"""Who says yes to a sign-up, as a case: the organiser or the municipality, by the definition that is in force there.

The event chooses the policy; a municipality may add its own definition, which then holds for its people at every event.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.organisations.api import Municipality
from portal.seats.enums import PlaceState, Reason, SeatPolicy
from portal.seats.errors import NotOpenError, PersonError
from portal.seats.locking import seats_locked
from portal.seats.models import Offering, SignUp
from portal.seats.placing import put, settle, tell_waiting
from portal.workflows.api import (
    Case,
    Happening,
    NoDefinitionError,
    Registry,
    Scope,
    case_start,
    case_take,
    definition_for,
)

ORGANISER, MUNICIPALITY = "seats.organiser_approval", "seats.municipality_approval"
APPROVED, DECLINED, WITHDRAWN = "approved", "declined", "withdrawn"
WITHDRAW = "withdraw"


def register(registry: Registry) -> None:
    """Say what the code relies on in every definition."""
    for kind in (ORGANISER, MUNICIPALITY):
        registry.kind(kind, origin=__name__, ends=[APPROVED, DECLINED, WITHDRAWN], ways=[WITHDRAW], moved=_follow_case)


def approval_for(offering: Offering, municipality: Municipality | None) -> str:
    """Return the kind of case that a sign-up needs, or an empty text.

    Raises:
        PersonError: the municipality is to approve, and none is named.
    """
    if offering.policy == SeatPolicy.ORGANISER:
        return ORGANISER
    if offering.policy == SeatPolicy.MUNICIPALITY and municipality is None:
        raise PersonError(_("Choose your municipality: it approves the sign-up."), field="municipality")
    asked = offering.policy == SeatPolicy.MUNICIPALITY or _wants_to_be_asked(municipality)
    return MUNICIPALITY if asked else ""


def _wants_to_be_asked(municipality: Municipality | None) -> bool:
    """Tell whether the municipality has a definition of its own; the one for everywhere asks nobody by itself."""
    if municipality is None:
        return False
    try:
        definition = definition_for(MUNICIPALITY, _place(municipality))
    except NoDefinitionError:
        return False
    return any(scope.municipality for scope in definition.read().scopes)


def _place(municipality: Municipality | None) -> Scope:
    return Scope(municipality=municipality.code if municipality else "")


def approval_begin(*, actor: Any, kind: str, sign_up: SignUp) -> Case:
    """Ask."""
    return case_start(actor=actor, kind=kind, subject=sign_up, place=_place(sign_up.municipality))


def approval_withdraw(*, actor: Any, sign_up: SignUp) -> None:
    """Ask no longer, when nobody of the sign-up awaits an answer; the case is locked already."""
    if sign_up.participants.filter(state=PlaceState.PENDING).exists():
        return
    for case in Case.objects.open().about(sign_up):
        case_take(actor=actor, case=case, transition=WITHDRAW)


def _follow_case(happening: Happening) -> None:
    """Let the places follow the answer; the case is locked, the seats not yet."""
    if happening.transition.target not in (APPROVED, DECLINED):
        return
    sign_up: SignUp = happening.subject
    actor, now = happening.asker.actor, timezone.now()
    with seats_locked(sign_up.offering_id) as offerings:
        places = list(sign_up.participants.filter(state=PlaceState.PENDING).order_by("pk"))
        for place in places:
            place.sign_up = sign_up
        if happening.transition.target == DECLINED:
            put(places, PlaceState.REFUSED, Reason.REFUSED, actor=actor, now=now)
            return
        offering = offerings[sign_up.offering_id]
        if not offering.gives_at(now):
            raise NotOpenError(_("It is too late: no more seats are given."))
        # In line since the sign-up, not since the answer: whoever has to be asked for loses nothing by it.
        put(places, PlaceState.WAITING, Reason.APPROVED, actor=actor, now=now, silent=True)
        settle(offering, actor=actor, now=now, fresh=sign_up.pk)
        tell_waiting(sign_up)
