"""The organiser's view of the mails: sent, waiting, failed."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.enums import LetterKind
from events.models import Letter, Occurrence
from portal.core.mail import TOPIC
from portal.core.models.outbox import OutboxMessage, OutboxState


class LetterState(models.TextChoices):
    """Where a mail stands. Sent means that the mail server has taken it."""

    SENT = "sent", pgettext_lazy("mail", "Sent")
    WAITING = "waiting", pgettext_lazy("mail", "Waits to be sent")
    FAILED = "failed", _("Could not be sent")


_STATES = {
    OutboxState.WAITING: LetterState.WAITING,
    OutboxState.RUNNING: LetterState.WAITING,
    OutboxState.DEAD: LetterState.FAILED,
}


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One mail; `at` is when it left, or when it was written."""

    uuid: UUID
    kind: LetterKind
    name: str
    email: str
    state: LetterState
    at: dt.datetime
    # Why the last try failed, for the one who looks after the mail server.
    attempts: int

    @property
    def failed(self) -> bool:
        """Tell whether somebody must look at the address."""
        return self.state is LetterState.FAILED


def messages_of(keys: Collection[str]) -> dict[str, OutboxMessage]:
    """Return the queued mails by key; what left long ago is no longer there."""
    rows = OutboxMessage.objects.filter(topic=TOPIC, key__in=keys)
    return {row.key: row for row in rows.only("key", "state", "finished_at", "created_at", "attempts", "topic")}


def state_of(message: OutboxMessage | None) -> LetterState:
    """Return where a mail stands; the outbox forgets what it has delivered."""
    return LetterState.SENT if message is None else _STATES.get(OutboxState(message.state), LetterState.SENT)


def letters_of(occurrence: Occurrence) -> list[LetterRow]:
    """Return the mails about a meeting, newest first; two queries, whatever their number."""
    letters = list(
        Letter.objects.filter(occurrence=occurrence)
        .select_related("participant", "sign_up")
        .order_by("-created_at", "-id")
    )
    messages = messages_of([letter.key for letter in letters])
    return [_row(letter, messages.get(letter.key)) for letter in letters]


def _row(letter: Letter, message: OutboxMessage | None) -> LetterRow:
    left = message.finished_at if message is not None and message.state == OutboxState.DONE else None
    return LetterRow(
        uuid=letter.uuid,
        kind=LetterKind(letter.kind),
        name=_name(letter),
        email=letter.email,
        state=state_of(message),
        at=left or letter.created_at,
        attempts=message.attempts if message is not None else 0,
    )


def _name(letter: Letter) -> str:
    """Return whom it went to; a place that is another person's now does not lend her name to an older mail."""
    place, sign_up = letter.participant, letter.sign_up
    if place is not None:
        return place.name if place.email == letter.email else ""
    return sign_up.contact_name if sign_up is not None and sign_up.contact_email == letter.email else ""
