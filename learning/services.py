"""Changes of the course runs. Every change is audited and reaches the search index in the same transaction."""

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from learning.models import CoursePage, CourseRun
from portal.core import audit
from portal.core.errors import RefusedError
from portal.core.local_time import local_day, start_of_day
from portal.organisations.api import Municipality
from portal.seats.api import Offering, OfferingSpec, SignUp, offering_save, spec_of
from search.api import reindex_object


class SignedUpError(RefusedError):
    """People are signed up: they must be told, so the run is cancelled and not deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRunSpec:
    """What may be said about a course run; `starts` and `ends` are days, both included."""

    starts: dt.date
    ends: dt.date
    place: str = ""
    online: bool = False
    municipality: Municipality | None = None
    cancelled: bool = False
    cancel_reason: str = ""
    seats: OfferingSpec = field(default_factory=OfferingSpec)


_OWN = tuple(f.name for f in fields(CourseRunSpec) if f.name != "seats")


def course_run_spec(run: CourseRun) -> CourseRunSpec:
    """Return what the row and its seats say now."""
    values = {name: getattr(run, name) for name in _OWN}
    seats = spec_of(run.offering)
    if seats.deadline is None and seats.seats_until == start_of_day(run.starts):
        seats = replace(seats, seats_until=None)
    return CourseRunSpec(**values, seats=replace(seats, called_off=False))


def _seats_of(spec: CourseRunSpec) -> OfferingSpec:
    """Return the seats as they are stored: none is given from the first day on, nor of a run that is cancelled."""
    until = spec.seats.seats_until or (None if spec.seats.deadline else start_of_day(spec.starts))
    return replace(spec.seats, seats_until=until, called_off=spec.cancelled)


def _json(spec: CourseRunSpec) -> dict[str, Any]:
    values = {name: getattr(spec, name) for name in _OWN}
    for name in ("starts", "ends"):
        values[name] = values[name].isoformat()
    values["municipality"] = str(spec.municipality) if spec.municipality else None
    return values


def check(spec: CourseRunSpec) -> None:
    """Refuse a sign-up that ends after the course has begun.

    Raises:
        ValidationError: with the field that is wrong.
    """
    deadline = spec.seats.deadline
    if deadline is not None and local_day(deadline) > spec.starts:
        raise ValidationError({"deadline": _("The sign-up deadline must come before the course begins.")})


@transaction.atomic
def course_run_save(
    *,
    actor: Any,
    spec: CourseRunSpec,
    course: CoursePage | None = None,
    run: CourseRun | None = None,
    uuid: UUID | None = None,
) -> CourseRun:
    """Create a run of a course, or change one; nothing is written when nothing changes.

    `uuid` is for outside sources that find their row again by it.

    Raises:
        ValidationError: a rule of the row or of its seats is broken.
    """
    check(spec)
    if run is None or run.pk is None:
        if course is None:
            raise ValueError("A new course run needs its course.")
        return _create(actor, course, spec, uuid)
    stored = CourseRun.objects.select_for_update().get(pk=run.pk)
    before, former = course_run_spec(stored), stored.course
    if before == replace(spec, seats=replace(spec.seats, called_off=False)) and course in (None, former):
        return stored
    stored.course = course or former
    offering_save(actor=actor, spec=_seats_of(spec), offering=stored.offering)
    _apply(stored, spec)
    audit.record(actor=actor, action="course_run.changed", obj=stored, before=_json(before), after=_json(spec))
    for page in {former, stored.course}:
        reindex_object(page)
    return stored


def _create(actor: Any, course: CoursePage, spec: CourseRunSpec, uuid: UUID | None) -> CourseRun:
    offering = offering_save(actor=actor, spec=_seats_of(spec))
    run = CourseRun(course=course, offering=offering, uuid=uuid or uuid4())
    _apply(run, spec)
    audit.record(actor=actor, action="course_run.created", obj=run, after=_json(spec))
    reindex_object(course)
    return run


def _apply(run: CourseRun, spec: CourseRunSpec) -> None:
    for name in _OWN:
        setattr(run, name, getattr(spec, name))
    run.full_clean()
    run.save()


def course_run_cancel(*, actor: Any, run: CourseRun, reason: str) -> CourseRun:
    """Call a course run off, with a reason for those who meant to come; cancelling again keeps the first reason.

    Raises:
        ValidationError: no reason was given.
    """
    if run.cancelled:
        return run
    if not reason.strip():
        raise ValidationError({"cancel_reason": _("Write why the course run is cancelled, in one sentence.")})
    spec = replace(course_run_spec(run), cancelled=True, cancel_reason=reason.strip())
    return course_run_save(actor=actor, run=run, spec=spec)


@transaction.atomic
def course_run_delete(*, actor: Any, run: CourseRun) -> None:
    """Remove a run that was made by mistake, with its seats. What people know about is cancelled instead.

    Raises:
        SignedUpError: somebody is signed up, or was.
    """
    course = run.course
    # The row that sign-up locks: nobody comes in between the look and the act.
    offering = Offering.objects.select_for_update().get(pk=run.offering_id)
    if SignUp.objects.filter(offering=offering).exists():
        raise SignedUpError(_("People have signed up for this run. Cancel it instead, so that they are told."))
    audit.record(actor=actor, action="course_run.deleted", obj=run, before=_json(course_run_spec(run)))
    run.delete()
    offering.delete()
    reindex_object(course)
