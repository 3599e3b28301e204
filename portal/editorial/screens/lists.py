"""Lists of submissions: what waits for one person, what she sent in, what came back to her, and all that she may see.

A list asks as often for thirty cases as for one. So it goes by the hash that the portal last saw, instead of working out
each page's content: the case's own screen, and the answer, work it out anew.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, empty
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState
from wagtail.permissions import page_permission_policy

from portal.core.principal import ANONYMOUS, Principal
from portal.editorial import deadlines
from portal.editorial.content import draft_of
from portal.editorial.models import Step, StepState, Submission, Submitter, Vote
from portal.editorial.moments import type_of
from portal.editorial.registry import Moment, Seat, UnknownNameError, registry
from portal.editorial.screens.standing import local, where


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in a list."""

    title: str
    url: str
    where: str
    sent_by: str
    sent_at: dt.datetime | None
    due: dt.datetime | None = None
    overdue: bool = False
    step: str = ""


Finder = Callable[[Any, Moment, Any], tuple[Seat, ...]]


class Seats:
    """Asks task types for seats, once for each step wherever the answer did not look at the page or the submission."""

    def __init__(self, user: Any = None, principal: Principal = ANONYMOUS) -> None:
        self.user, self.principal = user, principal
        self.now = timezone.now()
        self._known: dict[tuple[str, int], tuple[Seat, ...]] = {}

    def hers(self, state: StepState, step: Step, submission: Submission) -> tuple[Seat, ...]:
        """Return the seats of a step that are hers, or that she may take after the deadline."""
        own = self._ask(
            "hers", state, step, submission, lambda what, m, g: what.seats_of(m, g, self.user, self.principal)
        )
        if (
            state.due_at is None
            or state.due_at > self.now
            or not (step.deadline_spec and step.deadline_spec.substitutes)
        ):
            return own
        all_seats = self.all(state, step, submission)
        moment = Moment(page=None, digest=submission.digest, at=self.now, submission=submission, state=state)
        return (*own, *deadlines.substitute_seats(moment, step, all_seats, self.user, self.principal))

    def all(self, state: StepState, step: Step, submission: Submission) -> tuple[Seat, ...]:
        """Return the seats of a step."""
        return self._ask("all", state, step, submission, lambda what, moment, given: what.seats(moment, given))

    def _ask(self, kind: str, state: StepState, step: Step, submission: Submission, find: Finder) -> tuple[Seat, ...]:
        if (kind, step.pk) in self._known:
            return self._known[kind, step.pk]
        try:
            entry, given = type_of(step)
        except UnknownNameError:
            return ()
        page: Any = SimpleLazyObject(lambda: draft_of(submission.page.specific))
        case: Any = SimpleLazyObject(lambda: submission)
        moment = Moment(page=page, digest=submission.digest, at=self.now, submission=case, state=state)
        found = tuple(find(entry.what, moment, given)) if entry.what.human else ()
        if page._wrapped is empty and case._wrapped is empty:
            self._known[kind, step.pk] = found
        return found


WAITING, RUNNING, RETURNED, ENDED = "mine", "i-gang", "returneret", "slut"
PARTS = (WAITING, RUNNING, RETURNED, ENDED)


def part_titles() -> list[tuple[str, str]]:
    """Return the parts of the list with their names."""
    return list(zip(PARTS, (_("Waits for you"), _("Under way"), _("Returned"), _("Ended")), strict=True))


def part(name: str, user: Any, principal: Principal) -> Any:
    """Return one part of what she may see: submissions, or the steps that wait for her."""
    if name == WAITING:
        return answerable(user, principal)
    seen = seen_by(user, principal)
    if name == RUNNING:
        return seen.filter(workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)
    if name == RETURNED:
        return seen.filter(workflow_state__status=WorkflowState.STATUS_NEEDS_CHANGES)
    return seen.filter(workflow_state__status__in=_OVER)


_OVER = (WorkflowState.STATUS_APPROVED, WorkflowState.STATUS_CANCELLED)


def waiting_for(user: Any, principal: Principal) -> list[Row]:
    """Return the steps that she can answer now, the oldest first."""
    return waiting_rows(answerable(user, principal))


def waiting_rows(found: Iterable[tuple[StepState, Submission]]) -> list[Row]:
    """Return waiting steps as rows."""
    return [_row(submission, "", (state,), step=state.task.name) for state, submission in found]


def answerable(user: Any, principal: Principal) -> list[tuple[StepState, Submission]]:
    """Return the waiting steps that she can answer now, with their submissions."""
    seats = Seats(user, principal)
    found = []
    for state in _open_to(user):
        submission = state.workflow_state.submission
        taken = _taken(state, submission)
        hers = seats.hers(state, state.task.step, submission)
        if any(seat.key not in taken for seat in hers):
            found.append((state, submission))
    return found


