"""Who a visitor is to a place: the person herself, or somebody who looks after it."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from events.models import PlaceLink
from events.signup.links import OPENED
from portal.core.visibility import asker
from portal.seats.api import OfferState, Participant, PlaceState, SignUp


def is_herself(request: HttpRequest, place: Participant) -> bool:
    """Tell whether the visitor is the participant: by her account, or by a link that was sent to her own address."""
    if place.user is not None and place.user.uuid == asker(request).user_uuid:
        return True
    return bool(place.email) and _opened(request).filter(participant=place, email=place.email).exists()


def speaks_for(request: HttpRequest, sign_up: SignUp) -> bool:
    """Tell whether the visitor may act for the whole sign-up: who made it, its contact, her coordinator or manager."""
    if SignUp.objects.visible_to(asker(request)).filter(pk=sign_up.pk).exists():
        return True
    contact = _opened(request).filter(participant__isnull=True, sign_up=sign_up, email=sign_up.contact_email)
    return contact.exists()


def answers_offer(request: HttpRequest, place: Participant) -> bool:
    """Tell whether the visitor may answer the offer of a place: a group's who speaks for it, a single one its person too.

    An open offer is answered only where a seat is still kept by it: a place that was given up says nothing for the
    others. An offer that has been answered is left to the seats, which say so.
    """
    offer = place.offer
    if offer is None or (offer.state == OfferState.OPEN and place.state != PlaceState.OFFERED):
        return False
    return speaks_for(request, place.sign_up) or (not place.sign_up.is_group and is_herself(request, place))


def _opened(request: HttpRequest) -> QuerySet[PlaceLink]:
    hashes = request.session.get(OPENED, [])
    return PlaceLink.objects.filter(token_hash__in=hashes, expires_at__gt=timezone.now())
