"""Send a mail once more. What says what is so now is written anew; what failed and is still true is sent as it is."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from events.enums import LetterKind
from events.letters.contact import active
from events.letters.notices import kind_now, occurrence_of
from events.letters.person import Cause
from events.letters.post import ENDING
from events.letters.selectors import LetterState, state_of
from events.letters.writing import tell_contact, tell_person
from events.models import Letter
from portal.core import audit, outbox
from portal.core.errors import RefusedError
from portal.core.mail import TOPIC, is_forgotten
from portal.core.models.outbox import OutboxMessage
from portal.seats.api import ACTIVE, Offering, Participant, PlaceState

# Said of the place as it stands, so that they can be said again of how it stands now.
_OF_NOW = (LetterKind.REMINDER, LetterKind.AFTERWARDS)


class NotSentAgainError(RefusedError):
    """The mail cannot be sent again, with the reason in words."""


@transaction.atomic
def letter_send_again(*, actor: Any, letter: Letter) -> Letter:
    """Send it again, or a fresh one that says what is so now; a second press finds the first one still waiting.

    Raises:
        NotSentAgainError: the receiver has no place any more, or only she could ask for it.
    """
    Offering.objects.select_for_update().get(pk=letter.occurrence.offering_id)
    locked = Letter.objects.select_for_update(of=("self",)).select_related("occurrence__event").get(pk=letter.pk)
    newest = _chain(locked)
    message = OutboxMessage.objects.filter(topic=TOPIC, key=newest.key).order_by("pk").last()
    if state_of(message) is LetterState.WAITING:
        return newest
    if message is not None and _still_true(newest, message):
        outbox.send_again(message=message)
        made = newest
    else:
        _check(newest)
        made = _fresh(newest)
    audit.record(actor=actor, action="letter.sent_again", obj=letter.occurrence, after={"kind": str(made.kind)})
    return made


def _chain(letter: Letter) -> Letter:
    """Return the last mail that was made of this one."""
    made = Letter.objects.filter(key__startswith=f"{_stem(letter)}:again").order_by("created_at", "id").last()
    return made or letter


def _stem(letter: Letter) -> str:
    return f"letter:{letter.uuid}" if not letter.key.startswith("letter:") else letter.key.split(":again")[0]


def _check(letter: Letter) -> None:
    """Refuse what would reach somebody whom it does not concern any more."""
    place, sign_up = letter.participant, letter.sign_up
    if sign_up is None:
        raise NotSentAgainError(_("The guest must sign up once more to get a new link: only she can ask for it."))
    if place is not None and (place.email != letter.email or place.state not in ACTIVE):
        raise NotSentAgainError(_("She has no place any more, so the mail is not sent again."))
    if place is None and (sign_up.contact_email != letter.email or not active(sign_up)):
        raise NotSentAgainError(_("The sign-up has no places any more, so the mail is not sent again."))


def _still_true(letter: Letter, message: OutboxMessage) -> bool:
    """Tell whether a mail that failed says what is so: it has its text, and nothing has been said or changed since."""
    if state_of(message) is not LetterState.FAILED or is_forgotten(message):
        return False
    later = Letter.objects.filter(sign_up=letter.sign_up, participant=letter.participant, pk__gt=letter.pk)
    place, ended = letter.participant, letter.kind in ENDING
    here = place is None or (place.email == letter.email and (place.state in ACTIVE or ended))
    return here and not later.exists()


def _fresh(letter: Letter) -> Letter:
    sign_up = letter.sign_up
    occurrence = occurrence_of(sign_up) if sign_up is not None else None
    if sign_up is None or occurrence is None:
        raise NotSentAgainError(_("The mail is not there any more."))
    number = Letter.objects.filter(key__startswith=f"{_stem(letter)}:again").count() + 1
    key = f"{_stem(letter)}:again{number}"
    with translation.override(sign_up.language):
        if letter.participant_id is None:
            places = active(sign_up)
            made = tell_contact(_cause(letter, places), occurrence, sign_up, places, key=key)
        else:
            place = Participant.objects.select_related("sign_up", "offering", "offer").get(pk=letter.participant_id)
            made = tell_person(_cause(letter, [place]), occurrence, place, key=key)
    if made is None:
        raise NotSentAgainError(_("The mail is not there any more."))
    return made


def _cause(letter: Letter, places: list[Participant]) -> Cause:
    """Return what there is to say now: how the first place stands, unless the mail was about something else."""
    if letter.occurrence.cancelled:
        return Cause(kind=LetterKind.CALLED_OFF)
    kind, place = LetterKind(letter.kind), places[0]
    if kind in _OF_NOW and place.state == PlaceState.BOOKED:
        return Cause(kind=kind)
    if kind is LetterKind.NAMES and (slots := [place for place in places if place.is_unnamed]):
        places[:] = slots
        return Cause(kind=kind)
    deadline = place.offer.deadline if place.offer is not None and place.state == PlaceState.OFFERED else None
    return Cause(kind=kind_now(place) or LetterKind.CONFIRMED, answer_by=deadline)
