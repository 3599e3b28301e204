"""The day after: thank those who came, and hand out the rights to answer. Once for each meeting."""

import datetime as dt
import random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone, translation

from events.enums import AttendanceState, LetterKind
from events.letters.api import afterwards
from events.models import Attendance, Letter, Occurrence
from events.pulse.services import tickets_make
from portal.core.local_time import local_day, moment
from portal.seats.api import Participant

_AT = dt.time(9)
# Later the meeting is forgotten, and so would the mail be; a worker that stood still for a week writes none.
_NOT_AFTER = dt.timedelta(days=7)
_chance = random.SystemRandom()


def thanks_at(occurrence: Occurrence) -> dt.datetime:
    """Return when those who came are written to: the next morning, when the telephones have sent what they noted."""
    return moment(local_day(occurrence.ends_at) + dt.timedelta(days=1), _AT)


def afterwards_send() -> None:
    """Write to those who came to the meetings of yesterday, each meeting in a transaction of its own."""
    now = timezone.now()
    attended = Attendance.objects.filter(
        occurrence=OuterRef("pk"), participant__email__isnull=False, state=AttendanceState.ATTENDED
    )
    written = Letter.objects.filter(occurrence=OuterRef("pk"), kind=LetterKind.AFTERWARDS)
    over = Occurrence.objects.filter(ends_at__lt=now, ends_at__gt=now - _NOT_AFTER, cancelled=False)
    for occurrence in over.filter(Exists(attended), ~Exists(written)).order_by("pk"):
        if thanks_at(occurrence) <= now:
            _send(occurrence)


@transaction.atomic
def _send(occurrence: Occurrence) -> None:
    Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)
    if Letter.objects.filter(occurrence=occurrence, kind=LetterKind.AFTERWARDS).exists():
        return
    came = list(_came(occurrence))
    # All at once and at random: neither the order of the mails nor that of the tickets says whose is which.
    _chance.shuffle(came)
    tokens = tickets_make(occurrence=occurrence, count=len(came)) if occurrence.asks_pulse else [""] * len(came)
    for participant, token in zip(came, tokens, strict=True):
        url = _url(token, participant.sign_up.language) if token else ""
        afterwards(occurrence=occurrence, participant=participant, pulse_url=url)


def _came(occurrence: Occurrence) -> Any:
    rows = Participant.objects.filter(offering=occurrence.offering_id, email__isnull=False)
    return rows.filter(attendance__state=AttendanceState.ATTENDED).select_related("sign_up").order_by("pk")


def _url(token: str, language: str) -> str:
    with translation.override(language):
        return str(settings.WAGTAILADMIN_BASE_URL + reverse("pulse:answer", args=[token]))
