"""The mail with which a guest shows that the address is hers, and the one that thanks those who came."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from events.enums import LetterKind
from events.letters.content import Content, Link
from events.letters.facts import meeting_facts
from events.letters.person import Cause, moment, subject
from events.letters.post import Address, known, post
from events.letters.writing import tell_person
from events.models import GuestWish, Letter, Occurrence
from portal.seats.api import Participant


def guest_key(wish: UUID) -> str:
    """Return by which key the mail of a guest's wish is found again, when the wish is gone."""
    return f"guest:{wish}"


@transaction.atomic
def guest_confirm(*, wish: GuestWish, token: str) -> Letter | None:
    """Send the link behind which the guest's sign-up waits for her button; once for each wish."""
    key = guest_key(wish.uuid)
    if known(key):
        return None
    with translation.override(wish.language):
        url = settings.WAGTAILADMIN_BASE_URL + reverse("signup:confirm", args=[token])
        content = _guest_content(wish, url)
        return post(
            kind=LetterKind.GUEST_CONFIRM,
            to=Address(occurrence=wish.occurrence, email=wish.email),
            key=key,
            content=content,
        )


def _guest_content(wish: GuestWish, url: str) -> Content:
    until = _("The link works until %(deadline)s.") % {"deadline": moment(wish.expires_at)}
    return Content(
        subject=subject(LetterKind.GUEST_CONFIRM, wish.occurrence),
        said=(
            _("Somebody, probably you, has written this address to sign up for a meeting."),
            _("You have no seat yet. You get one when you open the link and press the button."),
        ),
        facts=meeting_facts(wish.occurrence),
        links=(Link(_("Confirm your sign-up"), url),),
        after=(
            until,
            _("If it was not you, do nothing. Then nobody is signed up, and the address is deleted again."),
        ),
    )


@transaction.atomic
def afterwards(*, occurrence: Occurrence, participant: Participant, pulse_url: str = "") -> Letter | None:
    """Thank somebody who came, with the way to the material and to the three questions; once for each place."""
    if not participant.email:
        return None
    cause = Cause(kind=LetterKind.AFTERWARDS, pulse_url=pulse_url)
    with translation.override(participant.sign_up.language):
        return tell_person(cause, occurrence, participant, key="after")
