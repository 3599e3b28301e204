"""The meetings' models: page types with their parts, and beside them the occurrences with those who come."""

from events.models.asking import Answer, ListConsent, Question
from events.models.attending import Attendance, Team, TeamSeat
from events.models.letters import Letter, News, Subscription
from events.models.links import DoorLink, GuestWish, PlaceLink
from events.models.occurrences import Occurrence
from events.models.parts import (
    EventCompetence,
    EventMaterial,
    EventProfile,
    EventSpeaker,
    ProgrammeItem,
    Theme,
)
from events.models.pulse import PulseAnswer, PulseResult, PulseTicket
from events.models.series import Series
from events.pages import EventIndexPage, EventPage

__all__ = [
    "Answer",
    "Attendance",
    "DoorLink",
    "EventCompetence",
    "EventIndexPage",
    "EventMaterial",
    "EventPage",
    "EventProfile",
    "EventSpeaker",
    "GuestWish",
    "Letter",
    "ListConsent",
    "News",
    "Occurrence",
    "PlaceLink",
    "ProgrammeItem",
    "PulseAnswer",
    "PulseResult",
    "PulseTicket",
    "Question",
    "Series",
    "Subscription",
    "Team",
    "TeamSeat",
    "Theme",
]
