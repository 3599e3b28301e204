"""Changes of the seats, under the lock that sign-up takes; seats that a change sets free are given at once."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.core import audit
from portal.seats.enums import SeatPolicy
from portal.seats.locking import seats_locked
from portal.seats.models import Offer, Offering
from portal.seats.placing import settle


@dataclass(frozen=True, slots=True)
class OfferingSpec:
    """What may be said about the seats; `capacity` None means no limit, times are aware."""

    capacity: int | None = None
    opens_at: datetime | None = None
    deadline: datetime | None = None
    policy: str = SeatPolicy.FIRST_COME.value
    seats_until: datetime | None = None
    offer_hours: int | None = None
    smaller_may_pass: bool = False
    names_by: datetime | None = None
    called_off: bool = False


def spec_of(offering: Offering) -> OfferingSpec:
    """Return what the row says now."""
    return OfferingSpec(**{field.name: getattr(offering, field.name) for field in fields(OfferingSpec)})


def _json(spec: OfferingSpec) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(spec).items()}


def offering_save(*, actor: Any, spec: OfferingSpec, offering: Offering | None = None) -> Offering:
    """Create the seats, or change them; nothing is written when nothing changes.

    More seats go to those who wait, in the same transaction. Fewer than are taken leave everybody where they are.

    Raises:
        ValidationError: a rule of the row is broken.
    """
    if offering is None or offering.pk is None:
        with transaction.atomic():
            made = _write(Offering(), spec)
            audit.record(actor=actor, action="seats.created", obj=made, after=_json(spec))
            return made
    with seats_locked(offering.pk) as offerings:
        stored = offerings[offering.pk]
        before = spec_of(stored)
        if before == spec:
            return stored
        _write(stored, spec)
        audit.record(actor=actor, action="seats.changed", obj=stored, before=_json(before), after=_json(spec))
        now = timezone.now()
        _fit_offers(stored, renew=before.called_off and not spec.called_off, now=now)
        settle(stored, actor=actor, now=now)
        return stored


def _fit_offers(offering: Offering, *, renew: bool, now: datetime) -> None:
    """Let no open offer outlive the seats, and give those whom a cancellation kept from answering their time again."""
    open_offers = Offer.objects.open().filter(sign_up__offering=offering)
    if renew and offering.offer_hours is not None:
        open_offers.update(deadline=now + timedelta(hours=offering.offer_hours))
    if (until := offering.gives_until) is not None:
        open_offers.filter(deadline__gt=until).update(deadline=until)


def _write(offering: Offering, spec: OfferingSpec) -> Offering:
    for name, value in asdict(spec).items():
        setattr(offering, name, value)
    offering.full_clean()
    offering.save()
    return offering
