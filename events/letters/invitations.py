"""The calendar file of a mail: an invitation that is accepted already, or its end (iTIP, RFC 5546).

The receiver is the only ATTENDEE: who else comes is nobody's business. A file for the same receiver has a higher SEQUENCE
each time, or calendars would take it for the one that they have.
"""

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from icalendar import vCalAddress, vText

from events import ics
from events.letters.content import page_url
from events.letters.facts import online_link
from events.models import Occurrence

REQUEST, CANCEL = "REQUEST", "CANCEL"


def invitation(occurrence: Occurrence, *, method: str, sequence: int, email: str, name: str, now: dt.datetime) -> bytes:
    """Return the file for one receiver, in the active language."""
    calendar = ics.new_calendar()
    calendar.add("method", method)
    link = online_link(occurrence) if method == REQUEST else ""
    event = ics.meeting(occurrence, url=page_url(occurrence), sequence=sequence, stamp=now, link=link)
    if method == CANCEL:
        del event["status"]
        event.add("status", "CANCELLED")
    event["organizer"] = _organiser(occurrence)
    event["attendee"] = _attendee(email, name, coming=method == REQUEST)
    calendar.add_component(event)
    calendar.add_component(ics.copenhagen())
    return bytes(calendar.to_ical())


def _organiser(occurrence: Occurrence) -> vCalAddress:
    """Return the portal's own address: answers of calendars go where nobody has to read them."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["CN"] = vText(ics.one_line(occurrence.event.organiser) or name)
    return organiser


def _attendee(email: str, name: str, *, coming: bool) -> vCalAddress:
    """Return the receiver, who has answered already by signing up; nobody is asked for an answer once more."""
    attendee = vCalAddress(f"mailto:{email}")
    attendee.params["CN"] = vText(ics.one_line(name) or email)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    if coming:
        attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
