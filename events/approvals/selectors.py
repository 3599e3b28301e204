"""What waits for an answer, and one of it in full."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from events.approvals.gate import answerable_by
from events.models import Occurrence
from portal.core.formats import period
from portal.core.principal import Principal
from portal.seats.api import ORGANISER_APPROVAL, Participant, PlaceState, SignUp, Standing, standing
from portal.workflows.api import Asker, Case, CaseScreen, case_screen


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One sign-up that awaits an answer; `names` are those of its people, as far as they are known."""

    case: UUID
    url: str
    event: str
    when: str
    where: str
    occurrence: UUID
    by_organiser: bool
    contact: str
    names: tuple[str, ...]
    size: int
    on_behalf_of: str
    since: datetime
    # From then on no seat is given, and a yes comes too late.
    until: datetime | None

    @property
    def unnamed(self) -> int:
        """Return for how many a name is missing."""
        return self.size - len(self.names)


@dataclass(frozen=True, slots=True)
class ApprovalScreen:
    """A sign-up with its case, for one asker."""

    row: ApprovalRow
    case: CaseScreen
    seats: Standing
    too_late: bool


def approvals_waiting(principal: Principal, *, occurrence: Occurrence | None = None) -> tuple[ApprovalRow, ...]:
    """Return what awaits the asker's answer, the oldest first; `occurrence` narrows it to one meeting time.

    A fixed number of queries, however many there are.
    """
    cases = answerable_by(principal).open()
    if occurrence is not None:
        cases = cases.filter(object_id__in=SignUp.objects.filter(offering=occurrence.offering_id).values("pk"))
    found = list(cases.order_by("started_at", "pk"))
    sign_ups = _read(case.object_id for case in found)
    return tuple(_row(case, sign_ups[case.object_id]) for case in found if case.object_id in sign_ups)


def waiting_count(principal: Principal) -> int:
    """Return how many await the asker's answer."""
    return int(answerable_by(principal).open().count())


def approval_screen(case: Case, asker: Asker) -> ApprovalScreen:
    """Return one of them; whether she may see it was decided by the gate."""
    sign_up = _read([case.object_id])[case.object_id]
    offering = sign_up.offering
    return ApprovalScreen(
        row=_row(case, sign_up),
        case=case_screen(case, asker, subject=sign_up),
        seats=standing(offering),
        too_late=case.is_open and not offering.gives_at(timezone.now()),
    )


def _read(keys: Iterable[int]) -> dict[int, SignUp]:
    places = Participant.objects.filter(state__in=(PlaceState.PENDING, *_ANSWERED)).order_by("pk")
    rows: Any = SignUp.objects.filter(pk__in=list(keys)).select_related(
        "offering__occurrence__event",
        "offering__occurrence__municipality",
        "offering__occurrence__region",
        "municipality",
        "unit",
    )
    return {row.pk: row for row in rows.prefetch_related(Prefetch("participants", places, to_attr="asked_about"))}


# Where a place may be after the answer; who cancelled is asked about no longer.
_ANSWERED = (PlaceState.WAITING, PlaceState.OFFERED, PlaceState.BOOKED, PlaceState.REFUSED)


def _row(case: Case, sign_up: Any) -> ApprovalRow:
    occurrence: Occurrence = sign_up.offering.occurrence
    people = sign_up.asked_about
    return ApprovalRow(
        case=case.uuid,
        url=reverse("approvals:case", args=[case.uuid]),
        event=occurrence.event.title,
        when=period(occurrence.starts_at, occurrence.ends_at),
        where=occurrence.where,
        occurrence=occurrence.uuid,
        by_organiser=case.kind == ORGANISER_APPROVAL,
        contact=sign_up.contact_name,
        names=tuple(str(place) for place in people if not place.is_unnamed),
        size=len(people),
        on_behalf_of=sign_up.on_behalf_of,
        since=case.started_at,
        until=sign_up.offering.gives_until,
    )
