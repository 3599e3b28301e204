"""Start a case, move it on, and let the clock move what is due. The case's row is locked and read again before anything."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core import audit
from portal.core.errors import RefusedError
from portal.core.failpoints import failpoint
from portal.core.formats import long_date
from portal.workflows.models import Case, CaseDefinition, Step
from portal.workflows.parameters import ParameterError
from portal.workflows.policy import NoDefinitionError, definition_for
from portal.workflows.registry import Asker, CaseKind, Happening, Kind, UnknownNameError, Via, registry
from portal.workflows.schema import Scope, Transition

logger = logging.getLogger(__name__)

AT_ONCE = 500
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(days=1)


class StaleCaseError(RefusedError):
    """Somebody else moved the case since the screen was drawn."""


class NotAllowedError(RefusedError):
    """The transition is not there for this asker: unknown, not from this state, or not hers. Which, she is not told."""


class CommentMissingError(RefusedError):
    """The transition asks for a comment."""


class DayError(RefusedError):
    """The transition asks for a day, and none was chosen, or one that is too early or too late."""


class GuardError(RefusedError):
    """A guard says not now, in words for the asker."""


@dataclass(frozen=True, slots=True)
class Before:
    """Where something stood before the portal kept a case of it: deadlines count from there.

    A state that the definition in force does not have is left out: the case begins at its start.
    """

    since: datetime
    state: str = ""
    day: date | None = None


@transaction.atomic
def case_start(
    *,
    actor: Any,
    kind: str,
    subject: models.Model,
    place: Scope | None = None,
    definition: CaseDefinition | None = None,
    comment: str = "",
    before: Before | None = None,
) -> Case:
    """Begin a case under the definition that applies; one that is open already is returned as it is.

    Raises:
        NoDefinitionError: none applies, or the given one is retired.
    """
    existing = Case.objects.open().about(subject).filter(kind=kind).select_related("definition").first()
    if existing is not None:
        return existing
    definition = definition or definition_for(kind, place)
    if definition.retired_at is not None:
        raise NoDefinitionError(f"The definition {definition.key!r} is retired: nothing begins under it.")
    try:
        with transaction.atomic():
            case = _insert(kind, definition, subject, before or Before(timezone.now()))
    except IntegrityError:
        # Somebody else started it between our look and our insert.
        return Case.objects.open().about(subject).select_related("definition").get(kind=kind)
    who = _label(Asker(actor=actor, via=Via.SCREEN if actor else Via.CLOCK))
    _note(case, who, actor=actor, comment=comment)
    after = {"state": case.state, "definition": str(definition)}
    audit.record(actor=actor, action="case.start", obj=subject, after=after)
    return case


def _insert(kind: str, definition: CaseDefinition, subject: models.Model, before: Before) -> Case:
    rules = definition.read()
    known = {state.key for state in rules.states if not state.final}
    state = before.state if before.state in known else rules.start.key
    case: Case = Case.objects.create(
        kind=kind,
        definition=definition,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        state=state,
        started_at=before.since,
        entered_at=before.since,
        chosen_day=before.day,
        due_at=rules.due(state, before.since, before.day),
    )
    return case


@transaction.atomic
def case_transition(
    *, asker: Asker, case: Case, transition: str, expected: int, comment: str = "", day: date | None = None
) -> Case:
    """Move a case on: permission, guards, state, history, audit and effects in one transaction, under the case's lock.

    `expected` is the case's `number` that the asker saw. The same wish sent twice is one wish.

    Raises:
        StaleCaseError: somebody else was faster.
        NotAllowedError: the transition is not the asker's to make here.
        CommentMissingError: it needs a comment.
        DayError: it needs a day, and another one than this.
        GuardError: not now.
    """
    locked: Case = Case.objects.locked().get(pk=case.pk)
    failpoint("workflows.locked")
    if locked.number != expected:
        return _second_click(locked, asker, transition, expected)
    way = locked.definition.read().transition(transition)
    if way is None or locked.state not in way.sources or not locked.is_open:
        raise NotAllowedError(_("This cannot be done here."))
    # A day that nobody asked for is no part of the wish.
    happening = _happening(locked, way, asker, comment=comment.strip(), day=day if way.asks_day else None)
    if not may(happening):
        raise NotAllowedError(_("This cannot be done here."))
    _complete(happening)
    return _take(happening)


@transaction.atomic
def case_take(*, actor: Any, case: Case, transition: str, comment: str = "") -> Case:
    """Take a way as part of another act, whatever was done to the case meanwhile; one that has ended is left as it is.

    The way is one of those that the kind demands of every definition, so that the other act never fails for it.
    """
    locked: Case = Case.objects.locked().get(pk=case.pk)
    if not locked.is_open:
        return locked
    asker = Asker(actor=actor, via=Via.PORTAL)
    return case_transition(asker=asker, case=locked, transition=transition, expected=locked.number, comment=comment)


def _complete(happening: Happening) -> None:
    """Refuse a wish without the words or the day that it needs."""
    way = happening.transition
    if way.comment_required and not happening.comment:
        raise CommentMissingError(_("Write why."))
    if (days := way.days(happening.at)) is None:
        return
    first, last = days
    if happening.day is None or happening.day < first:
        raise DayError(_("Choose a day after today."))
    if happening.day > last:
        raise DayError(_("Choose a day no later than %(day)s.") % {"day": long_date(last)})


def may(happening: Happening) -> bool:
    """Tell whether one of the transition's predicates lets the asker in; the clock needs none and asks for none."""
    return any(_call(Kind.PREDICATE, use.name, use.given, happening) for use in happening.transition.who)


