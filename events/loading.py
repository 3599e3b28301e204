"""Bring meetings in from outside, found again by key: the example content, and later other calendars.

What is already there is left alone, for an editor may have changed it since; only times that are missing are added.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from events.enums import EventKind, MaterialPhase
from events.models import (
    EventCompetence,
    EventIndexPage,
    EventMaterial,
    EventPage,
    EventProfile,
    EventSpeaker,
    Occurrence,
    ProgrammeItem,
    Theme,
)
from events.planning.questions import QuestionSpec, question_save
from events.services import OccurrenceSpec, occurrence_save
from portal.contacts.api import ContactCard
from portal.core import audit
from portal.editorial.api import publish_imported
from portal.organisations.api import Party
from profilecatalog.profiles.api import Competence, ProfilePage

_NAMESPACE = uuid5(NAMESPACE_URL, "kompetenceportalen/events")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSpec:
    """A line of the programme."""

    text: str
    clock: dt.time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerSpec:
    """A speaker by function."""

    function: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialSpec:
    """A link to something that the participants need."""

    title: str
    url: str
    phase: str = MaterialPhase.BEFORE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpec:
    """A time of the meeting; `key` is unique within it and finds the row again."""

    key: str
    occurrence: OccurrenceSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec:
    """A meeting; `body` is a list of (block type, value) as a StreamField takes it."""

    key: str
    title: str
    slug: str = ""
    kind: str = EventKind.AFTERWORK.value
    lead: str = ""
    body: tuple[tuple[str, Any], ...] = ()
    organiser: str = ""
    parties: tuple[Party, ...] = ()
    contact: ContactCard | None = None
    themes: tuple[str, ...] = ()
    profiles: tuple[ProfilePage, ...] = ()
    competences: tuple[Competence, ...] = ()
    programme: tuple[ProgrammeSpec, ...] = ()
    speakers: tuple[SpeakerSpec, ...] = ()
    materials: tuple[MaterialSpec, ...] = ()
    signup_url: str = ""
    signup_email: str = ""
    signup_here: bool = False
    questions: tuple[QuestionSpec, ...] = ()
    times: tuple[TimeSpec, ...] = ()


def time_uuid(event_key: str, time_key: str) -> UUID:
    """Return the identity of a time that came from outside: the same each time it is loaded."""
    return uuid5(_NAMESPACE, f"{event_key}/{time_key}")


@transaction.atomic
def load_event(*, actor: Any, parent: EventIndexPage, spec: EventSpec) -> EventPage:
    """Return the meeting with this key, made and published if it is not there; add the times that it lacks.

    Raises:
        ValidationError: a rule of the page or of a time is broken; then nothing is written.
    """
    page = EventPage.objects.filter(key=spec.key).first() or _create(actor, parent, spec)
    for time in spec.times:
        uuid = time_uuid(spec.key, time.key)
        if not Occurrence.objects.filter(uuid=uuid).exists():
            occurrence_save(actor=actor, event=page, spec=time.occurrence, uuid=uuid)
    return page


def _create(actor: Any, parent: EventIndexPage, spec: EventSpec) -> EventPage:
    page: Any = EventPage(
        key=spec.key,
        title=spec.title,
        slug=spec.slug or spec.key,
        kind=spec.kind,
        lead=spec.lead,
        body=list(spec.body),
        organiser=spec.organiser,
        contact=spec.contact,
        signup_url=spec.signup_url,
        signup_email=spec.signup_email,
        signup_here=spec.signup_here,
        live=False,
    )
    page.programme = [
        ProgrammeItem(clock=item.clock, text=item.text, sort_order=n) for n, item in enumerate(spec.programme)
    ]
    page.speakers = [
        EventSpeaker(function=s.function, about=s.about, sort_order=n) for n, s in enumerate(spec.speakers)
    ]
    page.materials = [
        EventMaterial(title=m.title, url=m.url, phase=m.phase, sort_order=n) for n, m in enumerate(spec.materials)
    ]
    page.related_profiles = [EventProfile(profile=p, sort_order=n) for n, p in enumerate(spec.profiles)]
    page.related_competences = [EventCompetence(competence=c, sort_order=n) for n, c in enumerate(spec.competences)]
    # A fresh row: treebeard counts children on the object that it is given.
    EventIndexPage.objects.get(pk=parent.pk).add_child(instance=page)
    page.parties = list(spec.parties)
    page.themes = [Theme.objects.get_or_create(name=name)[0] for name in spec.themes]
    revision = page.save_revision(user=actor, log_action=True)
    publish_imported(page=page, revision=revision, actor=actor)
    audit.record(actor=actor, action="event.loaded", obj=page, after={"key": spec.key})
    for question in spec.questions:
        question_save(actor=actor, event=page, spec=question)
    return EventPage.objects.get(pk=page.pk)
