"""The lines about the meeting that stand in every mail about it."""

from django.utils.translation import gettext as _

from events.letters.content import when
from events.models import Occurrence


def meeting_facts(occurrence: Occurrence, *, has_seat: bool = False) -> tuple[tuple[str, str], ...]:
    """Return name, time and place; the link to the online meeting and the way in only for those who come."""
    lines = [
        (_("Meeting"), occurrence.event.title),
        (_("Time"), when(occurrence)),
        (_("Place"), place_text(occurrence)),
        *(_way_in(occurrence) if has_seat else []),
        (_("Questions about the meeting"), _contact(occurrence)),
    ]
    return tuple((label, value) for label, value in lines if value)


def place_text(occurrence: Occurrence) -> str:
    """Return where it is held, with the street."""
    return ", ".join(part for part in (occurrence.where, occurrence.address) if part)


def online_link(occurrence: Occurrence) -> str:
    """Return where one takes part from a screen; for those who have a seat."""
    return (occurrence.participants_link or occurrence.link) if occurrence.online else ""


def _way_in(occurrence: Occurrence) -> list[tuple[str, str]]:
    access = "; ".join(line.strip() for line in occurrence.access_notes.splitlines() if line.strip())
    return [(_("Getting in"), access), (_("Take part online"), online_link(occurrence))]


def _contact(occurrence: Occurrence) -> str:
    card = occurrence.event.contact
    if card is None or not card.active:
        return ""
    return ", ".join(part for part in (card.function, card.organisation, card.email, card.phone) if part)
