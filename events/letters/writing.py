"""Who gets a mail about a change: each person with an address her own, and the contact of the sign-up one sum.

A contact who comes along gets one mail, in which the others stand too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from events.enums import LetterKind
from events.letters.contact import active, contact_content, offer_sentences, people_lines
from events.letters.content import Content, Link
from events.letters.person import Cause, person_content
from events.letters.post import ENDING, Address, known, method_for, post, take_back_older, take_back_sums
from events.models import Letter, Occurrence
from events.signup.links import place_url
from portal.seats.api import Participant, PlaceState, Reason, SignUp


def tell_everybody(
    cause: Cause, occurrence: Occurrence, sign_up: SignUp, places: Sequence[Participant], *, key: str
) -> None:
    """Write to those whom a change is about, and to the contact."""
    contact = contact_address(sign_up, places)
    with translation.override(sign_up.language):
        for place in places:
            if place.email:
                tell_person(cause, occurrence, place, key=key, is_contact=place.email == contact)
        if contact and contact not in {place.email for place in places}:
            tell_contact(cause, occurrence, sign_up, places, key=key)


def contact_address(sign_up: SignUp, places: Iterable[Participant]) -> str:
    """Return whom the sums go to: a group's contact, or who signed up somebody else.

    Who gave her single place to another person is no contact any more: what becomes of it is no longer hers to know.
    """
    if sign_up.is_group:
        return sign_up.contact_email
    if any(place.email == sign_up.contact_email for place in places):
        return ""
    handed_on = any(place.changes.filter(reason=Reason.SUBSTITUTED).exists() for place in places)
    return "" if handed_on else sign_up.contact_email


def tell_person(
    cause: Cause,
    occurrence: Occurrence,
    place: Participant,
    *,
    key: str,
    is_contact: bool = False,
) -> Letter | None:
    """Write to one person about her place, once for each key."""
    key = f"{key}:{place.uuid}"
    if known(key):
        return None
    email, sign_up = place.email or "", place.sign_up
    take_back_older(participant=place, kind=cause.kind)
    to = Address(occurrence=occurrence, email=email, name=place.name, sign_up=sign_up, participant=place)
    content = person_content(cause, occurrence, place, _own_url(cause, occurrence, place))
    if is_contact and sign_up.is_group:
        content = _with_group(cause, content, occurrence, place)
    has_seat = place.state == PlaceState.BOOKED and not occurrence.cancelled
    wants_file = cause.kind is not LetterKind.AFTERWARDS
    method = method_for(cause.kind, occurrence, email, has_seat=has_seat) if wants_file else ""
    return post(kind=cause.kind, to=to, key=key, content=content, method=method)


def _own_url(cause: Cause, occurrence: Occurrence, place: Participant) -> str:
    """Return a link to her page, unless nothing there is hers any more."""
    if cause.kind in ENDING and cause.kind is not LetterKind.CALLED_OFF:
        return ""
    return place_url(sign_up=place.sign_up, participant=place, email=place.email or "", ends_at=occurrence.ends_at)


def _with_group(cause: Cause, content: Content, occurrence: Occurrence, place: Participant) -> Content:
    """Add the others and the way to them, for a contact who is one of those who come."""
    sign_up = place.sign_up
    url = place_url(sign_up=sign_up, participant=None, email=sign_up.contact_email, ends_at=occurrence.ends_at)
    take_back_sums(sign_up=sign_up, kind=cause.kind)
    said = place.offer_id if cause.kind is LetterKind.OFFER else None
    offers = offer_sentences(cause, occurrence, sign_up, besides=said)
    lines = people_lines(list(sign_up.participants.order_by("pk")))
    title = content.list_title
    return replace(
        content,
        list_title=_("Everybody in the sign-up:"),
        items=tuple(lines),
        said=(*content.said, *([title, *content.items] if title else []), *offers),
        links=(*content.links, Link(_("See or change the sign-up of the group"), url)),
    )


def tell_contact(
    cause: Cause, occurrence: Occurrence, sign_up: SignUp, places: Sequence[Participant], *, key: str
) -> Letter | None:
    """Write to the contact about all of the sign-up, once for each key."""
    key = f"{key}:contact"
    if known(key):
        return None
    take_back_sums(sign_up=sign_up, kind=cause.kind)
    url = ""
    if active(sign_up):
        url = place_url(sign_up=sign_up, participant=None, email=sign_up.contact_email, ends_at=occurrence.ends_at)
    to = Address(occurrence=occurrence, email=sign_up.contact_email, name=sign_up.contact_name, sign_up=sign_up)
    content = contact_content(cause, occurrence, sign_up, places, url)
    return post(kind=cause.kind, to=to, key=key, content=content)
