"""Changes of the seats. Sign-up itself comes later and locks the row that is written here."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.core import audit
from portal.seats.enums import SeatPolicy
from portal.seats.models import Offering


@dataclass(frozen=True, slots=True)
class OfferingSpec:
    """What may be said about the seats; `capacity` None means no limit, times are aware."""

    capacity: int | None = None
    opens_at: datetime | None = None
    deadline: datetime | None = None
    policy: str = SeatPolicy.FIRST_COME.value


def spec_of(offering: Offering) -> OfferingSpec:
    """Return what the row says now."""
    return OfferingSpec(offering.capacity, offering.opens_at, offering.deadline, offering.policy)


def _json(spec: OfferingSpec) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(spec).items()}


@transaction.atomic
def offering_save(*, actor: Any, spec: OfferingSpec, offering: Offering | None = None) -> Offering:
    """Create the seats, or change them under the lock that sign-up takes; nothing is written when nothing changes.

    Raises:
        ValidationError: a rule of the row is broken.
    """
    before = None
    if offering is None or offering.pk is None:
        offering = Offering()
    else:
        offering = Offering.objects.select_for_update().get(pk=offering.pk)
        before = spec_of(offering)
        if before == spec:
            return offering
    for name, value in asdict(spec).items():
        setattr(offering, name, value)
    offering.full_clean()
    offering.save()
    audit.record(
        actor=actor,
        action="seats.changed" if before else "seats.created",
        obj=offering,
        before=_json(before) if before else None,
        after=_json(spec),
    )
    return offering
