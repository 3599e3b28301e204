"""One person's sign-up: by account, or as a guest who first shows that the address is hers; and what she does afterwards.

The seats are given by `portal.seats` alone. What is added here is what a meeting asks besides: answers, consent to the
list, the manager who comes along.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.enums import ListShown
from events.letters.api import guest_confirm
from events.models import GuestWish, Occurrence
from events.signup.answers import answers_save, carry_over, consent_save
from events.signup.links import hashed, new_token
from portal.organisations.api import Municipality, Unit
from portal.seats.api import (
    KeyReusedError,
    NoPlaceError,
    NotOpenError,
    Participant,
    Person,
    PersonError,
    PlaceState,
    Reason,
    SignUp,
    normal_email,
    places_cancel,
    places_move,
    sign_up_group,
    sign_up_one,
)

# Long enough for a mail that is read tomorrow; a wish keeps no seat, so a longer one would only disappoint.
WISH_LIFE = dt.timedelta(hours=48)
IN_LINE = (PlaceState.PENDING, PlaceState.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person's form asks for. `key` is the form's own random word."""

    key: str
    name: str
    email: str = ""
    municipality: Municipality | None = None
    unit: Unit | None = None
    manager_name: str = ""
    manager_email: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    shown: str = ListShown.NOBODY.value


def person_sign_up(*, actor: Any, occurrence: Occurrence, wish: Wish) -> Participant:
    """Sign up the actor, and her manager with her if she says so; the same wish sent twice is one sign-up.

    Only the first time writes answers: a form that is sent again from yesterday's tab must not undo today's.

    Raises:
        SeatsError: a rule of the seats is against it.
    """
    refuse_begun(occurrence)
    key = f"person:{wish.key}"
    with transaction.atomic():
        fresh = not SignUp.objects.filter(key=key).exists()
        made = _sign_up(actor, occurrence, wish, key)
        place = made.participants.order_by("pk")[0]
        if fresh:
            answers_save(participant=place, values=wish.answers, actor=actor)
            consent_save(participant=place, shown=wish.shown, actor=actor)
        return place


def _sign_up(actor: Any, occurrence: Occurrence, wish: Wish, key: str) -> SignUp:
    me = Person(wish.name, wish.email, actor)
    places: dict[str, Any] = {"municipality": wish.municipality, "unit": wish.unit}
    if not (wish.manager_name or wish.manager_email):
        return sign_up_one(actor=actor, offering=occurrence.offering, person=me, key=key, **places)
    manager = Person(wish.manager_name, wish.manager_email)
    email = normal_email(getattr(actor, "email", None) or wish.email)
    # Somebody must read of an offer: where her account has no address, the manager who comes along does.
    name, email = (wish.name, email) if email else (wish.manager_name, normal_email(wish.manager_email))
    return sign_up_group(
        actor=actor,
        offering=occurrence.offering,
        key=key,
        people=[me, manager],
        contact_name=name,
        contact_email=email,
        **places,
    )


def used_text() -> str:
    """Return what is said when a form is drawn again with a new word."""
    return _("This form has been used already. Check what you have written, and send it again.")


def refuse_begun(occurrence: Occurrence) -> None:
    """Refuse what comes too late.

    Raises:
        NotOpenError: the meeting has begun.
    """
    if occurrence.starts_at <= timezone.now():
        raise NotOpenError(_("The meeting has begun, so nothing can be changed any more."))


# --- Guests ----------------------------------------------------------------------------------------------------------


def guest_ask(*, occurrence: Occurrence, uuid: UUID, wish: Wish) -> GuestWish:
    """Keep what a guest wrote and send the link with which she shows that the address is hers. No seat is taken.

    It looks at nobody's places: what is known about an address is told to that address alone. The same form sent twice
    sends one mail.

    Raises:
        KeyReusedError: the form was used for another wish.
    """
    email, content = normal_email(wish.email), _content(wish)
    token, now = new_token(), timezone.now()
    if (found := GuestWish.objects.filter(uuid=uuid).first()) is not None:
        return _same(found, occurrence, email, content)
    try:
        with transaction.atomic():
            made = GuestWish.objects.create(
                uuid=uuid,
                occurrence=occurrence,
                email=email,
                wish=content,
                language=translation.get_language() or "da",
                token_hash=hashed(token),
                expires_at=max(now, _last_moment(occurrence, now)),
            )
            guest_confirm(wish=made, token=token)
            return made
    except IntegrityError:
        # The other click of a double one has been faster.
        return _same(GuestWish.objects.get(uuid=uuid), occurrence, email, content)


