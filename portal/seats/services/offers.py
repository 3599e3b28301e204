"""Answer an offer, or let the clock answer it; let slots go whose names did not come."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.seats.approval import approval_withdraw
from portal.seats.enums import ACTIVE, OfferState, PlaceState, Reason
from portal.seats.errors import OfferGoneError
from portal.seats.locking import seats_locked
from portal.seats.models import Offer, Participant, SignUp
from portal.seats.placing import close_empty_offers, close_offer, lapse, put, settle
from portal.seats.querysets import ParticipantQuerySet

logger = logging.getLogger(__name__)


def offer_accept(*, actor: Any, offer: Offer) -> list[Participant]:
    """Take the offered seats; accepting twice is accepting.

    Raises:
        OfferGoneError: the deadline has passed, or the offer was answered otherwise.
    """
    with seats_locked(offer.sign_up.offering_id) as offerings:
        offering, now, locked = offerings[offer.sign_up.offering_id], timezone.now(), _read(offer)
        places = list(locked.participants.select_related("sign_up__offering").order_by("pk"))
        if locked.state == OfferState.ACCEPTED:
            return [place for place in places if place.state == PlaceState.BOOKED]
        if locked.state != OfferState.OPEN or now >= locked.deadline or not offering.gives_at(now):
            raise OfferGoneError(_("The offer is no longer there: it has been answered, or its deadline has passed."))
        taken = [place for place in places if place.state == PlaceState.OFFERED]
        close_offer(locked, OfferState.ACCEPTED, now=now)
        put(taken, PlaceState.BOOKED, Reason.ACCEPTED, actor=actor, now=now)
        return taken


def offer_decline(*, actor: Any, offer: Offer) -> Offer:
    """Say no: the seats go to the next in line; declining twice is declining.

    Raises:
        OfferGoneError: the offer was answered otherwise.
    """
    with seats_locked(offer.sign_up.offering_id) as offerings:
        now, locked = timezone.now(), _read(offer)
        if locked.state == OfferState.DECLINED:
            return locked
        if locked.state != OfferState.OPEN:
            raise OfferGoneError(_("The offer is no longer there: it has been answered, or its deadline has passed."))
        lapse(locked, OfferState.DECLINED, Reason.DECLINED, actor=actor, now=now)
        settle(offerings[offer.sign_up.offering_id], actor=actor, now=now)
        return locked


def _read(offer: Offer) -> Offer:
    return Offer.objects.select_related("sign_up__offering", "sign_up__municipality", "sign_up__unit").get(pk=offer.pk)


def offers_expire() -> None:
    """Give back the seats of offers that nobody has answered in time, each offering in a transaction of its own."""
    overdue = Offer.objects.overdue(timezone.now())
    _each(overdue.order_by("sign_up__offering").values_list("sign_up__offering", flat=True).distinct(), _settle)


def _settle(key: int) -> None:
    with seats_locked(key) as offerings:
        settle(offerings[key], actor=None, now=timezone.now())


def _each(keys: Iterable[int], act: Callable[[int], None]) -> None:
    """Do it for each offering in a transaction of its own: one that fails, or is busy, holds up none of the others.

    Raises:
        Exception: the first that failed, when all the others are done.
    """
    failed: list[Exception] = []
    for key in list(keys):
        try:
            act(key)
        except Exception as error:
            logger.warning("The seats of offering %s could not be settled", key, exc_info=error)
            failed.append(error)
    if failed:
        raise failed[0]


def names_expire() -> None:
    """Give back the seats of slots whose names have not come in time."""
    due = _nameless(timezone.now())
    _each(due.order_by("offering").values_list("offering", flat=True).distinct(), _let_slots_go)


def _let_slots_go(key: int) -> None:
    # None can be added meanwhile: whoever signs up after the deadline writes all names.
    due = _nameless(timezone.now()).filter(offering=key)
    sign_ups = list(SignUp.objects.filter(participants__in=due).order_by("pk").distinct())
    with seats_locked(key, cases_of=sign_ups) as offerings:
        now = timezone.now()
        for sign_up in sign_ups:
            slots = list(_nameless(now).filter(sign_up=sign_up).select_related("sign_up__offering").order_by("pk"))
            put(slots, PlaceState.CANCELLED, Reason.UNNAMED, actor=None, now=now)
            close_empty_offers(sign_up, now=now)
            approval_withdraw(actor=None, sign_up=sign_up)
        settle(offerings[key], actor=None, now=now)


def _nameless(now: datetime) -> ParticipantQuerySet:
    due = Participant.objects.filter(state__in=ACTIVE, sign_up__names_by__lte=now, offering__called_off=False)
    return due.unnamed()
