"""The meeting above every screen of a group, in few words."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from events.models import Occurrence
from events.selectors.rows import Status, moment_text, status_of
from portal.core.formats import period


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is signed up for."""

    uuid: UUID
    title: str
    when: str
    where: str
    url: str
    names_by: str
    status: Status


def meeting_of(occurrence: Occurrence, request: HttpRequest, now: dt.datetime) -> Meeting:
    """Return it; needs `event`, `municipality` and `offering` at hand."""
    when = period(occurrence.starts_at, occurrence.ends_at)
    by = occurrence.offering.names_by
    return Meeting(
        uuid=occurrence.uuid,
        title=occurrence.event.title,
        when=when[:1].upper() + when[1:],
        where=occurrence.where,
        url=occurrence.event.get_url(request) or "",
        names_by=moment_text(by) if by else "",
        status=status_of(occurrence, now),
    )
