"""What other packages may use of the meetings."""

from events.enums import EventKind, MaterialPhase
from events.loading import EventSpec, MaterialSpec, ProgrammeSpec, SpeakerSpec, TimeSpec, load_event
from events.models import EventIndexPage, EventPage, Occurrence, Theme
from events.planning.questions import QuestionSpec
from events.planning.series import series_make
from events.running.attendance import AttendedMeeting, attended_by
from events.services import (
    OccurrenceSpec,
    SignedUpError,
    occurrence_cancel,
    occurrence_delete,
    occurrence_save,
    occurrence_spec,
)

__all__ = [
    "AttendedMeeting",
    "EventIndexPage",
    "EventKind",
    "EventPage",
    "EventSpec",
    "MaterialPhase",
    "MaterialSpec",
    "Occurrence",
    "OccurrenceSpec",
    "ProgrammeSpec",
    "QuestionSpec",
    "SignedUpError",
    "SpeakerSpec",
    "Theme",
    "TimeSpec",
    "attended_by",
    "load_event",
    "occurrence_cancel",
    "occurrence_delete",
    "occurrence_save",
    "occurrence_spec",
    "series_make",
]
