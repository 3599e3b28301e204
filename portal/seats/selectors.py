"""Where an offering stands, and who of a municipality is where. Counted when asked, in a fixed number of queries."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from portal.core.principal import Principal
from portal.organisations.api import Municipality
from portal.seats.enums import ACTIVE, HOLDING, PlaceState
from portal.seats.line import free_seats
from portal.seats.models import Offering, Participant


@dataclass(frozen=True, slots=True)
class Standing:
    """An offering at a moment; `capacity` and `free` None mean no limit."""

    capacity: int | None = None
    taken: int = 0
    offered: int = 0
    waiting: int = 0
    waiting_groups: int = 0
    pending: int = 0
    unnamed: int = 0

    @property
    def free(self) -> int | None:
        """Return how many seats nobody has and nobody is offered."""
        return free_seats(self.capacity, self.taken + self.offered)

    @property
    def over(self) -> int:
        """Return how many more are taken than there are now; it never grows."""
        return 0 if self.capacity is None else max(0, self.taken + self.offered - self.capacity)

    @property
    def next_waits(self) -> bool:
        """Tell whether whoever signs up now joins a line."""
        return self.free == 0 or self.waiting > 0


# In the order of the fields of `Standing`.
_COUNTED = ("taken", "offered", "waiting", "waiting_groups", "pending", "unnamed")


def standings(offerings: Collection[Offering]) -> dict[int, Standing]:
    """Return where each of them stands, by primary key, in one query."""
    active, counts = Q(state__in=ACTIVE), Participant.objects.filter(offering__in=[row.pk for row in offerings])
    nameless = active & Q(user__isnull=True, email__isnull=True, name="")
    rows = (
        counts.order_by()
        .values("offering")
        .annotate(
            taken=Count("pk", filter=Q(state=PlaceState.BOOKED)),
            offered=Count("pk", filter=Q(state=PlaceState.OFFERED)),
            waiting=Count("pk", filter=Q(state=PlaceState.WAITING)),
            waiting_groups=Count("sign_up", filter=Q(state=PlaceState.WAITING), distinct=True),
            pending=Count("pk", filter=Q(state=PlaceState.PENDING)),
            unnamed=Count("pk", filter=nameless),
        )
    )
    found = {key: numbers for key, *numbers in rows.values_list("offering", *_COUNTED)}
    return {row.pk: Standing(row.capacity, *found.get(row.pk, ())) for row in offerings}


def standing(offering: Offering) -> Standing:
    """Return where one offering stands."""
    return standings([offering])[offering.pk]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a municipality, or an open slot, at one offering."""

    place: UUID
    sign_up: UUID
    offering: int
    name: str
    email: str
    unit: str
    state: PlaceState
    is_group: bool
    # How many sign-ups are served before; None for who does not wait.
    ahead: int | None = None

    @property
    def has_seat(self) -> bool:
        """Tell whether a seat is kept for her."""
        return self.state in HOLDING


def people_of(*, principal: Principal, municipality: Municipality, active_only: bool = True) -> list[PersonRow]:
    """Return a municipality's people everywhere, as far as the asker may see them, in the order of sign-up."""
    rows = Participant.objects.visible_to(principal).filter(sign_up__municipality=municipality)
    rows = rows.active() if active_only else rows
    rows = (
        rows.select_related("sign_up__unit").order_by("offering", "sign_up__placed_at", "sign_up_id", "pk").distinct()
    )
    found = list(rows)
    ahead = _ahead({row.offering_id for row in found if row.state == PlaceState.WAITING})
    return [_person(row, ahead) for row in found]


def _ahead(offerings: Collection[int]) -> dict[int, int]:
    """Return for each sign-up in line how many stand before it."""
    line = (
        Participant.objects.filter(offering__in=offerings)
        .waiting()
        .order_by("offering", "sign_up__placed_at", "sign_up_id")
    )
    found: dict[int, int] = {}
    before: dict[int, int] = {}
    for offering, sign_up in line.values_list("offering", "sign_up").distinct():
        found[sign_up] = before.get(offering, 0)
        before[offering] = found[sign_up] + 1
    return found


def _person(row: Participant, ahead: dict[int, int]) -> PersonRow:
    state = PlaceState(row.state)
    return PersonRow(
        place=row.uuid,
        sign_up=row.sign_up.uuid,
        offering=row.offering_id,
        name=row.name,
        email=row.email or "",
        unit=row.sign_up.unit.name if row.sign_up.unit else "",
        state=state,
        is_group=row.sign_up.is_group,
        ahead=ahead.get(row.sign_up_id) if state is PlaceState.WAITING else None,
    )
