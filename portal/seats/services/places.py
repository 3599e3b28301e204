"""What happens to places that are there: names, substitutes, cancelling, leaving the line, moving elsewhere."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.seats.approval import approval_withdraw
from portal.seats.enums import ACTIVE, PlaceState, Reason, SeatPolicy
from portal.seats.errors import FullError, NamesClosedError, NoPlaceError
from portal.seats.locking import seats_locked
from portal.seats.models import Offering, Participant, SignUp
from portal.seats.people import Person, cleaned, cleaned_group, normal_email
from portal.seats.placing import close_empty_offers, note, put, settle, tell_person
from portal.seats.services.signing_up import Wish, earlier, enter, refuse_known


def _places(sign_up: SignUp, uuids: Collection[UUID] | None) -> list[Participant]:
    """Return the places as they stand after the lock, given up or not.

    Raises:
        NoPlaceError: one of them is not of this sign-up.
    """
    found = list(sign_up.participants.of(None if uuids is None else list(uuids)).order_by("pk"))
    if uuids is not None and len(found) != len(set(uuids)):
        raise NoPlaceError(_("This place is not there, or has been given up."))
    for place in found:
        place.sign_up = sign_up
    return found


def names_fill(*, actor: Any, sign_up: SignUp, names: Mapping[UUID, Person]) -> list[Participant]:
    """Give open slots their names; the same name sent twice is written once.

    Raises:
        SeatsError: too late, not an open slot, or a person has a place already.
    """
    people = dict(zip(names, cleaned_group(list(names.values())), strict=True))
    with seats_locked(sign_up.offering_id) as offerings:
        now = timezone.now()
        places = [place for place in _places(sign_up, names) if not _says(place, people[place.uuid])]
        if any(not place.is_unnamed or place.state not in ACTIVE for place in places):
            raise NoPlaceError(_("This place has a name already. Choose “another person” to change it."))
        if places and sign_up.names_by is not None and now >= sign_up.names_by:
            raise NamesClosedError(_("The deadline for names has passed."))
        refuse_known(offerings[sign_up.offering_id], [people[place.uuid] for place in places])
        for place in places:
            _write(place, people[place.uuid])
            tell_person(place, Reason.NAMED, note([place], None, Reason.NAMED, actor=actor, now=now))
        return places


def person_substitute(*, actor: Any, sign_up: SignUp, place: UUID, person: Person) -> Participant:
    """Let another person have the place. The seat is never free in between, so nobody in line is passed or served.

    Raises:
        SeatsError: the place is given up or unnamed, or the person has one already.
    """
    person = cleaned(person)
    with seats_locked(sign_up.offering_id) as offerings:
        found = _places(sign_up, [place])[0]
        if found.state not in ACTIVE or found.is_unnamed:
            raise NoPlaceError(_("This place is not there, or has been given up."))
        former = Person(found.name, found.email or "", found.user)
        if _says(found, person):
            return found
        if not _same_person(former, person):
            _refuse_unapproved(offerings[sign_up.offering_id])
            refuse_known(offerings[sign_up.offering_id], [person])
        _write(found, person)
        if not _same_person(former, person):
            _hand_over(sign_up, former, person)
        key = note([found], None, Reason.SUBSTITUTED, actor=actor, now=timezone.now())
        tell_person(found, Reason.SUBSTITUTED, key, former)
        return found


def _refuse_unapproved(offering: Offering) -> None:
    """Refuse another person where the organiser says yes to persons; a municipality says yes to its places."""
    if offering.policy == SeatPolicy.ORGANISER:
        raise NoPlaceError(
            _("The organiser approves each person. Cancel this place, and sign the other person up instead.")
        )


def _says(place: Participant, person: Person) -> bool:
    return (place.name, place.email or "", place.user) == (person.name, person.email, person.user)


def _same_person(one: Person, other: Person) -> bool:
    return bool(one.email and one.email == other.email) or bool(one.user and one.user == other.user)


def _write(place: Participant, person: Person) -> None:
    place.name, place.email, place.user = person.name, person.email or None, person.user
    place.save(update_fields=["name", "email", "user"])


def _hand_over(sign_up: SignUp, former: Person, person: Person) -> None:
    """Let a single sign-up be the substitute's, as far as it was the former person's own; the lock is held.

    What is answered, changed and cancelled from now on is no longer hers to know or to do. Who signed up somebody else
    keeps that, and so does a group's contact.
    """
    if sign_up.is_group:
        return
    sign_up.refresh_from_db(fields=["contact_name", "contact_email", "actor", "fingerprint"])
    if sign_up.contact_email == former.email:
        sign_up.contact_name, sign_up.contact_email = person.name, person.email
    if sign_up.actor is not None and _same_person(former, Person(email=_address(sign_up.actor), user=sign_up.actor)):
        # Without the fingerprint her form, sent once more, leads to nobody's place.
        sign_up.actor, sign_up.fingerprint = None, ""
    sign_up.save(update_fields=["contact_name", "contact_email", "actor", "fingerprint"])


def _address(account: Any) -> str:
    return normal_email(account.email or "")


def places_cancel(
    *, actor: Any, sign_up: SignUp, places: Collection[UUID] | None = None, reason: Reason = Reason.CANCELLED
) -> list[Participant]:
    """Give up places, all of them if none are named; whoever is next gets the seats in the same transaction.

    A place that is given up already stays so, and nobody is told twice. Returns those that were given up now.

    Raises:
        NoPlaceError: one of them is not of this sign-up.
    """
    with seats_locked(sign_up.offering_id, cases_of=[sign_up]) as offerings:
        gone = [place for place in _places(sign_up, places) if place.state in ACTIVE]
        _give_up(actor, offerings[sign_up.offering_id], sign_up, gone, reason)
        return gone


def waiting_leave(*, actor: Any, sign_up: SignUp) -> list[Participant]:
    """Leave the line: who waits or has an offer; who has a seat keeps it."""
    with seats_locked(sign_up.offering_id, cases_of=[sign_up]) as offerings:
        in_line = (PlaceState.PENDING, PlaceState.WAITING, PlaceState.OFFERED)
        gone = [place for place in _places(sign_up, None) if place.state in in_line]
        _give_up(actor, offerings[sign_up.offering_id], sign_up, gone, Reason.LEFT)
        return gone


def _give_up(actor: Any, offering: Offering, sign_up: SignUp, gone: list[Participant], reason: Reason) -> None:
    if not gone:
        return
    now = timezone.now()
    put(gone, PlaceState.CANCELLED, reason, actor=actor, now=now)
    close_empty_offers(sign_up, now=now)
    approval_withdraw(actor=actor, sign_up=sign_up)
    settle(offering, actor=actor, now=now)


def places_move(
    *, actor: Any, sign_up: SignUp, target: Offering, key: str, places: Collection[UUID] | None = None
) -> SignUp:
    """Move places to another offering, where they get seats at once; otherwise they stay where they are.

    Raises:
        FullError: there are not seats enough there, or somebody must approve first.
        SeatsError: another rule of the seats there is against it.
    """
    source = sign_up.offering_id
    with seats_locked(source, target.pk, cases_of=[sign_up]) as offerings:
        new_home = offerings[target.pk]
        named = _places(sign_up, places)
        moving = [place for place in named if place.state in ACTIVE]
        wish = _wish_of(sign_up, moving or named, key)
        if not moving:
            return _moved_already(actor, new_home, wish)
        if target.pk == source:
            raise NoPlaceError(_("Choose another date to move to."))
        moved = enter(actor, new_home, wish)
        if moved.participants.exclude(state=PlaceState.BOOKED).exists():
            raise FullError(_("There are not seats enough there. You keep the places that you have."))
        _give_up(actor, offerings[source], sign_up, moving, Reason.MOVED)
        return moved


def _moved_already(actor: Any, offering: Offering, wish: Wish) -> SignUp:
    """Return what the first click has made."""
    found = earlier(wish, offering, actor)
    if found is None:
        raise NoPlaceError(_("This place is not there, or has been given up."))
    return found


def _wish_of(sign_up: SignUp, places: list[Participant], key: str) -> Wish:
    return Wish(
        key=key,
        people=tuple(Person(place.name, place.email or "", place.user) for place in places),
        is_group=sign_up.is_group,
        contact_name=sign_up.contact_name,
        contact_email=sign_up.contact_email,
        municipality=sign_up.municipality,
        unit=sign_up.unit,
        may_split=sign_up.may_split,
    )
