"""What ends when a place is another person's, or nobody's: the former one's answers, consent, and the links in her mails."""

from events.models import PlaceLink
from events.signup.answers import forget
from portal.seats.api import Notice, Reason, register_effect

# Moved and cancelled places keep theirs: the organiser may still ask what was wanted, until the day they are deleted.
FORMER = frozenset({Reason.SUBSTITUTED, Reason.UNNAMED, Reason.ERASED})


def forget_former(notice: Notice) -> None:
    """Delete what belongs to the person and not to the place."""
    if notice.reason in FORMER:
        forget(notice.participants)
        PlaceLink.objects.filter(participant__in=notice.participants).delete()


def register() -> None:
    """Register it with the seats."""
    register_effect("events.former", forget_former)
