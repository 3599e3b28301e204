"""The meetings' models: page types with their parts, and the occurrences beside them."""

from events.models.occurrences import Occurrence
from events.models.parts import (
    EventCompetence,
    EventMaterial,
    EventProfile,
    EventSpeaker,
    ProgrammeItem,
    Theme,
)
from events.pages import EventIndexPage, EventPage

__all__ = [
    "EventCompetence",
    "EventIndexPage",
    "EventMaterial",
    "EventPage",
    "EventProfile",
    "EventSpeaker",
    "Occurrence",
    "ProgrammeItem",
    "Theme",
]