def _last_moment(occurrence: Occurrence, now: dt.datetime) -> dt.datetime:
    """Return until when the button can do what the mail says."""
    offering = occurrence.offering
    ends = (now + WISH_LIFE, occurrence.starts_at, offering.deadline, offering.gives_until)
    return min(end for end in ends if end is not None)


def _content(wish: Wish) -> dict[str, Any]:
    return {
        "name": wish.name,
        "municipality": wish.municipality.code if wish.municipality else "",
        "answers": dict(wish.answers),
        "shown": str(wish.shown),
    }


def _same(found: GuestWish, occurrence: Occurrence, email: str, content: dict[str, Any]) -> GuestWish:
    """Return the first click's wish; one that has become a sign-up is empty and can only be the same."""
    same = found.email == email and found.occurrence_id == occurrence.pk and found.wish in ({}, content)
    if not same:
        raise KeyReusedError(used_text())
    return found


def wish_find(token_hash: str) -> GuestWish | None:
    """Return the wish behind a link that still works."""
    rows = GuestWish.objects.select_related("occurrence__event", "occurrence__offering", "occurrence__municipality")
    found = rows.filter(token_hash=token_hash).first()
    return found if found and (found.sign_up_id or found.expires_at > timezone.now()) else None


@transaction.atomic
def guest_sign_up(*, wish: GuestWish) -> Participant:
    """Sign up the guest whose link was pressed, or return the place that her address has already.

    Raises:
        SeatsError: a rule of the seats is against it.
        NoPlaceError: the link has run out meanwhile.
    """
    locked = GuestWish.objects.select_for_update(of=("self",)).select_related("occurrence__offering").get(pk=wish.pk)
    if locked.sign_up is not None:
        return locked.sign_up.participants.order_by("pk")[0]
    if (there := place_of_address(locked)) is not None:
        return there
    if locked.expires_at <= timezone.now() or not locked.wish:
        raise NoPlaceError(_("The link does not work any more."))
    refuse_begun(locked.occurrence)
    place = _guest_place(locked)
    locked.wish, locked.sign_up = {}, place.sign_up
    locked.save(update_fields=["wish", "sign_up"])
    return place


def place_of_address(wish: GuestWish) -> Participant | None:
    """Return the place that the wish's address has at the meeting; to be told to who has shown that it is hers."""
    return wish.occurrence.offering.participants.active().filter(email=wish.email).select_related("sign_up").first()


def _guest_place(wish: GuestWish) -> Participant:
    said = wish.wish
    made = sign_up_one(
        actor=None,
        offering=wish.occurrence.offering,
        person=Person(said["name"], wish.email),
        key=f"guest:{wish.uuid}",
        municipality=Municipality.objects.filter(code=said["municipality"]).first(),
    )
    place = made.participants.order_by("pk")[0]
    answers_save(participant=place, values=said["answers"])
    consent_save(participant=place, shown=said["shown"])
    return place


# --- Afterwards ------------------------------------------------------------------------------------------------------


def place_cancel(*, actor: Any, place: Participant) -> None:
    """Give up one place, or leave the line; a second click finds nothing more to do.

    Raises:
        SeatsError: it is too late, or a rule of the seats is against it.
    """
    refuse_begun(place.offering.occurrence)
    reason = Reason.LEFT if place.state in IN_LINE else Reason.CANCELLED
    places_cancel(actor=actor, sign_up=place.sign_up, places=[place.uuid], reason=reason)


@transaction.atomic
def date_move(
    *, actor: Any, sign_up: SignUp, target: Occurrence, key: str, places: Collection[UUID] | None = None
) -> SignUp:
    """Move places to another date of the same meeting, with their answers; without free seats there nothing is changed.

    Raises:
        SeatsError: a rule of the seats is against it.
    """
    here = sign_up.offering.occurrence
    refuse_begun(here)
    refuse_begun(target)
    if target.event_id != here.event_id:
        raise PersonError(_("Choose another date of the same meeting."), field="target")
    fresh = not SignUp.objects.filter(key=key).exists()
    moved = places_move(actor=actor, sign_up=sign_up, target=target.offering, key=key, places=places)
    if fresh:
        former = {_who(place): place for place in sign_up.participants.order_by("pk")}
        for place in moved.participants.order_by("pk"):
            if not place.is_unnamed and (source := former.get(_who(place))) is not None:
                carry_over(source=source, target=place)
    return moved


def _who(place: Participant) -> tuple[int | None, str | None, str]:
    return place.user_id, place.email, place.name
