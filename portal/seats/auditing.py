"""The sweep over what must always be so. It reads and writes nothing; each breach is a line that names the row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.core.models import AuditEntry
from portal.seats.approval import MUNICIPALITY, ORGANISER
from portal.seats.enums import ACTIVE, HOLDING, OfferState, PlaceState
from portal.seats.models import Offer, Offering, Participant, PlaceChange, SignUp
from portal.seats.placing import queue, turns_of
from portal.seats.selectors import standings
from portal.workflows.api import Case

# The worker needs a moment; whatever is late by more was forgotten.
PATIENCE = timedelta(hours=1)
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that must not be."""

    rule: str
    row: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule} {self.row}: {self.text}"


def breaches(now: datetime | None = None) -> Iterator[Breach]:
    """Yield every breach."""
    now = now or timezone.now()
    for rule in (_oversold, _lost_turns):
        yield from rule(now)
    for name, text, rows in _rules(now):
        for row in rows.order_by("pk"):
            yield Breach(name, f"{row._meta.model_name} {row.uuid}", text)


def _oversold(now: datetime) -> Iterator[Breach]:
    """Yield offerings over their capacity in which a seat was given that was not there; a lowered capacity alone is none."""
    offerings = list(Offering.objects.filter(capacity__isnull=False).order_by("pk"))
    found = standings(offerings)
    for offering in offerings:
        over = found[offering.pk].over
        if over and _grew_over(offering):
            yield Breach("oversold", f"offering {offering.uuid}", f"{over} over {offering.capacity}")


def _grew_over(offering: Offering) -> bool:
    """Go through the history and tell whether a seat was given beyond the capacity of its moment."""
    limits = _limits(offering)
    held = 0
    changes = PlaceChange.objects.filter(participant__offering=offering).order_by("id")
    for source, target, at in changes.values_list("source", "target", "at"):
        began, ended = target in HOLDING and source not in HOLDING, source in HOLDING and target not in HOLDING
        held += began - ended
        if began and held > _most(limits, at):
            return True
    return False


def _most(limits: list[tuple[datetime, float]], at: datetime) -> float:
    """Return the capacity at a moment; where it was changed in that very moment, the larger one."""
    before = [capacity for since, capacity in limits if since < at]
    return max([capacity for since, capacity in limits if since == at] + before[-1:])


def _limits(offering: Offering) -> list[tuple[datetime, float]]:
    """Return the capacity by the time from which it held; seats that were made past the service have but the present one."""
    entries = AuditEntry.objects.filter(
        action__in=["seats.created", "seats.changed"], object_key=str(offering.uuid)
    ).order_by("at", "id")
    known: list[tuple[datetime, Any, Any]] = list(entries.values_list("at", "before", "after"))
    first = (known[0][1] or known[0][2])["capacity"] if known else offering.capacity
    found = [(_EVER, first), *((at, after["capacity"]) for at, _before, after in known)]
    return [(since, inf if capacity is None else capacity) for since, capacity in found]


def _lost_turns(now: datetime) -> Iterator[Breach]:
    """Yield offerings with a free seat that is somebody's turn: a release without its promotion."""
    with_line = Offering.objects.filter(participants__state=PlaceState.WAITING).order_by("pk").distinct()
    for offering in with_line:
        if offering.gives_at(now):
            for sign_up, seats in turns_of(offering, queue(offering)):
                yield Breach("lost-turn", f"offering {offering.uuid}", f"{seats} for sign-up {sign_up}")


def _rules(now: datetime) -> Iterator[tuple[str, str, "QuerySet"]]:
    """Yield name, text and offending rows of the rules that one query each can tell."""
    places, offers = Participant.objects.all(), Offer.objects.all()
    active = places.active()
    yield "twice", "the same person has two active places", active.filter(Exists(_twin(active)))
    last = PlaceChange.objects.filter(participant=OuterRef("pk")).order_by("-id")
    stated = places.annotate(last=Subquery(last.values("target")[:1]))
    yield "history", "the state is not what the history says", stated.filter(~Q(last=F("state")) | Q(last=None))
    yield (
        "elsewhere",
        "the place and its sign-up disagree on the offering",
        places.exclude(offering=F("sign_up__offering")),
    )
    offered = places.filter(state=PlaceState.OFFERED)
    yield "no-offer", "the place has an offer that is not open", offered.exclude(offer__state=OfferState.OPEN)
    empty = offers.open().annotate(n=Count("participants", filter=Q(participants__state=PlaceState.OFFERED)))
    yield "empty-offer", "the offer is open and nobody has it", empty.filter(n=0)
    yield "overdue-offer", "the offer has run out and keeps its seats", offers.overdue(now - PATIENCE)
    until = Coalesce("sign_up__offering__seats_until", "sign_up__offering__deadline")
    yield "late-offer", "the offer runs longer than seats are given", offers.open().filter(deadline__gt=until)
    late = active.unnamed().filter(sign_up__names_by__lte=now - PATIENCE, offering__called_off=False)
    yield "overdue-name", "the name has not come in time and the place is kept", late
    asked = Exists(_open_case())
    yield "no-case", "nobody is asked for the approval", places.filter(~asked, state=PlaceState.PENDING)
    yield (
        "unapproved",
        "there is a seat or a turn without the approval",
        places.filter(asked, state__in=[state for state in ACTIVE if state != PlaceState.PENDING]),
    )
    pending = places.filter(state=PlaceState.PENDING, sign_up=OuterRef("object_id"))
    asking = Case.objects.open().filter(kind__in=[ORGANISER, MUNICIPALITY])
    yield "idle-case", "somebody is asked about nobody", asking.exclude(Exists(pending))


def _twin(active: "QuerySet") -> "QuerySet":
    same = Q(user=OuterRef("user")) | Q(email=OuterRef("email"))
    return active.filter(same, offering=OuterRef("offering"), pk__lt=OuterRef("pk"))


def _open_case() -> "QuerySet":
    kind = ContentType.objects.get_for_model(SignUp)
    return Case.objects.open().filter(content_type=kind, object_id=OuterRef("sign_up"))
