"""What the pages of a sign-up show: the meeting, the seats as they are now, and a place with what can be done about it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.enums import ListShown
from events.models import Answer, Occurrence
from events.retention import keeping_text
from events.signup.answers import answer_text, consent_of
from events.signup.gate import answers_offer, is_herself, speaks_for
from events.signup.words import Door, SeatsNow, door_of, moment_text, passing_text, seats_now, turn_text, waits
from portal.core.formats import period
from portal.core.visibility import asker
from portal.seats.api import (
    ACTIVE,
    Offering,
    OfferState,
    Participant,
    PlaceState,
    SeatPolicy,
    SignUp,
    Standing,
    standing,
    standings,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The meeting above every page of its sign-up."""

    uuid: UUID
    title: str
    kind: str
    when: str
    where: str
    url: str
    door: Door
    seats: SeatsNow
    keeping: str


def head_of(occurrence: Occurrence, request: HttpRequest, now: dt.datetime) -> Head:
    """Return the meeting, with its seats as they are at this moment."""
    event = occurrence.event
    return Head(
        uuid=occurrence.uuid,
        title=event.title,
        kind=event.get_kind_display(),
        when=sentence(period(occurrence.starts_at, occurrence.ends_at)),
        where=occurrence.where,
        url=event.get_url(request) or "",
        door=door_of(occurrence, now),
        seats=seats_now(occurrence.offering, standing(occurrence.offering)),
        keeping=keeping_text(occurrence),
    )


def sentence(text: str) -> str:
    """Return a text with a capital letter."""
    return text[:1].upper() + text[1:]


def active_place_of(user: object, occurrence: Occurrence) -> Participant | None:
    """Return the place that somebody has at a meeting."""
    return occurrence.offering.participants.active().filter(user=user).first()


# --- A place ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on the list of participants who lets the reader see her."""

    name: str
    municipality: str


@dataclass(frozen=True, slots=True)
class PlaceScreen:
    """A place, and what the reader may do about it now."""

    place: Participant
    occurrence: Occurrence
    head: Head
    herself: bool
    title: str
    kind: str
    lines: tuple[str, ...]
    active: bool
    booked: bool
    waiting: bool
    offered: bool
    offer_until: str
    may_answer_offer: bool
    group_url: str
    may_change: bool
    may_move: bool
    link: str
    address: str
    access: tuple[str, ...]
    calendar_url: str
    answers: tuple[AnswerRow, ...]
    asks: bool
    shown: str
    may_consent: bool
    listed: tuple[Listed, ...]
    again_url: str


def place_screen(place: Participant, request: HttpRequest, now: dt.datetime | None = None) -> PlaceScreen:
    """Return a place as its page shows it."""
    now = now or timezone.now()
    occurrence = Occurrence.objects.select_related("event", "municipality", "region", "offering").get(
        offering=place.offering_id
    )
    state, head = PlaceState(place.state), head_of(occurrence, request, now)
    herself, speaks = is_herself(request, place), speaks_for(request, place.sign_up)
    active, begun = state in ACTIVE, occurrence.starts_at <= now
    offer = place.offer if state is PlaceState.OFFERED else None
    is_group = place.sign_up.is_group
    answers = _answers(place)
    return PlaceScreen(
        place=place,
        occurrence=occurrence,
        head=head,
        herself=herself,
        title=_title(state, occurrence, now) if herself else f"{place}: {state.label}",
        kind=_LOOK.get(state, ""),
        lines=_lines(place, occurrence, now),
        active=active,
        booked=state is PlaceState.BOOKED,
        waiting=state is PlaceState.WAITING,
        offered=offer is not None,
        offer_until=moment_text(offer.deadline) if offer else "",
        may_answer_offer=bool(offer and offer.state == OfferState.OPEN and answers_offer(request, place)),
        group_url=reverse("groups:group", args=[place.sign_up.uuid]) if is_group and speaks else "",
        may_change=active and not begun,
        may_move=state is PlaceState.BOOKED and not begun and bool(dates_to_move(place, now)),
        link=occurrence.participants_link if state is PlaceState.BOOKED and not occurrence.cancelled else "",
        address=occurrence.address,
        access=tuple(line.strip() for line in occurrence.access_notes.splitlines() if line.strip()),
        calendar_url=reverse("events:occurrence_calendar", args=[occurrence.uuid]),
        answers=answers,
        asks=active and (bool(answers) or occurrence.event.questions.filter(retired=False).exists()),
        shown=str(consent_of(place).label) if occurrence.asks_list else "",
        may_consent=herself and active and occurrence.asks_list,
        listed=participants_shown(occurrence, among=True) if herself and state is PlaceState.BOOKED else (),
        again_url=_again(occurrence, request) if herself and not active and head.door.open else "",
    )