def reason_against(happening: Happening) -> str:
    """Return the first guard's reason why not now, or an empty text."""
    reasons = (_call(Kind.GUARD, use.name, use.given, happening) for use in happening.transition.guards)
    return next((str(reason) for reason in reasons if reason), "")


def cases_due() -> None:
    """Move on every case whose time has come, each in a transaction of its own; two workers never take the same one."""
    now = timezone.now()
    for _turn in range(AT_ONCE):
        if not case_move_next(now=now):
            return


@transaction.atomic
def case_move_next(*, now: datetime) -> bool:
    """Move on the case that has been due the longest, and tell whether there was one. What fails is tried again later."""
    case: Case | None = Case.objects.due(now).locked(skip=True).first()
    if case is None:
        return False
    failpoint("workflows.due")
    try:
        with transaction.atomic():
            _by_clock(case, now)
    except RefusedError as error:
        _try_later(case, now + LONGEST_RETRY, str(error))
    except Exception as error:
        logger.exception("Case %s could not be moved on by the clock", case.uuid)
        pause = min(FIRST_RETRY * 2 ** min(case.due_failures, 10), LONGEST_RETRY)
        _try_later(case, now + pause, f"{type(error).__name__}: {error}")
    return True


def _by_clock(case: Case, now: datetime) -> None:
    """Take the first automatic way whose time has come and whose guards agree."""
    if case.subject is None:
        # What it was about is gone; nobody waits for it any more.
        Case.objects.filter(pk=case.pk).update(closed_at=now, due_at=None)
        return
    timed = case.definition.read().timed(case.state, case.entered_at, case.chosen_day)
    refusal = ""
    for way in (way for at, way in timed if at <= now):
        happening = _happening(case, way, Asker(via=Via.CLOCK), at=now)
        refusal = reason_against(happening)
        if not refusal:
            _take(happening)
            return
    raise GuardError(refusal or "nothing is due")


def _try_later(case: Case, moment: datetime, problem: str) -> None:
    Case.objects.filter(pk=case.pk).update(
        due_at=moment, due_failures=models.F("due_failures") + 1, due_problem=problem[:500]
    )


def _second_click(case: Case, asker: Asker, transition: str, expected: int) -> Case:
    """Return the case if what has happened since is this very wish; a finger that pressed twice did nothing wrong."""
    last = case.steps.order_by("-number").first()
    actor_id = asker.actor.pk if asker.actor is not None else None
    mine = (transition, actor_id, _label(asker))
    if last is not None and case.number == expected + 1 and mine == (last.transition, last.actor_id, last.who):
        return case
    raise StaleCaseError(
        _("%(who)s was faster: it says “%(state)s” now. Look at it again before you decide.")
        % {"who": last.who if last else "", "state": case.current().title}
    )


def _happening(
    case: Case,
    way: Transition,
    asker: Asker,
    *,
    comment: str = "",
    day: date | None = None,
    at: datetime | None = None,
) -> Happening:
    subject = case.subject
    if subject is None:
        raise NotAllowedError(_("What this was about has been deleted."))
    return Happening(case, subject, way, asker, comment, at or timezone.now(), case.number + 1, day)


def _take(happening: Happening) -> Case:
    case, way, at = happening.case, happening.transition, happening.at
    if reason := reason_against(happening):
        raise GuardError(reason)
    before, rules = case.state, case.definition.read()
    case.state, case.entered_at, case.number = way.target, at, happening.number
    final = rules.state(way.target).final
    case.chosen_day = happening.day
    case.closed_at, case.due_at = (at, None) if final else (None, rules.due(way.target, at, happening.day))
    case.due_failures, case.due_problem = 0, ""
    case.save()
    asker = happening.asker
    who = _label(asker)
    _note(case, who, actor=asker.actor, transition=way.key, source=before, comment=happening.comment)
    _follow(happening)
    after = {"state": case.state, "definition": str(case.definition)}
    if happening.day is not None:
        after["day"] = happening.day.isoformat()
    audit.record(
        actor=asker.actor,
        action=f"case.{way.key}",
        obj=happening.subject,
        before={"state": before},
        after=after,
        on_behalf_of="" if asker.actor is not None else who,
    )
    return case


def _note(case: Case, who: str, **values: Any) -> None:
    """Add to the history that the case came where it stands."""
    Step.objects.create(
        case=case,
        number=case.number,
        target=case.state,
        at=case.entered_at,
        who=who,
        chosen_day=case.chosen_day,
        **values,
    )


def _follow(happening: Happening) -> None:
    """Let the object's own columns follow the case, and then what the definition asks for."""
    if (moved := _kind(happening).moved) is not None:
        moved(happening)
    for use in happening.transition.effects:
        _call(Kind.EFFECT, use.name, use.given, happening)


def _kind(happening: Happening) -> CaseKind:
    try:
        return registry.find_kind(happening.case.kind)
    except UnknownNameError as error:
        raise _missing(happening, error) from error


def _call(kind: Kind, name: str, given: dict[str, Any], happening: Happening) -> Any:
    try:
        return registry.find(kind, name).call(happening, given)
    except (UnknownNameError, ParameterError) as error:
        raise _missing(happening, error) from error


def _missing(happening: Happening, error: Exception) -> NotAllowedError:
    logger.error("Case %s: %s", happening.case.uuid, error)
    return NotAllowedError(_("An extension that this needs is missing. Tell those who run the portal."))


def _label(asker: Asker) -> str:
    """Return what history shows; stored, so it is Danish whoever asked."""
    if asker.label or asker.actor is not None:
        return (asker.label or str(asker.actor))[:120]
    with translation.override(settings.LANGUAGE_CODE):
        return translation.gettext("The portal, by itself")
