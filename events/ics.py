"""Meetings as iCalendar, written by the library alone so that no text can break out of its line.

A calendar recognises a meeting by `UID` and takes a newer version by `SEQUENCE`; both come from the row. `DTSTAMP` is
when the row or its page last changed and not the time of the request, so that the same meetings give the same bytes and
a subscriber's conditional request is answered without a body. No `METHOD`: these are published files and not invitations.
"""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from events.models import Occurrence

# A constant, so that a meeting keeps its identity when the portal moves to another address.
UID_DOMAIN = "moeder.kompetenceportalen"
CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_bytes(occurrences: Sequence[Occurrence], request: HttpRequest, *, name: str) -> bytes:
    """Return a calendar of the occurrences; `event` must be loaded with each."""
    calendar = new_calendar()
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    for occurrence in occurrences:
        calendar.add_component(_event(occurrence, request))
    calendar.add_component(copenhagen())
    return bytes(calendar.to_ical())


def new_calendar() -> Calendar:
    """Return a calendar that holds nothing yet."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kompetenceportalen//Møder//DA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def copenhagen() -> Timezone:
    """Return the description of the zone: the rule of the European Union, which holds for every year since 1996.

    The library's own description (7.3) dates the change in spring an hour late and ends after a few years. A test holds this
    one against the zone database.
    """
    zone = Timezone()
    zone.add("tzid", settings.TIME_ZONE)
    for part, month, clock, before, after, name in (
        (TimezoneDaylight(), 3, 2, 1, 2, "CEST"),
        (TimezoneStandard(), 10, 3, 2, 1, "CET"),
    ):
        part.add("dtstart", dt.datetime(1996, month, 31 if month == 3 else 27, clock))  # noqa: DTZ001 - a clock time
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", dt.timedelta(hours=before))
        part.add("tzoffsetto", dt.timedelta(hours=after))
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def uid(occurrence: Occurrence) -> str:
    """Return the identity that calendars know the occurrence by."""
    return f"{occurrence.uuid}@{UID_DOMAIN}"


def _event(occurrence: Occurrence, request: HttpRequest) -> Event:
    page = occurrence.event
    changed = max(filter(None, (occurrence.changed_at, page.last_published_at)))
    event = meeting(occurrence, url=page.get_full_url(request) or "", sequence=occurrence.sequence, stamp=changed)
    event.add("last-modified", changed.astimezone(dt.UTC).replace(microsecond=0))
    return event


def meeting(occurrence: Occurrence, *, url: str, sequence: int, stamp: dt.datetime, link: str = "") -> Event:
    """Return a meeting as calendars know it; `link` is one that only those who come may know."""
    zone = ZoneInfo(settings.TIME_ZONE)
    url = iri_to_uri(url)
    event = Event()
    event.add("uid", uid(occurrence))
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", occurrence.starts_at.astimezone(zone))
    event.add("dtend", occurrence.ends_at.astimezone(zone))
    event.add("summary", _summary(occurrence))
    event.add("status", "CANCELLED" if occurrence.cancelled else "CONFIRMED")
    event.add("categories", [str(occurrence.event.get_kind_display())])
    if location := one_line(", ".join(part for part in (occurrence.where, occurrence.address) if part)):
        event.add("location", location)
    event.add("description", _description(occurrence, link or occurrence.link, url))
    if url:
        event.add("url", url)
    return event


def _summary(occurrence: Occurrence) -> str:
    title = one_line(occurrence.event.title)
    return _("Cancelled: %(title)s") % {"title": title} if occurrence.cancelled else title


def _description(occurrence: Occurrence, link: str, url: str) -> str:
    parts = [occurrence.cancel_reason, occurrence.event.lead, link, url]
    return "\n\n".join(clean(part) for part in parts if part)


def clean(text: str) -> str:
    """Return the text without control characters, which no calendar may contain; line breaks stay."""
    return "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or c.isprintable())


def one_line(text: str) -> str:
    """Return the text on one line, without what no calendar may contain."""
    return " ".join(clean(text).split())