def _again(occurrence: Occurrence, request: HttpRequest) -> str:
    """Return the form of who has no place any more: a guest has her own."""
    name = "signup:guest" if asker(request).is_anonymous else "signup:person"
    return reverse(name, args=[occurrence.uuid])


_LOOK = {PlaceState.WAITING: "warn", PlaceState.PENDING: "warn", PlaceState.OFFERED: "warn"}


def _title(state: PlaceState, occurrence: Occurrence, now: dt.datetime) -> str:
    if occurrence.cancelled:
        return _("The meeting is cancelled")
    if occurrence.ends_at <= now and state is PlaceState.BOOKED:
        return _("The meeting is over")
    return {
        PlaceState.BOOKED: _("You have a seat"),
        PlaceState.WAITING: _("You are on the waiting list"),
        PlaceState.PENDING: _("Your sign-up awaits approval"),
        PlaceState.OFFERED: _("You are offered a seat"),
        PlaceState.CANCELLED: _("Your sign-up is cancelled"),
        PlaceState.LAPSED: _("The offer was not taken"),
        PlaceState.REFUSED: _("Your sign-up was not approved"),
    }[state]


def _lines(place: Participant, occurrence: Occurrence, now: dt.datetime) -> tuple[str, ...]:
    state = PlaceState(place.state)
    if occurrence.cancelled:
        return (occurrence.cancel_reason,)
    if state is PlaceState.WAITING and occurrence.starts_at > now:
        return waiting_lines(place.sign_up)
    if state is PlaceState.PENDING:
        return (_("You get a mail when it has been answered. Your turn counts from when you signed up."),)
    if state is PlaceState.OFFERED:
        return (_("The seat is kept for you until the deadline. If you say nothing, it goes to the next in line."),)
    return ()


def ahead_of(sign_up: SignUp) -> int:
    """Return how many sign-ups stand in line before this one."""
    found: list[int] = []
    for key in sign_up.offering.participants.waiting().values_list("sign_up", flat=True):
        if key == sign_up.pk:
            return len(found)
        if key not in found:
            found.append(key)
    return len(found)


def waiting_lines(sign_up: SignUp) -> tuple[str, ...]:
    """Say to those who wait where they stand, and how the line is served."""
    ahead = ahead_of(sign_up)
    before = (
        ngettext("%(count)s sign-up stands before yours.", "%(count)s sign-ups stand before yours.", ahead)
        % {"count": ahead}
        if ahead
        else _("You are the next in line.")
    )
    return (before, turn_text(sign_up.offering), passing_text(sign_up.offering))


def _answers(place: Participant) -> tuple[AnswerRow, ...]:
    rows = Answer.objects.filter(participant=place).select_related("question")
    rows = rows.order_by("question__position", "question_id")
    return tuple(AnswerRow(row.question.text, answer_text(row.question, row.value)) for row in rows)


def participants_shown(occurrence: Occurrence, *, among: bool) -> tuple[Listed, ...]:
    """Return those who have said that they may be seen: `among` by the other participants, else by every reader."""
    if not occurrence.asks_list:
        return ()
    allowed = [ListShown.PARTICIPANTS, ListShown.ALL] if among else [ListShown.ALL]
    rows = occurrence.offering.participants.booked().filter(list_consent__shown__in=allowed)
    rows = rows.select_related("sign_up__municipality").order_by("name", "pk")
    return tuple(Listed(row.name, str(row.sign_up.municipality or "")) for row in rows)


# --- Other dates -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OtherDate:
    """Another date of the same meeting."""

    occurrence: Occurrence
    text: str


def dates_to_move(place: Participant, now: dt.datetime, size: int = 1) -> tuple[OtherDate, ...]:
    """Return the dates that a place, or so many of them, could be moved to at this moment."""
    found = [date for date in other_dates(place, now) if door_of(date.occurrence, now).open]
    counts = standings([date.occurrence.offering for date in found])
    return tuple(
        date for date in found if _has_room(date.occurrence.offering, counts[date.occurrence.offering_id], size)
    )


def other_dates(place: Participant, now: dt.datetime) -> tuple[OtherDate, ...]:
    """Return all other dates of the meeting that have not begun."""
    here = place.offering.occurrence
    rows: Any = Occurrence.objects.all()
    rows = rows.upcoming(now).going_ahead().filter(event=here.event_id).exclude(pk=here.pk)
    return tuple(_other(row) for row in rows.for_list().in_order())


def _has_room(offering: Offering, now: Standing, size: int) -> bool:
    """Tell whether so many get seats at once: nobody moves onto a waiting list, or to where somebody must approve."""
    room = now.free is None or now.free >= size
    return room and not waits(offering, now) and offering.policy == SeatPolicy.FIRST_COME


def _other(row: Occurrence) -> OtherDate:
    return OtherDate(row, f"{sentence(period(row.starts_at, row.ends_at))}, {row.where}")
