"""The standing round of a municipality: one per quarter, opened by the first who needs it."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from portal.core import audit
from portal.organisations.api import DEFAULT_GROUP, Municipality, MunicipalitySettings, min_responses
from profilecatalog.assessment.calendar import quarter_of
from profilecatalog.assessment.enums import RoundStatus
from profilecatalog.assessment.models import Round


class NotGatheringError(Exception):
    """The municipality has chosen that the open self-assessment does not count for it."""


def is_gathering(municipality: Municipality | None) -> bool:
    """Tell whether the open widget counts for the municipality; it does until the municipality says otherwise."""
    if municipality is None:
        return True
    return not MunicipalitySettings.objects.filter(municipality=municipality, standing_round_open=False).exists()


def smallest_group(municipality: Municipality | None) -> int:
    """Return the smallest group that a new round promises."""
    return min_responses(municipality) if municipality else DEFAULT_GROUP


def smallest_group_anywhere() -> int:
    """Return the smallest group that any municipality promises, in its settings or in the round that is open."""
    chosen = MunicipalitySettings.objects.filter(standing_round_open=True).aggregate(least=Min("min_responses"))
    opened = Round.objects.standing().open().aggregate(least=Min("min_responses"))
    return min(least for least in (DEFAULT_GROUP, chosen["least"], opened["least"]) if least is not None)


def standing_round(municipality: Municipality | None, *, on: dt.date | None = None) -> Round:
    """Return the open round of the quarter of `on` (today), locked when a transaction is open around the call.

    A round whose quarter has passed takes no further answers, also before the command has counted it.

    Raises:
        NotGatheringError: the municipality does not take part.
    """
    if not is_gathering(municipality):
        raise NotGatheringError
    day = on or timezone.localdate()
    with transaction.atomic():
        current = _open_round(municipality)
        if current is not None and current.closes < day:
            Round.objects.filter(pk=current.pk).update(status=RoundStatus.ENDED)
            current = None
        return current or _open_new(municipality, day)


def _open_round(municipality: Municipality | None) -> Round | None:
    found: Round | None = (
        Round.objects.standing().open().select_for_update().filter(municipality=municipality).order_by("id").first()
    )
    return found


def _open_new(municipality: Municipality | None, day: dt.date) -> Round:
    quarter = quarter_of(day)
    values: dict[str, Any] = {"municipality": municipality, "opens": quarter.opens, "closes": quarter.closes}
    try:
        with transaction.atomic():
            return Round.objects.create(standing=True, min_responses=smallest_group(municipality), **values)
    except IntegrityError:
        # Somebody opened it between our look and our insert; the constraint lets one of us through.
        if found := _open_round(municipality):
            return found
        raise


@transaction.atomic
def raise_min_responses(*, round_: Round, to: int, actor: Any) -> None:
    """Show totals of this round for larger groups only.

    Raises:
        ValueError: the number is lower than what was promised; the database refuses it as well.
    """
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    before = locked.min_responses
    if to < before:
        raise ValueError("The smallest group that was promised may not be lowered.")
    locked.min_responses = to
    locked.save(update_fields=["min_responses"])
    audit.record(actor=actor, action="assessment.min_responses_raised", obj=locked, before=before, after=to)
