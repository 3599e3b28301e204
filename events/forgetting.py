"""Delete what has been kept long enough. Each kind and each meeting on its own, so that one failure leaves the others done.

A dry run counts by the same queries, and writes nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events.enums import LetterKind
from events.letters.api import guest_key
from events.models import (
    Answer,
    Attendance,
    DoorLink,
    GuestWish,
    Letter,
    ListConsent,
    Occurrence,
    PlaceLink,
    Question,
    Subscription,
)
from events.running.doors import LATE
from portal.core import audit
from portal.core.local_time import local_day, start_of_day
from portal.core.mail import TOPIC
from portal.core.models import OutboxMessage
from portal.seats.api import Offering, SignUp, people_forget

# Somebody may look for a mail with a link the day after it ran out; who never confirmed is a stranger.
LINK_DAYS, UNCONFIRMED_DAYS = dt.timedelta(days=1), dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much of one kind was deleted, or would be."""

    kind: str
    count: int


def forget_what_is_old() -> None:
    """Do it; for the clock."""
    forget(now=timezone.now())


def forget(*, now: dt.datetime, dry_run: bool = False) -> list[Forgotten]:
    """Delete answers, names, wishes, links and unconfirmed subscriptions whose time is over; return how many of each."""
    return [
        Forgotten("answers", _delete(_old_answers(now), dry_run)),
        Forgotten("names", _forget_names(now, dry_run)),
        Forgotten("guest wishes", _delete(_old_wishes(now), dry_run)),
        Forgotten("mails to guests", _forget_guest_mails(now, dry_run)),
        Forgotten("links to places", _delete(PlaceLink.objects.filter(expires_at__lt=now), dry_run)),
        Forgotten("links to doors", _delete(DoorLink.objects.filter(expires_at__lt=now - LATE), dry_run)),
        Forgotten("subscriptions never confirmed", _delete(_unconfirmed(now), dry_run)),
    ]


def _delete(rows: Any, dry_run: bool) -> int:
    return int(rows.count()) if dry_run else int(rows.delete()[1].get(rows.model._meta.label, 0))


def _old_wishes(now: dt.datetime) -> Any:
    return GuestWish.objects.filter(expires_at__lt=now - LINK_DAYS)


@transaction.atomic
def _forget_guest_mails(now: dt.datetime, dry_run: bool) -> int:
    """Delete the mails with a guest's link whose wish is gone: they promise that the address goes, if she does nothing.

    Asked of the wishes that are left, so that a run that stopped half-way leaves no address behind.
    """
    # The mails are read first: a wish is older than its mail, so that none is taken for lost that came in between.
    keys = list(Letter.objects.filter(kind=LetterKind.GUEST_CONFIRM).values_list("key", flat=True))
    left = GuestWish.objects.exclude(pk__in=_old_wishes(now).values("pk")).values_list("uuid", flat=True)
    lost = sorted(set(keys) - {guest_key(uuid) for uuid in left})
    return len(lost) if dry_run else _delete_mails(Letter.objects.filter(key__in=lost))


def _delete_mails(letters: Any) -> int:
    """Delete letters and what the outbox knows of them: both say whom they went to."""
    OutboxMessage.objects.filter(topic=TOPIC, key__in=list(letters.values_list("key", flat=True))).delete()
    return _delete(letters, dry_run=False)


def _unconfirmed(now: dt.datetime) -> Any:
    return Subscription.objects.filter(confirmed_at__isnull=True, created_at__lt=now - UNCONFIRMED_DAYS)


def _before(now: dt.datetime, days: int) -> dt.datetime:
    """Return the beginning of the day so many days ago: what ended before it has been kept for all of them."""
    return start_of_day(local_day(now) - dt.timedelta(days=days))


def _old_answers(now: dt.datetime) -> Any:
    """Return the answers that their own question keeps no longer; each number of days is one condition."""
    old = Q(pk__in=[])
    for days in Question.objects.order_by().values_list("keep_days", flat=True).distinct():
        over = Q(participant__offering__occurrence__ends_at__lt=_before(now, days))
        old |= Q(question__keep_days=days) & over
    return Answer.objects.filter(pk__in=list(Answer.objects.filter(old).values_list("pk", flat=True)))


def _forget_names(now: dt.datetime, dry_run: bool) -> int:
    gone = 0
    waiting = Occurrence.objects.filter(forgotten_at__isnull=True, ends_at__lt=now)
    for days in waiting.order_by().values_list("keep_days", flat=True).distinct():
        due = waiting.filter(keep_days=days, ends_at__lt=_before(now, days))
        for occurrence in due.select_related("offering").order_by("pk"):
            gone += dry_run or occurrence_forget(occurrence=occurrence, now=now)
    return gone


def _locked(occurrence: Occurrence) -> Occurrence:
    """Return the meeting as it is now: its seats are locked before it, as by everybody who changes it."""
    Offering.objects.select_for_update().get(pk=occurrence.offering_id)
    return Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)


@transaction.atomic
def occurrence_forget(*, occurrence: Occurrence, now: dt.datetime) -> bool:
    """Take everybody's name off a meeting, with all that leads to her: answers, consents, links, mails, notes.

    Return whether it was done: a meeting that has been moved to a later day meanwhile keeps its people.
    """
    stored = _locked(occurrence)
    if stored.ends_at >= _before(now, stored.keep_days):
        return False
    places = people_forget(offering=occurrence.offering)
    Answer.objects.filter(participant__offering=occurrence.offering_id).delete()
    ListConsent.objects.filter(participant__offering=occurrence.offering_id).delete()
    sign_ups = SignUp.objects.filter(offering=occurrence.offering_id)
    PlaceLink.objects.filter(sign_up__in=sign_ups).delete()
    GuestWish.objects.filter(occurrence=occurrence).delete()
    DoorLink.objects.filter(occurrence=occurrence).delete()
    _delete_mails(Letter.objects.filter(occurrence=occurrence))
    Attendance.objects.filter(occurrence=occurrence).update(name="", email="", recorded_by=None)
    Occurrence.objects.filter(pk=occurrence.pk).update(forgotten_at=now)
    audit.record(actor=None, action="occurrence.forgotten", obj=occurrence, after={"places": places})
    return True
