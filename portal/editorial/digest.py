"""One mail to each person on each day with everything that waits for her, instead of one for each page.

The rule: every morning at `HOUR` those are written to for whom something is new since the morning before — a step began,
the text was changed and has to be read again, or what they sent in came back — or about whom a deadline has asked. The mail
is made when it leaves, so it names what waits then; who has nothing left to answer gets none. What is new during the day
waits for the next morning: the dashboard has it at once.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext
from wagtail.models import WorkflowState
from wagtail.users.models import UserProfile

from portal.accounts.api import User, principal_of
from portal.core import outbox
from portal.core.mail import queue_mail
from portal.core.models.outbox import OutboxMessage
from portal.editorial.models import StepState, Submission, Submitter
from portal.editorial.moments import moment_of, type_of
from portal.editorial.registry import UnknownNameError
from portal.editorial.screens import lists

TOPIC = "editorial.digest"
# In the morning, before the day's work.
HOUR = 7
EVERY = dt.timedelta(minutes=10)
NEW, DEADLINE = "new", "deadline"


def request(users: Iterable[Any], reason: str, at: dt.datetime) -> None:
    """Ask for the digest of these people on the next morning after `at`; who has one coming already gets no second."""
    morning = _next_morning(at)
    with transaction.atomic():
        for user in users:
            _ask(user, reason, morning, at)


def send_digests(now: dt.datetime | None = None) -> None:
    """In the morning, ask for the digests of everybody for whom something is new. Called again it asks for nothing more."""
    at = now or timezone.now()
    morning = _morning_of(at)
    if at < morning:
        return
    since = _morning_of(morning - dt.timedelta(hours=12))
    with transaction.atomic():
        for user in _people_with_news(since, morning):
            _ask(user, NEW, morning, at)


def _ask(user: Any, reason: str, morning: dt.datetime, at: dt.datetime) -> None:
    payload = {"user": str(user.uuid), "reason": reason, "day": timezone.localdate(morning).isoformat()}
    delay = max(morning - at, dt.timedelta())
    outbox.enqueue(TOPIC, payload, key=f"{user.uuid}:{payload['day']}", once=True, delay=delay)


@outbox.handler(TOPIC)
def write(message: OutboxMessage) -> None:
    """Make the mail of one person from what waits for her now, and queue it."""
    asked: dict[str, Any] = message.payload
    user = User.objects.filter(uuid=asked["user"], is_active=True).first()
    if user is None or not user.email:
        return
    # Who may answer is asked of a full login: she shows her second factor when she follows the link.
    rows = lists.waiting_for(user, principal_of(user, strong=True))
    returned = lists.returned_to(user)
    if rows or returned:
        with translation.override(_language(user)), transaction.atomic():
            _queue(user, rows, returned, asked["day"])


def _queue(user: Any, rows: list[lists.Row], returned: list[lists.Row], day: str) -> None:
    context = {
        "rows": rows,
        "returned": returned,
        "base": settings.WAGTAILADMIN_BASE_URL.rstrip("/"),
        "index": reverse("editorial:index"),
        "language": translation.get_language(),
    }
    queue_mail(
        to=user.email,
        subject=_subject(len(rows), len(returned)),
        text=render_to_string("editorial/mails/digest.txt", context),
        html=render_to_string("editorial/mails/digest.html", context),
        key=f"editorial.digest:{user.uuid}:{day}",
    )


def _subject(waiting: int, returned: int) -> str:
    """Name what asks most of her: somebody else waits for an answer."""
    if waiting:
        words = ngettext("%(count)s page waits for your approval", "%(count)s pages wait for your approval", waiting)
        return words % {"count": waiting}
    words = ngettext("%(count)s page has been returned to you", "%(count)s pages have been returned to you", returned)
    return words % {"count": returned}


def _language(user: Any) -> str:
    """Return the language that she chose for the editor."""
    profile = UserProfile.objects.filter(user=user).first()
    return (profile.preferred_language if profile else "") or settings.LANGUAGE_CODE


def _people_with_news(since: dt.datetime, until: dt.datetime) -> list[Any]:
    found: dict[int, Any] = {}
    for state in _news(since, until):
        submission: Submission = state.workflow_state.submission
        try:
            entry, given = type_of(state.task.step)
        except UnknownNameError:
            continue
        if entry.what.human:
            people = entry.what.people(moment_of(submission, state), given)
            found.update({user.pk: user for user in people if user.is_active})
    found.update({user.pk: user for user in _got_back(since, until)})
    return [found[pk] for pk in sorted(found)]


def _got_back(since: dt.datetime, until: dt.datetime) -> list[Any]:
    """Return who had something returned to her in a stretch of time, and has not sent it in again."""
    cases = Submission.objects.filter(
        workflow_state__status=WorkflowState.STATUS_NEEDS_CHANGES,
        workflow_state__current_task_state__finished_at__gte=since,
        workflow_state__current_task_state__finished_at__lt=until,
    )
    last = Submitter.objects.filter(submission__in=cases, round=F("submission__round"), user__is_active=True)
    return [row.user for row in last.select_related("user").order_by("pk")]


def _news(since: dt.datetime, until: dt.datetime) -> list[StepState]:
    """Return the waiting steps that began, or whose page was saved, in a stretch of time."""
    rows = StepState.steps.waiting().select_related("task__step", "workflow_state__submission__page")
    return [state for state in rows.order_by("pk") if since <= _latest(state) < until]


def _latest(state: StepState) -> dt.datetime:
    changed: dt.datetime = state.workflow_state.submission.changed_at
    return max(state.started_at, changed)


def _morning_of(moment: dt.datetime) -> dt.datetime:
    """Return the hour of the digest on the day of a moment, by the clock here."""
    here = timezone.get_default_timezone()
    day = timezone.localtime(moment, here).date()
    return timezone.make_aware(dt.datetime.combine(day, dt.time(HOUR)), here).astimezone(dt.UTC)


def _next_morning(moment: dt.datetime) -> dt.datetime:
    morning = _morning_of(moment)
    return morning if moment <= morning else _morning_of(morning + dt.timedelta(days=1))
