"""How long a step waits for people: reminders before the end, substitutes and a louder call after it. Never an approval.

Reminders travel in the person's one digest. The clock may have stood still: what it missed is made up for by one
reminder, and by none once the deadline has passed.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.api import Membership, User
from portal.core import audit
from portal.core.mail import queue_mail
from portal.core.principal import Principal
from portal.editorial.models import Step, StepState, Submission
from portal.editorial.moments import moment_of, step_of, type_of
from portal.editorial.registry import Moment, Seat
from portal.editorial.required import PARTY
from portal.editorial.schema import Deadline

EVERY = dt.timedelta(minutes=1)


def begin(state: StepState, deadline: Deadline, at: dt.datetime) -> None:
    """Note when the step is due: so many days later by the calendar here, at the same time of day."""
    state.due_at = _days_later(at, deadline.days)
    state.save(update_fields=["due_at"])


def _days_later(moment: dt.datetime, days: int) -> dt.datetime:
    """Go by days of the calendar here: a day of 23 or 25 hours is a day as well."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    naive = local.replace(tzinfo=None) + dt.timedelta(days=days)
    return timezone.make_aware(naive, timezone.get_default_timezone()).astimezone(dt.UTC)


def is_overdue(moment: Moment) -> bool:
    """Tell whether the deadline of the step has passed."""
    return bool(moment.state and moment.state.due_at and moment.state.due_at <= moment.at)


# --- The clock --------------------------------------------------------------------------------------------------------


def look(state: StepState, step: Step, now: dt.datetime) -> dt.datetime:
    """Do what the deadline asks for by now, each once, and return when the clock looks again."""
    deadline = step.deadline_spec
    if deadline is not None and state.due_at is not None:
        if state.due_at <= now:
            _escalate(state, step, deadline, now)
        else:
            _remind(state, step, deadline, now)
    return now + EVERY


def reminders(state: StepState, deadline: Deadline) -> list[dt.datetime]:
    """Return when reminders are due, the first one first; one that would have come before the step began is none."""
    if state.due_at is None:
        return []
    moments = (_days_later(state.due_at, -days) for days in set(deadline.remind))
    return sorted(moment for moment in moments if state.started_at < moment < state.due_at)


def _remind(state: StepState, step: Step, deadline: Deadline, now: dt.datetime) -> None:
    passed = sum(moment <= now for moment in reminders(state, deadline))
    if passed <= state.reminded or not _mine(state, reminded=state.reminded, then={"reminded": passed}):
        return
    state.reminded = passed
    _ask_for_digest(_waited_for(state, step, now), now)


def _escalate(state: StepState, step: Step, deadline: Deadline, now: dt.datetime) -> None:
    if state.escalated_at is not None or not _mine(state, escalated_at=None, then={"escalated_at": now}):
        return
    state.escalated_at = now
    submission = _submission(state)
    told = list(_holders(deadline.escalate))
    for user in told:
        _mail(user, state, submission)
    everybody = {user.pk: user for user in (*_waited_for(state, step, now), *_substitutes(deadline))}
    _ask_for_digest(everybody.values(), now)
    what = {"step": step.key, "due": state.due_at.isoformat() if state.due_at else None, "told": len(told)}
    audit.record(actor=None, action="page.answer_overdue", obj=submission.page, after=what)


def _mine(state: StepState, *, then: dict[str, Any], **was: Any) -> bool:
    """Take what is to be done, if nobody has: two clocks may look at once."""
    return bool(StepState.steps.filter(pk=state.pk, **was).update(**then))


def _submission(state: StepState) -> Submission:
    found: Submission = Submission.objects.select_related("page").get(workflow_state_id=state.workflow_state_id)
    return found


def _waited_for(state: StepState, step: Step, now: dt.datetime) -> list[User]:
    """Return the people who have not answered and may."""
    submission = _submission(state)
    entry, given = type_of(step)
    barred = {submission.author_id, *_submitters(submission)}
    return [user for user in entry.what.people(moment_of(submission, state, at=now), given) if user.pk not in barred]


def _submitters(submission: Submission) -> Iterable[int | None]:
    return submission.submitters.filter(round=submission.round).values_list("user_id", flat=True)


def _holders(roles: tuple[str, ...]) -> Iterable[User]:
    held = Membership.objects.in_force().filter(role__in=roles)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return people.exclude(email=None).exclude(email="").order_by("pk")


def _ask_for_digest(users: Iterable[User], at: dt.datetime) -> None:
    from portal.editorial import digest

    digest.request(list(users), "deadline", at)


def _mail(user: User, state: StepState, submission: Submission) -> None:
    """Tell one person who has to see to it; in Danish, since the clock knows nobody's language."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "page": submission.page.get_admin_display_title(),
            "due": date_format(timezone.localtime(state.due_at), "j. F Y H.i", use_l10n=False),
            "link": settings.WAGTAILADMIN_BASE_URL.rstrip("/")
            + reverse("editorial:submission", args=[submission.uuid]),
        }
        subject = _("No answer in time: %(page)s") % words
        text = _(
            "“%(page)s” waits for an answer that was due on %(due)s.\n\nNothing is published without it. See to it that "
            "somebody answers:\n%(link)s\n"
        )
        key = f"editorial.overdue:{state.pk}:{user.uuid}"
        queue_mail(to=str(user.email), subject=subject, text=text % words, key=key)


# --- Substitutes ------------------------------------------------------------------------------------------------------


def substitute_seats(
    moment: Moment, step: Step, seats: tuple[Seat, ...], user: Any, principal: Principal
) -> tuple[Seat, ...]:
    """Return the seats that she may take because their holders have let the deadline pass.

    Groups are those of her session: a role that is withheld lends none. A step of persons gets a seat in her own name.
    """
    deadline = step.deadline_spec
    if deadline is None or not is_overdue(moment):
        return ()
    keys = {key for key, group in _pairs(deadline) if group in principal.groups}
    taken = [seat for seat in seats if seat.key.removeprefix(PARTY) in keys]
    return tuple(seat if seat.key.startswith(PARTY) else Seat(f"person:{user.uuid}", str(user)) for seat in taken)


def is_substitute(moment: Moment, seat: Seat, user: Any, principal: Principal) -> bool:
    """Tell whether a seat is hers only because the deadline has passed."""
    if moment.state is None or not is_overdue(moment):
        return False
    entry, given = type_of(step_of(moment.state))
    return all(own.key != seat.key for own in entry.what.seats_of(moment, given, user, principal))


def _substitutes(deadline: Deadline) -> Iterable[User]:
    names = [group for _key, group in _pairs(deadline)]
    groups = Group.objects.filter(name__in=names)
    return User.objects.filter(groups__in=groups, is_active=True).distinct().order_by("pk")


def _pairs(deadline: Deadline) -> list[tuple[str, str]]:
    """Return seat and group of each entry: "hk=Name of a group"."""
    parts = (text.partition("=") for text in deadline.substitutes)
    return [(key.strip(), group.strip()) for key, _sign, group in parts]
