"""Who may run a meeting: see who comes, let them in, write to them. Foreign and missing look the same."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from events.models import EventPage, Occurrence
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.organisations.api import Region

# Withheld until the session has shown a second factor: what they reach is who comes.
RUNNERS = (Role.EDITOR, Role.ORGANISER, Role.ADMINISTRATOR)


def runnable_by(principal: Principal) -> Any:
    """Return the occurrences whose sign-ups the asker looks after.

    An editor those that her party holds, or that no party holds; a regional organiser those of her region on their day;
    an administrator all.
    """
    rows = Occurrence.objects.select_related("event", "municipality", "region", "offering")
    if principal.is_administrator:
        return rows
    parties, regions = principal.parties(Role.EDITOR), principal.regions(Role.ORGANISER)
    if not parties and not regions:
        return rows.none()
    allowed = Q(pk__in=[])
    if parties:
        held = EventPage.parties.through.objects.filter(eventpage=OuterRef("event"))
        allowed |= Q(Exists(held.filter(party__key__in=parties))) | ~Q(Exists(held))
    for region in Region.objects.filter(pk__in=regions).order_by("pk"):
        allowed |= Q(pk__in=Occurrence.objects.in_region(region).values("pk"))
    return rows.filter(allowed)


def occurrence_to_run(principal: Principal, uuid: UUID) -> Occurrence:
    """Return a meeting time that the asker runs.

    Raises:
        Http404: there is none, or it is not hers.
    """
    found: Occurrence | None = runnable_by(principal).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def waits_for_a_second_factor(principal: Principal) -> bool:
    """Tell whether the asker would run meetings, had her session shown a second factor."""
    return not principal.withheld.isdisjoint(RUNNERS)


def occurrence_to_join(principal: Principal, uuid: UUID) -> Occurrence:
    """Return a meeting time that the asker may read and that takes sign-ups here, whether it is open now or not.

    Raises:
        Http404: there is none, or its sign-up is elsewhere.
    """
    rows = Occurrence.objects.visible_to(principal).select_related("event", "municipality", "region", "offering")
    found: Occurrence | None = rows.filter(uuid=uuid, event__signup_here=True).first()
    if found is None:
        raise Http404
    return found


def is_over(occurrence: Occurrence) -> bool:
    """Tell whether the meeting is past."""
    return occurrence.ends_at <= timezone.now()
