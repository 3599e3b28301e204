"""The screen of one submission: where it stands, what is read, who may answer, what has happened."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.models import WorkflowState

from portal.core.principal import Principal
from portal.editorial import compare
from portal.editorial.checks.anchors import fragment
from portal.editorial.compare import Comparison
from portal.editorial.content import digest_of, draft_of
from portal.editorial.models import ReadContent, Step, StepState, Submission, Vote
from portal.editorial.moments import moment_in, type_of
from portal.editorial.permissions import may_cancel, may_edit
from portal.editorial.registry import Moment, Seat, UnknownNameError
from portal.editorial.screens import standing
from portal.editorial.screens.history import PastEvent, history
from portal.editorial.screens.picture import HERE, Picture, picture, words_for
from portal.editorial.screens.standing import SeatLine
from portal.editorial.voting import seats_now, why_not

MINE, LIVE, APPROVED_TEXT = "mine", "live", "approved"
# How long it is known what stood on a screen that somebody has left open.
_REMEMBERED = 24 * 60 * 60
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What a check has to say, with the way to the field."""

    message: str
    stops: bool
    url: str


@dataclass(frozen=True, slots=True)
class StepBlock:
    """One step with what is known of it."""

    title: str
    standing: str
    words: str
    seats: tuple[SeatLine, ...] = ()
    due: dt.datetime | None = None
    overdue: bool = False
    findings: tuple[FindingLine, ...] = ()
    # The clock's last look at it failed; why, stands in the log: it is no sentence for editors.
    is_stuck: bool = False
    # What the task type draws of its own.
    drawn: str = ""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What she may answer now: a step, and the seats that she may answer from."""

    state: int
    title: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class SubmissionScreen:
    """One submission for one person."""

    uuid: str
    title: str
    kind: str
    where: str
    is_running: bool
    is_over: bool
    round: int
    sent_by: str
    sent_at: dt.datetime | None
    demand: str
    planned: dt.datetime | None
    steps: tuple[StepBlock, ...]
    forms: tuple[AnswerForm, ...]
    why_not: str
    digest: str
    parts: tuple[dict[str, str], ...]
    comparison: Comparison | None
    compared_with: str
    has_mine: bool
    has_live: bool
    history: tuple[PastEvent, ...]
    picture: Picture
    edit_url: str
    draft_url: str
    cancel_url: str


def submission_screen(submission: Submission, user: Any, principal: Principal, *, wanted: str = "") -> SubmissionScreen:
    """Return the submission as this person sees it; `wanted` says what the text is compared with."""
    return _Reader(submission, user, principal).screen(wanted)


class _Reader:
    """Reads everything once: the draft, its hash, the steps and the answers."""

    def __init__(self, submission: Submission, user: Any, principal: Principal) -> None:
        self.submission, self.user, self.principal = submission, user, principal
        self.page = submission.page.specific
        self.draft = draft_of(self.page)
        self.digest = digest_of(self.draft)
        self.steps = list(Step.objects.filter(definition=submission.definition_id).order_by("position", "pk"))
        rows = StepState.steps.filter(workflow_state=submission.workflow_state_id).order_by("pk")
        self.all_states = list(rows)
        self.states = standing.latest_states(self.all_states)
        votes = Vote.objects.filter(state__in=[state.pk for state in self.all_states]).select_related("state")
        self.votes = list(votes.order_by("at", "pk"))
        self.standings = standing.standings(submission, self.steps, self.states, self.digest)
        editable = may_edit(submission.page, user)
        self.edit_url = reverse("wagtailadmin_pages:edit", args=[submission.page_id]) if editable else ""

    def screen(self, wanted: str) -> SubmissionScreen:
        submission, status = self.submission, self.submission.workflow_state.status
        running = status in (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)
        sent = submission.submitters.order_by("-round").first()
        parts, compared, comparison = self._text(wanted)
        forms, reason = self._forms()
        spec = standing.workflow_spec(submission.definition)
        return SubmissionScreen(
            uuid=str(submission.uuid),
            title=str(self.draft.get_admin_display_title()),
            kind=str(type(self.page)._meta.verbose_name),
            where=self._where(sent.who if sent else ""),
            is_running=running,
            is_over=not running,
            round=submission.round,
            sent_by=sent.who if sent else "",
            sent_at=standing.local(sent.at) if sent else None,
            demand=standing.demand(submission.policy, self.draft),
            planned=standing.local(self.draft.go_live_at),
            steps=tuple(self._block(step) for step in self.steps),
            forms=forms,
            why_not=reason,
            digest=self.digest,
            parts=tuple(parts),
            comparison=comparison,
            compared_with=compared,
            has_mine=self._mine() is not None,
            has_live=self.page.live,
            history=history(submission, self.steps, self.all_states, self.votes),
            picture=picture(spec, self.standings),
            edit_url=self.edit_url,
            draft_url=reverse("wagtailadmin_pages:view_draft", args=[submission.page_id]) if self.edit_url else "",
            cancel_url=self._cancel_url() if running else "",
        )

    def _moment(self, state: StepState | None) -> Moment:
        return moment_in(self.draft, self.digest, self.submission, state)

    def _where(self, sent_by: str) -> str:
        waiting = [
            (step, standing.open_seats(self._moment(self.states[step.pk]), step))
            for step in self.steps
            if self.standings[step.key] == HERE and not self._holds_steps(step)
        ]
        return standing.where(self.submission, waiting, sent_by)

    def _holds_steps(self, step: Step) -> bool:
        return any(other.parent_id == step.pk for other in self.steps)

    def _block(self, step: Step) -> StepBlock:
        state = self.states.get(step.pk)
        where = self.standings[step.key]
        moment = self._moment(state)
        given = [vote for vote in self.votes if vote.state.task_id == step.pk]
        waits = where == HERE and state is not None
        return StepBlock(
            title=step.name,
            standing=where,
            words=words_for(where),
            seats=standing.seats_of_step(moment, step, given),
            due=standing.local(state.due_at) if waits and state else None,
            overdue=bool(waits and state and state.due_at and state.due_at <= moment.at),
            findings=tuple(self._finding(row) for row in state.findings) if state else (),
            is_stuck=bool(waits and state and state.problem),
            drawn=self._own(step, moment) if state is not None else "",
        )

    def _own(self, step: Step, moment: Moment) -> str:
        try:
            entry, given = type_of(step)
        except UnknownNameError:
            return ""
        if not entry.what.template:
            return ""
        seen = {"moment": moment, "given": given, "shown": entry.what.shown(moment, given)}
        return render_to_string(entry.what.template, seen)

    def _finding(self, row: dict[str, Any]) -> FindingLine:
        place = fragment(type(self.page), row.get("field", ""), row.get("row", ""))
        url = f"{self.edit_url}{place}" if self.edit_url and place else ""
        return FindingLine(row["message"], bool(row.get("stops", True)), url)

    def _forms(self) -> tuple[tuple[AnswerForm, ...], str]:
        """Return what she may answer, or why she may not."""
        forms, reasons = [], []
        for step in self.steps:
            if self.standings[step.key] != HERE or not self._is_human(step):
                continue
            state = self.states[step.pk]
            seats = seats_now(self._moment(state), step, self.user, self.principal)
            if seats:
                forms.append(AnswerForm(state.pk, step.name, seats))
            else:
                reasons.append(why_not(self._moment(state), step, self.user, self.principal))
        return tuple(forms), "" if forms else next(iter(reasons), "")

    def _is_human(self, step: Step) -> bool:
        try:
            return bool(type_of(step)[0].what.human)
        except UnknownNameError:
            return False

    def _mine(self) -> Vote | None:
        """Return her latest answer to this page, also one in an earlier submission."""
        hers = Vote.objects.filter(user=self.user, state__workflow_state__submission__page=self.submission.page_id)
        return hers.select_related("read").order_by("-at", "-pk").first()

    def _text(self, wanted: str) -> tuple[list[dict[str, str]], str, Comparison | None]:
        """Return what is read: the draft against something, or in the end what was approved."""
        if self.submission.workflow_state.status == WorkflowState.STATUS_APPROVED:
            given = [vote.read_id for vote in self.votes if vote.answer == Vote.APPROVE]
            kept = ReadContent.objects.filter(pk__in=given[-1:]).values_list("parts", flat=True).first()
            if kept is not None:
                return list(kept), APPROVED_TEXT, None
        parts = compare.parts_of(self.draft)
        return parts, *self._comparison(parts, wanted)

    def _comparison(self, parts: list[dict[str, str]], wanted: str) -> tuple[str, Comparison | None]:
        mine = self._mine() if wanted != LIVE else None
        if mine is not None:
            return MINE, compare.compare(mine.read.parts, parts)
        if self.page.live:
            return LIVE, compare.compare(compare.live_parts_of(self.page), parts)
        return "", None

    def _cancel_url(self) -> str:
        allowed = may_cancel(self.submission, self.user, self.principal)
        return reverse("editorial:cancel", args=[self.submission.uuid]) if allowed else ""


def remember(screen: SubmissionScreen) -> None:
    """Keep what stands on the screen for a while, to show what has changed if it is answered too late."""
    cache.set(_key(screen.uuid, screen.digest), list(screen.parts), _REMEMBERED)


def changed_since(digest: str, submission: Submission, screen: SubmissionScreen) -> Comparison | None:
    """Return what has changed since somebody opened the screen with this content, if that is still known.

    The hash comes from the form: it finds what stood on a screen of this submission or was answered about this page, and
    no other page's text.
    """
    if not _DIGEST.fullmatch(digest):
        return None
    of_page = ReadContent.objects.filter(
        digest=digest, votes__state__workflow_state__submission__page=submission.page_id
    )
    kept = of_page.order_by("pk").values_list("parts", flat=True).first()
    before = kept if kept is not None else cache.get(_key(screen.uuid, digest))
    return compare.compare(before, screen.parts) if before is not None else None


def _key(uuid: str, digest: str) -> str:
    return f"editorial-read:{uuid}:{digest}"
