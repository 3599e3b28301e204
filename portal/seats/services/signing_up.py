"""Sign up: one person, or a group with one place in line."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.core.sent import storable
from portal.organisations.api import Municipality, Unit
from portal.seats.approval import approval_begin, approval_for
from portal.seats.enums import PlaceState, Reason, SignUpState
from portal.seats.errors import (
    AlreadySignedUpError,
    GroupSizeError,
    KeyReusedError,
    NamesClosedError,
    NotOpenError,
    PersonError,
)
from portal.seats.locking import seats_locked
from portal.seats.models import Offering, Participant, SignUp
from portal.seats.models.places import KEY_LENGTH, NAME_LENGTH
from portal.seats.people import OPEN_SLOT, Person, cleaned_group, normal_email
from portal.seats.placing import note, settle, tell_waiting

LARGEST_GROUP = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a form asks for, checked as far as that needs no lock."""

    key: str
    people: tuple[Person, ...]
    is_group: bool
    contact_name: str
    contact_email: str
    municipality: Municipality | None
    unit: Unit | None
    may_split: bool

    def fingerprint(self, offering: Offering, actor: Any) -> str:
        """Return what tells this wish from another one of the same key."""
        people = [(person.name, person.email, getattr(person.user, "pk", None)) for person in self.people]
        parts = [
            offering.pk,
            getattr(actor, "pk", None),
            people,
            self.contact_email,
            getattr(self.municipality, "pk", None),
            getattr(self.unit, "pk", None),
            self.may_split,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def sign_up_one(
    *,
    actor: Any,
    offering: Offering,
    person: Person,
    key: str,
    contact_name: str = "",
    contact_email: str = "",
    municipality: Municipality | None = None,
    unit: Unit | None = None,
) -> SignUp:
    """Sign up one person. The same wish sent twice is one sign-up.

    Raises:
        SeatsError: a rule of the seats is against it.
    """
    people = cleaned_group([person])
    wish = Wish(
        key=key,
        people=people,
        is_group=False,
        contact_name=contact_name or people[0].name,
        contact_email=normal_email(contact_email) or people[0].email,
        municipality=unit.municipality if unit else municipality,
        unit=unit,
        may_split=False,
    )
    return _sign_up(actor, offering, wish)


def sign_up_group(
    *,
    actor: Any,
    offering: Offering,
    key: str,
    people: Sequence[Person] = (),
    unnamed: int = 0,
    contact_name: str = "",
    contact_email: str = "",
    municipality: Municipality | None = None,
    unit: Unit | None = None,
    may_split: bool = False,
) -> SignUp:
    """Sign up several people: those who are named, and so many whose names come later.

    Raises:
        SeatsError: a rule of the seats is against it.
    """
    if unnamed < 0 or not 1 <= len(people) + unnamed <= LARGEST_GROUP:
        raise GroupSizeError(_("Sign up at least 1 and at most %(limit)s people at a time.") % {"limit": LARGEST_GROUP})
    wish = Wish(
        key=key,
        people=cleaned_group(people) + (OPEN_SLOT,) * unnamed,
        is_group=True,
        contact_name=contact_name,
        contact_email=normal_email(contact_email),
        municipality=unit.municipality if unit else municipality,
        unit=unit,
        may_split=may_split,
    )
    return _sign_up(actor, offering, wish)


def _sign_up(actor: Any, offering: Offering, wish: Wish) -> SignUp:
    if actor is None and not wish.contact_email:
        raise PersonError(_("Write an e-mail address that the answer can be sent to."), field="email")
    if len(wish.contact_name) > NAME_LENGTH or not 0 < len(wish.key) <= KEY_LENGTH:
        raise PersonError(_("Write at most %(limit)s characters.") % {"limit": NAME_LENGTH}, field="contact_name")
    try:
        with seats_locked(offering.pk) as offerings:
            return enter(actor, offerings[offering.pk], wish)
    except IntegrityError as error:
        if SignUp.objects.filter(key=wish.key).exists():
            raise _reused() from error
        raise


def _reused() -> KeyReusedError:
    return KeyReusedError(_("This form has been used already. Open the page again before you sign up more people."))


def earlier(wish: Wish, offering: Offering, actor: Any) -> SignUp | None:
    """Return the sign-up that this very wish has made before.

    Raises:
        KeyReusedError: the key belongs to another wish, whosesoever.
    """
    if not storable(wish.key):
        raise _reused()
    found = SignUp.objects.filter(key=wish.key).first()
    if found is not None and found.fingerprint != wish.fingerprint(offering, actor):
        raise _reused()
    return found


def enter(actor: Any, offering: Offering, wish: Wish) -> SignUp:
    """Join the line of a locked offering and be served, in this order: a second click, the rules, the line, the seats."""
    if (found := earlier(wish, offering, actor)) is not None:
        return found
    now = timezone.now()
    _check_time(offering, now)
    _check_size(offering, wish, now)
    refuse_known(offering, wish.people)
    kind = approval_for(offering, wish.municipality)
    sign_up = _insert(actor, offering, wish, PlaceState.PENDING if kind else PlaceState.WAITING, now)
    if kind:
        approval_begin(actor=actor, kind=kind, sign_up=sign_up)
    settle(offering, actor=actor, now=now, fresh=sign_up.pk)
    tell_waiting(sign_up)
    return sign_up


def _check_time(offering: Offering, now: datetime) -> None:
    if offering.called_off:
        raise NotOpenError(_("It has been called off."))
    if offering.state_at(now) is SignUpState.NOT_YET:
        raise NotOpenError(_("Sign-up has not opened yet."))
    if offering.state_at(now) is SignUpState.CLOSED or not offering.gives_at(now):
        raise NotOpenError(_("The sign-up deadline has passed."))


def _check_size(offering: Offering, wish: Wish, now: datetime) -> None:
    size = len(wish.people)
    if offering.capacity is not None and size > offering.capacity and not wish.may_split:
        text = ngettext(
            "There is only %(seats)s seat in all. Sign up fewer people, or say that the group may be split.",
            "There are only %(seats)s seats in all. Sign up fewer people, or say that the group may be split.",
            offering.capacity,
        )
        raise GroupSizeError(text % {"seats": offering.capacity})
    if OPEN_SLOT in wish.people and offering.names_by is not None and now >= offering.names_by:
        raise NamesClosedError(_("The deadline for names has passed. Write the names of all now."))


def refuse_known(offering: Offering, people: Sequence[Person]) -> None:
    """Refuse people who have a place here already; the lock is held.

    Raises:
        AlreadySignedUpError: with the names as they were written.
    """
    active = offering.participants.active()
    users = {person.user.pk for person in people if person.user}
    emails = {person.email for person in people if person.email}
    known_users = set(active.filter(user__in=users).values_list("user", flat=True))
    known_emails = set(active.filter(email__in=emails).values_list("email", flat=True))
    known = [p for p in people if (p.user and p.user.pk in known_users) or (p.email and p.email in known_emails)]
    if known:
        names = ", ".join(person.name for person in known)
        text = ngettext("%(names)s has a place here already.", "%(names)s have places here already.", len(known))
        raise AlreadySignedUpError(text % {"names": names}, tuple(person.email for person in known))


def _language() -> str:
    """Return the language that the form was read in; a worker has none."""
    active = get_language() or settings.LANGUAGE_CODE
    return active if active in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _insert(actor: Any, offering: Offering, wish: Wish, state: PlaceState, now: datetime) -> SignUp:
    sign_up = SignUp.objects.create(
        offering=offering,
        is_group=wish.is_group,
        contact_name=wish.contact_name,
        contact_email=wish.contact_email,
        actor=actor,
        municipality=wish.municipality,
        unit=wish.unit,
        may_split=wish.may_split,
        language=_language(),
        names_by=offering.names_by if OPEN_SLOT in wish.people else None,
        placed_at=now,
        key=wish.key,
        fingerprint=wish.fingerprint(offering, actor),
    )
    rows = [Participant(offering=offering, sign_up=sign_up, state=state, **p.columns) for p in wish.people]
    note(Participant.objects.bulk_create(rows), state, Reason.SIGNED_UP, actor=actor, now=now)
    return sign_up
