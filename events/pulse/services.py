"""Who may answer, the answers, and what they come to. Nothing here may tell who gave an answer.

The attacker in mind reads the whole database, also as the database keeps it. So tickets are made for all at once, in
the order of their hashes, and handed out at random; an answer's row has a random key, no time and no ticket; and with each
answer all rows of the meeting are written anew in another order, so that neither their order nor the transaction in which
they were written says which came with which ticket. What a ticket tells is whether it has been used, until the count.
"""

import datetime as dt
import random
from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from events.models import Occurrence, PulseAnswer, PulseResult, PulseTicket
from events.pulse.questions import FIELDS, Said
from events.signup.links import hashed, new_token
from portal.core.errors import RefusedError
from portal.organisations.api import SMALLEST_GROUP
from profilecatalog.assessment.api import is_safe

OPEN_FOR = dt.timedelta(days=14)
_chance = random.SystemRandom()


class PulseClosedError(RefusedError):
    """The questions are closed, or this link never opened them."""


class PulseAnsweredError(RefusedError):
    """The link has been used: everybody answers once."""


def closes_at(occurrence: Occurrence) -> dt.datetime:
    """Return when the answers are counted."""
    return occurrence.ends_at + OPEN_FOR


def tickets_make(*, occurrence: Occurrence, count: int) -> list[str]:
    """Make the rights to answer, all at once, and return their tokens in an order that says nothing."""
    tokens = [new_token() for _number in range(count)]
    PulseTicket.objects.bulk_create(
        PulseTicket(occurrence=occurrence, token_hash=fingerprint) for fingerprint in sorted(map(hashed, tokens))
    )
    _chance.shuffle(tokens)
    return tokens


def ticket_for(token: str) -> PulseTicket:
    """Return the right to answer that a link holds.

    Raises:
        PulseClosedError: it is none, or the questions are closed.
        PulseAnsweredError: it has been used.
    """
    ticket = PulseTicket.objects.select_related("occurrence__event").filter(token_hash=hashed(token)).first()
    if ticket is None or timezone.now() >= closes_at(ticket.occurrence):
        raise PulseClosedError
    if ticket.used:
        raise PulseAnsweredError
    return ticket


@transaction.atomic
def pulse_answer(*, token: str, answers: dict[str, int]) -> None:
    """Write one answer and use up the ticket; no log, no queue and no session hears of it.

    Raises:
        PulseClosedError: it is none, or the questions are closed.
        PulseAnsweredError: it has been used, perhaps a moment ago.
    """
    occurrence = ticket_for(token).occurrence
    Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)
    tickets = PulseTicket.objects.filter(occurrence=occurrence)
    if not tickets.filter(token_hash=hashed(token), used=False).update(used=True):
        raise PulseAnsweredError
    known = list(PulseAnswer.objects.filter(occurrence=occurrence))
    given = [{name: getattr(row, name) for name in FIELDS} for row in known] + [
        {name: int(answers[name]) for name in FIELDS}
    ]
    PulseAnswer.objects.filter(occurrence=occurrence).delete()
    _chance.shuffle(given)
    PulseAnswer.objects.bulk_create(PulseAnswer(id=uuid4(), occurrence=occurrence, **row) for row in given)
    tickets.update(occurrence=occurrence)


def pulses_count() -> None:
    """Count the pulses whose time is over, each once and in a transaction of its own."""
    over = Occurrence.objects.filter(ends_at__lte=timezone.now() - OPEN_FOR, pulse_result__isnull=True)
    for occurrence in over.filter(pulse_tickets__isnull=False).order_by("pk").distinct():
        _count(occurrence)


@transaction.atomic
def _count(occurrence: Occurrence) -> None:
    Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)
    if PulseResult.objects.filter(occurrence=occurrence).exists():
        return
    rows = list(PulseAnswer.objects.filter(occurrence=occurrence))
    asked = PulseTicket.objects.filter(occurrence=occurrence).count()
    PulseResult.objects.create(
        occurrence=occurrence, closed_at=closes_at(occurrence), figures=figures_of(rows, asked=asked)
    )
    PulseAnswer.objects.filter(occurrence=occurrence).delete()
    PulseTicket.objects.filter(occurrence=occurrence).delete()


def figures_of(rows: Sequence[PulseAnswer], *, asked: int) -> dict[str, object]:
    """Return what may be shown: nothing of few answers, and no question whose answers tell what somebody said."""
    if len(rows) < SMALLEST_GROUP:
        return {}
    found: dict[str, object] = {"asked": asked, "answered": len(rows)}
    for name in FIELDS:
        counts = [sum(1 for row in rows if getattr(row, name) == said) for said in Said.values]
        found[name] = counts if is_safe(counts, SMALLEST_GROUP) else None
    return found
