"""The links in mails that open a place, or a whole sign-up, for whoever has them; only hashes are kept.

A link is looked up, noted in the visitor's session by its hash, and left behind, so that its token stands in no address
line. What it opens asks with buttons, since mail filters open links. It counts only as long as the place is still its
receiver's: the address that it was sent to must be the one that stands there now.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from events.models import PlaceLink
from portal.core.principal import Principal
from portal.seats.api import Participant, SignUp

OPENED = "events_opened"
_TOKEN_BYTES = 32
# As long as somebody may want to read her certificate of attendance, or answer an organiser.
AFTER_THE_END = timedelta(days=14)
_MOST_OPENED = 50


def hashed(token: str) -> str:
    """Return what the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Return a token that nobody can guess: 256 bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def place_url(*, sign_up: SignUp, participant: Participant | None, email: str, ends_at: datetime) -> str:
    """Make a link for one receiver and return its whole address, in the language of the sign-up."""
    token = _link_make(sign_up, participant, email, ends_at)
    with translation.override(sign_up.language):
        return str(settings.WAGTAILADMIN_BASE_URL + reverse("signup:open", args=[token]))


def _link_make(sign_up: SignUp, participant: Participant | None, email: str, ends_at: datetime) -> str:
    token = new_token()
    PlaceLink.objects.create(
        sign_up=sign_up,
        participant=participant,
        email=email,
        token_hash=hashed(token),
        expires_at=ends_at + AFTER_THE_END,
    )
    return token


def place_opened(
    request: HttpRequest, *, sign_up: SignUp, participant: Participant | None, email: str, ends_at: datetime
) -> None:
    """Open a place for a visitor who has just shown that it is hers, without a mail in between.

    Not by way of the link's address: the portal may have several names, and a form may lead to its own only.
    """
    link_open(request, _link_make(sign_up, participant, email, ends_at))


def link_open(request: HttpRequest, token: str) -> PlaceLink | None:
    """Note in the visitor's session what the link opens; None if it opens nothing."""
    link = _alive().filter(token_hash=hashed(token)).first()
    if link is not None:
        opened = [known for known in request.session.get(OPENED, []) if known != link.token_hash]
        request.session[OPENED] = [*opened, link.token_hash][-_MOST_OPENED:]
    return link


def _alive() -> Any:
    hers = Q(participant__isnull=False, participant__email=F("email")) | Q(
        participant__isnull=True, sign_up__contact_email=F("email")
    )
    return PlaceLink.objects.filter(hers, expires_at__gt=timezone.now()).select_related("sign_up", "participant")


def _opened(request: HttpRequest) -> Any:
    return _alive().filter(token_hash__in=request.session.get(OPENED, []))


def place_for(request: HttpRequest, uuid: UUID) -> Participant:
    """Return a place that the visitor may change: hers by account, one that she signed up or looks after, or by link.

    Raises:
        Http404: there is none, or it is not hers.
    """
    principal: Principal = request.principal  # type: ignore[attr-defined]
    links = _opened(request)
    by_link = Q(pk__in=links.exclude(participant=None).values("participant")) | Q(
        sign_up__in=links.filter(participant=None).values("sign_up")
    )
    reachable = Q(pk__in=Participant.objects.visible_to(principal).values("pk")) | by_link
    found: Participant | None = (
        Participant.objects.filter(reachable, uuid=uuid).select_related("sign_up", "offering", "offer").first()
    )
    if found is None:
        raise Http404
    return found


def sign_up_for(request: HttpRequest, uuid: UUID) -> SignUp:
    """Return a sign-up that the visitor may change as a whole.

    Raises:
        Http404: there is none, or it is not hers.
    """
    principal: Principal = request.principal  # type: ignore[attr-defined]
    by_link = Q(pk__in=_opened(request).filter(participant=None).values("sign_up"))
    reachable = Q(pk__in=SignUp.objects.visible_to(principal).values("pk")) | by_link
    found: SignUp | None = SignUp.objects.filter(reachable, uuid=uuid).select_related("offering").first()
    if found is None:
        raise Http404
    return found