def _open_to(user: Any) -> Any:
    """Return the steps that wait for people and that she neither wrote, nor sent in, nor has answered."""
    human = [name for name in registry.names("task") if registry.find("task", name).what.human]
    case = "workflow_state__submission"
    sent = Submitter.objects.filter(
        submission=OuterRef(f"{case}__pk"), round=OuterRef(f"{case}__round"), user_id=user.pk
    )
    answered = Vote.objects.filter(state=OuterRef("pk"), person=user.uuid, digest=OuterRef(f"{case}__digest"))
    rows = StepState.steps.waiting().filter(task__step__type_name__in=human)
    rows = rows.filter(~Exists(sent), ~Exists(answered)).exclude(**{f"{case}__author": user.pk})
    related = ("task__step", "workflow_state", f"{case}__page")
    return rows.select_related(*related).prefetch_related("votes", f"{case}__submitters").order_by("started_at", "pk")


def _taken(state: StepState, submission: Submission) -> set[str]:
    votes = state.votes.all()
    return {vote.seat for vote in votes if vote.answer == Vote.APPROVE and vote.digest == submission.digest}


def sent_in_by(user: Any) -> list[Row]:
    """Return what she sent in and others have now, the oldest first."""
    return rows_of(Submission.objects.in_progress().filter(_sent_by(user)).order_by("created_at", "pk"))


def returned_to(user: Any) -> list[Row]:
    """Return what came back to her: she sent it in, or wrote it."""
    back = Submission.objects.filter(workflow_state__status=WorkflowState.STATUS_NEEDS_CHANGES)
    return rows_of(back.filter(_sent_by(user) | Q(author=user)).order_by("created_at", "pk"))


def _sent_by(user: Any) -> Q:
    rows = Submitter.objects.filter(submission=OuterRef("pk"), round=OuterRef("round"), user_id=user.pk)
    return Q(Exists(rows))


def seen_by(user: Any, principal: Principal) -> Any:
    """Return the submissions that she may see: of pages that she may edit, that wait for her, or that she answered."""
    editable = page_permission_policy.instances_user_has_permission_for(user, "change").values("pk")
    waiting = [submission.pk for _state, submission in answerable(user, principal)]
    answered = Vote.objects.filter(state__workflow_state=OuterRef("workflow_state"), user_id=user.pk)
    hers = Q(page__in=editable) | Q(pk__in=waiting) | Q(Exists(answered))
    return Submission.objects.filter(hers).order_by("-created_at", "-pk")


def rows_of(submissions: Any) -> list[Row]:
    """Return submissions as rows, in a number of queries that does not grow with them."""
    found = list(submissions.select_related("workflow_state", "page").prefetch_related("submitters"))
    waiting = _waiting_states(found)
    seats = Seats()
    return [
        _row(case, _where(case, waiting[case.workflow_state_id], seats), waiting[case.workflow_state_id])
        for case in found
    ]


def _waiting_states(submissions: Iterable[Submission]) -> dict[int, list[StepState]]:
    keys = [submission.workflow_state_id for submission in submissions]
    rows = StepState.steps.waiting().filter(workflow_state__in=keys, inner_states__isnull=True)
    found: dict[int, list[StepState]] = defaultdict(list)
    for state in rows.select_related("task__step").prefetch_related("votes").order_by("pk"):
        found[state.workflow_state_id].append(state)
    return found


def _where(submission: Submission, states: Sequence[StepState], seats: Seats) -> str:
    waiting = []
    for state in states:
        taken = _taken(state, submission)
        everyone = seats.all(state, state.task.step, submission)
        waiting.append((state.task.step, tuple(seat.label for seat in everyone if seat.key not in taken)))
    return where(submission, waiting, _submitter(submission)[0])


def _submitter(submission: Submission) -> tuple[str, dt.datetime | None]:
    rows = [row for row in submission.submitters.all() if row.round == submission.round]
    return (rows[0].who, rows[0].at) if rows else ("", None)


def _row(submission: Submission, stands: str, states: Sequence[StepState], *, step: str = "") -> Row:
    who, at = _submitter(submission)
    due = min((state.due_at for state in states if state.due_at), default=None)
    return Row(
        title=submission.page.get_admin_display_title(),
        url=reverse("editorial:submission", args=[submission.uuid]),
        where=stands,
        sent_by=who,
        sent_at=local(at),
        due=local(due),
        overdue=due is not None and due <= timezone.now(),
        step=step,
    )
