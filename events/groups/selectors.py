"""A group as its contact sees it: who has what, what can be done, and what has happened."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.groups.prospect import closed_text
from events.models import Occurrence
from events.selectors.rows import moment_text
from portal.seats.api import ACTIVE, Offer, Participant, PlaceChange, PlaceState, Reason, SignUp, standings

_KINDS = {
    PlaceState.BOOKED: "strong",
    PlaceState.OFFERED: "warn",
    PlaceState.WAITING: "warn",
    PlaceState.PENDING: "warn",
}
# Nobody of the group did these: whoever made room for them is no business of the group's.
_BY_ITSELF = frozenset({Reason.GIVEN, Reason.PROMOTED, Reason.OFFERED, Reason.EXPIRED, Reason.UNNAMED, Reason.ERASED})


def badge_of(state: str) -> str:
    """Return the look of a place's badge; the word says the same."""
    return _KINDS.get(PlaceState(state), "off")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of the group."""

    uuid: UUID
    name: str
    email: str
    state: str
    kind: str
    is_active: bool
    is_unnamed: bool
    # Her own page, with the answers to the meeting's questions.
    url: str

    @property
    def key(self) -> str:
        """Return what the fields of the place are called by."""
        return str(self.uuid)


@dataclass(frozen=True, slots=True)
class Happening:
    """One act on the group, in words."""

    at: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    """Seats that wait for an answer."""

    uuid: UUID
    count: int
    deadline: str


@dataclass(frozen=True, slots=True)
class GroupScreen:
    """Everything on the page of a group."""

    uuid: UUID
    places: tuple[PlaceRow, ...]
    gone: tuple[PlaceRow, ...]
    open_slots: tuple[PlaceRow, ...]
    summary: tuple[str, ...]
    contact: str
    on_behalf_of: str
    line: tuple[str, ...]
    offers: tuple[OfferRow, ...]
    names_by: str
    names_closed: bool
    history: tuple[Happening, ...]
    may_change: bool
    in_line: bool
    is_group: bool
    # For those who have a seat only.
    online_link: str


def group_screen(sign_up: SignUp, occurrence: Occurrence, now: dt.datetime) -> GroupScreen:
    """Gather it, in a fixed number of queries."""
    rows = list(sign_up.participants.order_by("pk"))
    shown = [_row(row) for row in rows]
    here = tuple(row for row in shown if row.is_active)
    waits = any(row.state == PlaceState.WAITING for row in rows)
    offers = list(sign_up.offers.open().order_by("pk"))
    begun = occurrence.starts_at <= now
    return GroupScreen(
        uuid=sign_up.uuid,
        places=here,
        gone=tuple(row for row in shown if not row.is_active),
        open_slots=tuple(row for row in here if row.is_unnamed),
        summary=_summary(rows),
        contact=sign_up.contact_name or sign_up.contact_email,
        on_behalf_of=sign_up.on_behalf_of,
        line=_line(sign_up, occurrence) if waits else (),
        offers=tuple(_offer(offer, rows) for offer in offers),
        names_by=moment_text(sign_up.names_by) if sign_up.names_by else "",
        names_closed=sign_up.names_by is not None and sign_up.names_by <= now,
        history=_history(sign_up),
        may_change=bool(here) and not begun,
        in_line=any(row.state in (PlaceState.PENDING, PlaceState.WAITING, PlaceState.OFFERED) for row in rows),
        is_group=sign_up.is_group,
        online_link=_online_link(rows, occurrence, now),
    )


def _online_link(rows: Iterable[Participant], occurrence: Occurrence, now: dt.datetime) -> str:
    wanted = not occurrence.cancelled and occurrence.ends_at > now
    return occurrence.participants_link if wanted and any(row.state == PlaceState.BOOKED for row in rows) else ""


def _row(place: Participant) -> PlaceRow:
    return PlaceRow(
        uuid=place.uuid,
        name=str(place),
        email=place.email or "",
        state=place.get_state_display(),
        kind=badge_of(place.state),
        is_active=place.state in ACTIVE,
        is_unnamed=place.is_unnamed,
        url=reverse("signup:place", args=[place.uuid]),
    )


def _summary(rows: Iterable[Participant]) -> tuple[str, ...]:
    """Return how many stand where, the most important first."""
    counts = Counter(row.state for row in rows)
    order = (PlaceState.BOOKED, PlaceState.OFFERED, PlaceState.PENDING, PlaceState.WAITING)
    return tuple(f"{state.label}: {counts[state]}" for state in order if counts[state])


def sign_ups_before(sign_up: SignUp) -> int:
    """Return how many sign-ups are served before this one."""
    earlier = Q(sign_up__placed_at__lt=sign_up.placed_at) | Q(
        sign_up__placed_at=sign_up.placed_at, sign_up_id__lt=sign_up.pk
    )
    line = Participant.objects.filter(earlier, offering=sign_up.offering_id, state=PlaceState.WAITING)
    return line.order_by().values("sign_up").distinct().count()


def _line(sign_up: SignUp, occurrence: Occurrence) -> tuple[str, ...]:
    before, offering = sign_ups_before(sign_up), occurrence.offering
    text = ngettext("%(count)s sign-up stands before yours.", "%(count)s sign-ups stand before yours.", before)
    texts = [text % {"count": before} if before else _("You are the first on the list.")]
    if sign_up.is_group and not sign_up.may_split:
        texts.append(_("The group is not split: it gets its seats when there are enough for all of you at once."))
    if offering.smaller_may_pass:
        texts.append(_("At this meeting smaller groups may get seats before a larger one that does not fit."))
    if offering.gives_until is not None:
        texts.append(_("Seats are given until %(moment)s.") % {"moment": moment_text(offering.gives_until)})
    return tuple(texts)


def _offer(offer: Offer, rows: Iterable[Participant]) -> OfferRow:
    count = sum(row.offer_id == offer.pk and row.state == PlaceState.OFFERED for row in rows)
    return OfferRow(offer.uuid, count, moment_text(offer.deadline))


def _history(sign_up: SignUp) -> tuple[Happening, ...]:
    """Return what happened, newest first: one line for all places that one act was about."""
    changes = PlaceChange.objects.filter(participant__sign_up=sign_up).select_related("actor").order_by("at", "id")
    acts: Counter[tuple[dt.datetime, str, str]] = Counter()
    for change in changes:
        acts[change.at, change.reason, _who(change)] += 1
    return tuple(_happening(at, Reason(reason), who, count) for (at, reason, who), count in reversed(acts.items()))


def _who(change: PlaceChange) -> str:
    if change.reason in _BY_ITSELF:
        return _("by itself")
    return str(change.actor) if change.actor is not None else _("by a link in an e-mail")


def _happening(at: dt.datetime, reason: Reason, who: str, count: int) -> Happening:
    people = ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
    return Happening(moment_text(timezone.localtime(at)), f"{reason.label}: {people}", who)


@dataclass(frozen=True, slots=True)
class OtherDate:
    """Another date of the same meeting to move to; `problem` says why not."""

    uuid: UUID
    when: str
    where: str
    seats: str
    problem: str


def other_dates(occurrence: Occurrence, *, size: int, now: dt.datetime) -> list[OtherDate]:
    """Return the dates to come of the same meeting; one where there are too few free seats is shown and says so."""
    rows = Occurrence.objects.filter(event=occurrence.event_id).exclude(pk=occurrence.pk).upcoming(now)
    found = list(rows.select_related("event", "offering", "municipality", "region").in_order())
    stand = standings([one.offering for one in found])
    return [_date(one, closed_text(one), stand[one.offering_id].free, size) for one in found]


def _date(one: Occurrence, closed: str, free: int | None, size: int) -> OtherDate:
    if free is None:
        seats = _("There is no limit to the seats.")
    else:
        seats = ngettext("%(count)s seat is free", "%(count)s seats are free", free) % {"count": free}
    few = _("There are too few seats.") if free is not None and free < size else ""
    return OtherDate(one.uuid, moment_text(one.starts_at), one.where, seats, closed or few)
