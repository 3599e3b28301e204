"""A meeting's page: its times with the facts box, and what it is about."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.enums import MaterialPhase
from events.models import EventPage, Occurrence
from events.selectors.rows import Status, list_url, moment_text, note_changes, seats_of, seats_text, status_of
from events.signup.words import Door, SeatsNow, door_of, seats_now
from portal.core.formats import at_clock, period
from portal.core.visibility import asker
from portal.seats.api import Participant, SignUpState, Standing
from profilecatalog.profiles.api import CompetenceIndexPage, ProfilePage


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the facts box; the fields are those of the component facts."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class SignUpBox:
    """How one signs up here for one occurrence; `place` is the reader's own, if she has one."""

    uuid: UUID
    door: Door
    seats: SeatsNow | None
    shows_list: bool
    place: UUID | None


@dataclass(frozen=True, slots=True)
class EventTime:
    """One occurrence as the page shows it."""

    starts_at: dt.datetime
    when: str
    where: str
    address: str
    access: tuple[str, ...]
    link: str
    duration: str
    facts: tuple[Fact, ...]
    status: Status
    cancelled: bool
    cancel_reason: str
    over: bool
    sign_up: str
    calendar_url: str
    box: SignUpBox | None


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A line of the programme; the time may be empty."""

    clock: str
    text: str


@dataclass(frozen=True, slots=True)
class About:
    """A card: a profile or a competence that the meeting concerns."""

    title: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class EventScreen:
    """Everything on the page; `next` is the time that the facts box is about."""

    next: EventTime | None
    times: tuple[EventTime, ...]
    over: bool
    meta: tuple[str, ...]
    programme: tuple[ProgrammeRow, ...]
    about: tuple[About, ...]
    organiser: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    can_sign_up: bool
    calendar_url: str
    list_url: str


def event_screen(page: EventPage, request: HttpRequest, now: dt.datetime) -> EventScreen:
    """Return the page as it is now, also for a draft that has no row yet."""
    found = Occurrence.objects.filter(event_id=page.occurrences_of_id).select_related(
        "municipality", "region", "offering", "event"
    )
    occurrences = list(found.order_by("starts_at", "id"))
    note_changes(occurrences, request, now)
    seats, places = seats_of(occurrences, now), _places(occurrences, request)
    times = tuple(_time(row, now, seats.get(row.offering_id), places.get(row.offering_id)) for row in occurrences)
    nearest = _next(times)
    materials = list(page.materials.all())
    return EventScreen(
        next=nearest,
        times=times,
        over=bool(times) and all(time.over for time in times),
        meta=(nearest.when, *([nearest.where] if nearest.where else [])) if nearest else (),
        programme=tuple(ProgrammeRow(_clock(item.clock), item.text) for item in page.programme.all()),
        about=(*_profiles(page, request), *_competences(page, request)),
        organiser=_organiser(page),
        before=tuple(m for m in materials if m.phase == MaterialPhase.BEFORE),
        after=tuple(m for m in materials if m.phase == MaterialPhase.AFTER),
        can_sign_up=bool(nearest and nearest.sign_up == SignUpState.OPEN and _takes_sign_ups(page)),
        calendar_url=reverse("events:event_calendar", args=[page.translation_key]) if len(times) > 1 else "",
        list_url=list_url(request),
    )


def _takes_sign_ups(page: EventPage) -> bool:
    return bool(page.signup_here or page.signup_url or page.signup_email)


def _places(occurrences: list[Occurrence], request: HttpRequest) -> dict[int, UUID]:
    """Return the reader's own places by offering; a page that somebody reads is never stored."""
    principal = asker(request)
    if principal.is_anonymous:
        return {}
    rows = Participant.objects.active().filter(offering__in=[row.offering_id for row in occurrences])
    return dict(rows.filter(user__uuid=principal.user_uuid).values_list("offering", "uuid"))


def _next(times: tuple[EventTime, ...]) -> EventTime | None:
    """Return the next time that is held; else the next one that is cancelled; else the last one that was."""
    coming = [time for time in times if not time.over]
    held = [time for time in coming if not time.cancelled]
    return next(iter(held or coming or times[-1:]), None)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clock(value: dt.time | None) -> str:
    return at_clock(dt.datetime.combine(dt.date(2026, 1, 1), value)) if value else ""


def _time(occurrence: Occurrence, now: dt.datetime, seats: Standing | None, place: UUID | None) -> EventTime:
    over = occurrence.ends_at <= now
    state = occurrence.offering.state_at(now)
    begun = occurrence.starts_at <= now
    return EventTime(
        starts_at=occurrence.starts_at,
        when=_sentence(period(occurrence.starts_at, occurrence.ends_at)),
        where=occurrence.where,
        address=occurrence.address,
        access=tuple(line.strip() for line in occurrence.access_notes.splitlines() if line.strip()),
        link=occurrence.link,
        duration=duration_text(occurrence.duration),
        facts=_facts(occurrence),
        status=status_of(occurrence, now, seats),
        cancelled=occurrence.cancelled,
        cancel_reason=occurrence.cancel_reason,
        over=over,
        sign_up=SignUpState.CLOSED if begun or occurrence.cancelled else state,
        calendar_url=reverse("events:occurrence_calendar", args=[occurrence.uuid]),
        box=_box(occurrence, now, seats, place) if occurrence.event.signup_here else None,
    )


def _box(occurrence: Occurrence, now: dt.datetime, seats: Standing | None, place: UUID | None) -> SignUpBox:
    return SignUpBox(
        uuid=occurrence.uuid,
        door=door_of(occurrence, now),
        seats=seats_now(occurrence.offering, seats) if seats else None,
        shows_list=occurrence.asks_list,
        place=place,
    )


def duration_text(duration: dt.timedelta) -> str:
    """Return "2 timer og 30 minutter"."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if minutes:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes})
    return _(" and ").join(parts)


def _facts(occurrence: Occurrence) -> tuple[Fact, ...]:
    offering = occurrence.offering
    facts = [
        Fact(_("When"), _sentence(period(occurrence.starts_at, occurrence.ends_at))),
        Fact(_("Lasts"), duration_text(occurrence.duration)),
        Fact(_("Where"), occurrence.where),
        Fact(_("Seats"), seats_text(offering)),
        Fact(_("Sign-up opens"), moment_text(offering.opens_at) if offering.opens_at else ""),
        Fact(_("Sign-up deadline"), moment_text(offering.deadline) if offering.deadline else ""),
    ]
    return tuple(fact for fact in facts if fact.value)


def _profiles(page: EventPage, request: HttpRequest) -> list[About]:
    ids = [link.profile_id for link in page.related_profiles.all()]
    if not ids:
        return []
    found = ProfilePage.objects.visible_to(asker(request)).filter(pk__in=ids).order_by("title", "id")
    return [About(profile.title, profile.get_url(request) or "", _("Profile")) for profile in found]


def _competences(page: EventPage, request: HttpRequest) -> list[About]:
    competences = [link.competence for link in page.related_competences.all().select_related("competence")]
    index = CompetenceIndexPage.objects.visible_to(asker(request)).order_by("path").first() if competences else None
    return [
        About(c.name, index.competence_url(c.slug, request) if index else "", _("Competence"))
        for c in competences
        if c.live
    ]


def _organiser(page: EventPage) -> str:
    parties = [party.name for party in page.parties.all()]
    return page.organiser or ", ".join(parties)
