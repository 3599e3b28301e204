"""Take the example content away: exactly what the loader made, last things first.

What an editor has built upon stays: a page with pages of somebody's own below it, a profile that somebody has really
answered, a competence that another profile asks for. It is then nobody's example any more.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from wagtail.models import Page, Site

from events.api import EventPage, occurrence_delete
from learning.api import CoursePage, course_run_delete
from portal.accounts.models import User
from portal.core import audit
from portal.core.errors import RefusedError
from portal.desk.example_users import example_people
from portal.desk.loading.site import values_of
from portal.desk.models import ExampleObject
from portal.editorial.api import publish_imported
from portal.pages.api import HomePage
from portal.seats.api import SignUp
from portal.workflows.api import Case
from profilecatalog.assessment.api import Round, remove_example_responses
from profilecatalog.profiles.api import ProfilePage, profile_remove


@dataclass(frozen=True, slots=True)
class Removal:
    """What was done: how many things went or were put back, and which ones stay because somebody uses them."""

    removed: int
    kept: tuple[str, ...]


@transaction.atomic
def remove_example() -> Removal:
    """Remove what was loaded, in the opposite order, and return what stayed."""
    remove_example_responses()
    # People first: their memberships hold the units.
    User.objects.filter(email__in=[person.email for person in example_people()]).delete()
    removed, kept = 0, []
    for row in ExampleObject.objects.select_related("content_type").order_by("-id"):
        obj = row.find()
        if obj is not None:
            if _remove(row, obj):
                removed += 1
            else:
                kept.append(row.key)
        row.delete()
    if removed or kept:
        site = Site.objects.get(is_default_site=True)
        audit.record(actor=None, action="example.removed", obj=site, after={"objects": removed, "kept": kept})
    return Removal(removed, tuple(kept))


def _remove(row: ExampleObject, obj: Any) -> bool:
    """Remove one thing and tell whether it is gone."""
    if row.before is not None:
        return _put_back(row, obj)
    if isinstance(obj, Page) and obj.get_children().exists():
        return False
    try:
        with transaction.atomic():
            _remover(obj)(obj)
    except (ProtectedError, RefusedError):
        return False
    return True


def _put_back(row: ExampleObject, obj: Any) -> bool:
    """Restore what stood there before, unless somebody has edited it since."""
    if values_of(obj) != row.after:
        return False
    for name, value in (row.before or {}).items():
        # The blocks of a StreamField go back in as the JSON that they came from.
        setattr(obj, name, json.dumps(value) if isinstance(value, list) else value)
    if isinstance(obj, HomePage):
        publish_imported(page=obj, revision=obj.save_revision(), actor=None)
    else:
        obj.save()
    return True


def _remover(obj: Any) -> Callable[[Any], Any]:
    for model, remove in _REMOVERS:
        if isinstance(obj, model):
            return remove
    return lambda found: found.delete()


def _remove_profile(page: ProfilePage) -> None:
    profile_remove(page=page, actor=None)


def _remove_event(page: EventPage) -> None:
    for occurrence in page.occurrences.all():
        occurrence_delete(actor=None, occurrence=occurrence)
    page.series.all().delete()
    page.delete()


def _remove_sign_up(sign_up: SignUp) -> None:
    """Take an example's sign-up out of the tables: a cancelled one would keep its meeting."""
    Case.objects.about(sign_up).delete()
    sign_up.delete()


def _remove_course(page: CoursePage) -> None:
    for run in page.runs.all():
        course_run_delete(actor=None, run=run)
    page.delete()


def _nothing_left(round_: Round) -> None:
    """Gone with its answers, before anything else."""


_REMOVERS: list[tuple[type[models.Model], Callable[[Any], Any]]] = [
    (ProfilePage, _remove_profile),
    (EventPage, _remove_event),
    (CoursePage, _remove_course),
    (Round, _nothing_left),
    (SignUp, _remove_sign_up),
]
