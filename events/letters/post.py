"""Sending: one row and one queued mail for each letter, in the transaction of its cause, and never twice.

A mail that has not left when a newer one says more is taken back: nobody reads "you are on the waiting list" and "you have
a seat" in the same minute.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from events.enums import LetterKind
from events.letters.content import Content, rendered
from events.letters.invitations import CANCEL, REQUEST, invitation
from events.models import Letter, Occurrence
from portal.core.mail import CalendarPart, queue_mail, recall_mail
from portal.core.models.outbox import OutboxMessage, OutboxState
from portal.seats.api import Participant, SignUp

# After these the meeting stands in the receiver's calendar no longer.
ENDING = frozenset({LetterKind.GIVEN_UP, LetterKind.CALLED_OFF, LetterKind.LAPSED, LetterKind.REFUSED})
# What is untrue, or says nothing, once there is something newer to say to the same receiver.
PASSING = (LetterKind.WAITING, LetterKind.PENDING, LetterKind.OFFER, LetterKind.REMINDER)
# These say nothing of how somebody stands that she had not to be told before.
BESIDE = frozenset({LetterKind.CHANGED, LetterKind.BACK_ON, LetterKind.REMINDER, LetterKind.AFTERWARDS})
# Sums up a group for its contact: the newest sum is enough.
SUMS = (*PASSING, LetterKind.CONFIRMED, LetterKind.PROMOTED)
# A sum of these says nothing of an offer, so that the offer's own mail still has to leave; all others say it again.
WITHOUT_OFFER = BESIDE | {LetterKind.NAMES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Who gets a letter, and what about; without `participant` it is the contact of the sign-up."""

    occurrence: Occurrence
    email: str
    name: str = ""
    sign_up: SignUp | None = None
    participant: Participant | None = None


def known(key: str) -> bool:
    """Tell whether this letter has been written: its cause was told twice."""
    return Letter.objects.filter(key=key).exists()


def post(*, kind: LetterKind, to: Address, key: str, content: Content, method: str = "", secret: bool = True) -> Letter:
    """Write the row and queue the mail; `method` adds the calendar file."""
    sequence = next_sequence(to.occurrence, to.email) if method else None
    letter = Letter.objects.create(
        occurrence=to.occurrence,
        sign_up=to.sign_up,
        participant=to.participant,
        kind=kind,
        email=to.email,
        sequence=sequence,
        key=key,
    )
    text, html = rendered(content)
    queue_mail(
        to=to.email,
        subject=content.subject,
        text=text,
        html=html,
        calendar=_file(to, method, sequence) if sequence is not None else None,
        key=key,
        secret=secret,
    )
    return letter


def _file(to: Address, method: str, sequence: int) -> CalendarPart:
    content = invitation(
        to.occurrence, method=method, sequence=sequence, email=to.email, name=to.name, now=timezone.now()
    )
    return CalendarPart.from_bytes(method, content)


def next_sequence(occurrence: Occurrence, email: str) -> int:
    """Return a number that the receiver's calendar has not seen; the caller holds the lock of the seats or the row."""
    last = Letter.objects.filter(occurrence=occurrence, email=email).aggregate(last=Max("sequence"))["last"]
    return int(occurrence.sequence if last is None else max(occurrence.sequence, last + 1))


def method_for(kind: LetterKind, occurrence: Occurrence, email: str, *, has_seat: bool) -> str:
    """Return which calendar file goes along: one for those who have a seat, and its end for those who had one."""
    if kind in ENDING:
        return CANCEL if has_file(occurrence, email) else ""
    return REQUEST if has_seat else ""


def has_file(occurrence: Occurrence, email: str) -> bool:
    """Tell whether the meeting stands in the receiver's calendar, as far as our mails have put it there."""
    files = Letter.objects.filter(occurrence=occurrence, email=email, sequence__isnull=False)
    last = files.order_by("-sequence", "-id").first()
    return last is not None and LetterKind(last.kind) not in ENDING


def take_back(letters: Iterable[Letter]) -> None:
    """Take back the letters that have not left; those that have are in the books for ever."""
    for letter in letters:
        if recall_mail(key=letter.key):
            letter.delete()


def take_back_older(*, participant: Participant, kind: LetterKind) -> None:
    """Take back what has not left to one person and is untrue, or says nothing more, beside a letter of this kind."""
    kinds = (LetterKind.REMINDER,) if kind in BESIDE else PASSING
    take_back(_unsent(Letter.objects.filter(participant=participant, kind__in=kinds)))


def take_back_all(*, participant: Participant, email: str) -> None:
    """Take back everything that has not left to somebody whose place is another person's now."""
    take_back(_unsent(Letter.objects.filter(participant=participant, email=email)))


def take_back_sums(*, sign_up: SignUp, kind: LetterKind) -> None:
    """Take back the sums of a sign-up that its contact has not got, and that one of this kind says again."""
    kinds = [one for one in SUMS if one is not LetterKind.OFFER or kind not in WITHOUT_OFFER]
    take_back(_unsent(Letter.objects.filter(sign_up=sign_up, participant=None, kind__in=kinds)))


def _unsent(letters: Iterable[Letter]) -> list[Letter]:
    rows = {letter.key: letter for letter in letters}
    if not rows:
        return []
    waiting = OutboxMessage.objects.filter(topic="mail", key__in=rows, state=OutboxState.WAITING)
    return [rows[key] for key in waiting.values_list("key", flat=True)]
