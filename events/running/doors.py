"""Links to the door: each opens the check-in page of one meeting time, until the day is over or somebody closes it.

Like the links in mails, a link is looked up, noted in the visitor's session by its hash, and left behind.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from events.models import DoorLink, Occurrence
from events.permissions import occurrence_to_run
from events.signup.links import hashed, new_token
from portal.core import audit
from portal.core.local_time import local_day, start_of_day

OPENED = "events_doors"
_MOST_OPENED = 10
# A telephone that finds its connection the next day still has what it noted; it may send that, and see no more names.
LATE = dt.timedelta(hours=24)


def closes_at(occurrence: Occurrence) -> dt.datetime:
    """Return the midnight after the meeting."""
    return start_of_day(local_day(occurrence.ends_at) + dt.timedelta(days=1))


@transaction.atomic
def door_make(*, actor: Any, occurrence: Occurrence) -> str:
    """Make a link and return its whole address, which is shown once and kept nowhere."""
    token = new_token()
    made = DoorLink.objects.create(occurrence=occurrence, token_hash=hashed(token), expires_at=closes_at(occurrence))
    audit.record(actor=actor, action="occurrence.door_opened", obj=occurrence, after={"door": str(made.uuid)})
    return str(settings.WAGTAILADMIN_BASE_URL + reverse("door:open", args=[token]))


@transaction.atomic
def door_close(*, actor: Any, link: DoorLink) -> None:
    """Close a link, for whoever has it; closing twice is closing."""
    closed = DoorLink.objects.filter(pk=link.pk, closed_at__isnull=True).update(closed_at=timezone.now())
    if closed:
        audit.record(actor=actor, action="occurrence.door_closed", obj=link.occurrence, after={"door": str(link.uuid)})


def open_doors(occurrence: Occurrence) -> Any:
    """Return the links that open the list now."""
    links = DoorLink.objects.filter(occurrence=occurrence, closed_at__isnull=True, expires_at__gt=timezone.now())
    return links.order_by("created_at", "id")


def door_of(occurrence: Occurrence, uuid: UUID) -> DoorLink | None:
    """Return a link of this very meeting."""
    return DoorLink.objects.filter(occurrence=occurrence, uuid=uuid).select_related("occurrence").first()


def door_enter(request: HttpRequest, token: str) -> DoorLink | None:
    """Note in the visitor's session what the link opens; None if it opens nothing (any more)."""
    links = DoorLink.objects.filter(closed_at__isnull=True, expires_at__gt=timezone.now())
    link = links.filter(token_hash=hashed(token)).select_related("occurrence").first()
    if link is not None:
        opened = [known for known in request.session.get(OPENED, []) if known != link.token_hash]
        request.session[OPENED] = [*opened, link.token_hash][-_MOST_OPENED:]
    return link


def door_for(request: HttpRequest, uuid: UUID, *, late: bool = False) -> tuple[Occurrence, DoorLink | None]:
    """Return the meeting whose door the visitor stands at: by her link, or because she runs the meeting.

    Raises:
        Http404: neither; or the link is closed, or its day is over (`late`: and the next one too).
    """
    alive = timezone.now() - (LATE if late else dt.timedelta())
    links = DoorLink.objects.filter(closed_at__isnull=True, expires_at__gt=alive, occurrence__uuid=uuid)
    link = (
        links.filter(token_hash__in=request.session.get(OPENED, []))
        .select_related("occurrence__event", "occurrence__municipality", "occurrence__region")
        .order_by("-expires_at", "-pk")
        .first()
    )
    # A meeting that was moved to an earlier day takes its links along.
    if link is not None and alive < closes_at(link.occurrence):
        return link.occurrence, link
    principal: Any = request.principal  # type: ignore[attr-defined]
    if principal.is_anonymous:
        raise Http404
    return occurrence_to_run(principal, uuid), None


def shut_for_good(request: HttpRequest, uuid: UUID) -> bool:
    """Tell whether it is certain that a visitor whom `door_for` refused will not be let in by waiting or a new login.

    Her own link has been closed or is too old, or it is too late for everybody. Only then may a telephone delete what it
    has not sent; a browser that lost its session is as foreign as any, and keeps its notes.
    """
    if DoorLink.objects.filter(occurrence__uuid=uuid, token_hash__in=request.session.get(OPENED, [])).exists():
        return True
    found = Occurrence.objects.filter(uuid=uuid).first()
    return found is not None and closes_at(found) + LATE <= timezone.now()
