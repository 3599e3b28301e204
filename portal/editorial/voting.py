"""Who may answer a step now, and who may not and why."""

from typing import Any

from django.utils.translation import gettext as _

from portal.core.principal import Principal
from portal.editorial.models import Step, Vote
from portal.editorial.moments import type_of
from portal.editorial.registry import Moment, Seat
from portal.editorial.required import PARTY, approvals


def seats_now(moment: Moment, step: Step, user: Any, principal: Principal) -> tuple[Seat, ...]:
    """Return the seats from which this person may answer this content now; none where `why_not` has something to say."""
    if why_not(moment, step, user, principal):
        return ()
    return _apart(moment, _free(moment, seats_held(moment, step, user, principal)), user)


def why_not(moment: Moment, step: Step, user: Any, principal: Principal) -> str:
    """Return why a person may not answer, in words for her, or an empty text."""
    held = seats_held(moment, step, user, principal)
    if not held:
        return _("You do not answer this step.")
    if is_submitter(moment, user):
        return _("You sent it in yourself, so somebody else answers.")
    if moment.submission is not None and moment.submission.author_id == user.pk:
        return _("You wrote the latest change yourself, so somebody else answers.")
    if any(vote.person == user.uuid for vote in moment.votes):
        return _("You have answered this text already.")
    if not _free(moment, held):
        return _("A colleague of yours has answered already.")
    if not _apart(moment, _free(moment, held), user):
        return _("You have approved for another party already; one person acts for one party.")
    return ""


def is_submitter(moment: Moment, user: Any) -> bool:
    """Tell whether a person sent the page in, in the present round."""
    submission = moment.submission
    return submission is not None and submission.submitters.filter(round=submission.round, user_id=user.pk).exists()


def seats_held(moment: Moment, step: Step, user: Any, principal: Principal) -> tuple[Seat, ...]:
    """Return the seats that are hers, or that she may take as a substitute since the deadline has passed."""
    from portal.editorial import deadlines

    entry, given = type_of(step)
    if not entry.what.human:
        return ()
    own = tuple(entry.what.seats_of(moment, given, user, principal))
    keys = {seat.key for seat in own}
    others = deadlines.substitute_seats(moment, step, entry.what.seats(moment, given), user, principal)
    return (*own, *(seat for seat in others if seat.key not in keys))


def _apart(moment: Moment, seats: tuple[Seat, ...], user: Any) -> tuple[Seat, ...]:
    """Leave out the parties' seats of who has approved the same words for another party, in whatever step."""
    if moment.submission is None or not any(seat.key.startswith(PARTY) for seat in seats):
        return seats
    hers = approvals(moment.submission, moment.digest).filter(person=user.uuid, seat__startswith=PARTY)
    taken = set(hers.values_list("seat", flat=True))
    return tuple(seat for seat in seats if not seat.key.startswith(PARTY) or taken <= {seat.key})


def _free(moment: Moment, seats: tuple[Seat, ...]) -> tuple[Seat, ...]:
    taken = {vote.seat for vote in moment.votes if vote.answer == Vote.APPROVE}
    return tuple(seat for seat in seats if seat.key not in taken)
