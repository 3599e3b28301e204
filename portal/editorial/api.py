"""What other packages, and extensions of third parties, may use of the editorial workflows."""

from portal.editorial.checks.waiting import NotYetError
from portal.editorial.content import content_of, digest_of
from portal.editorial.errors import NoPolicyError, NotApprovedError, NotYoursError, StaleReadingError
from portal.editorial.models import Definition, ExceptionalPublication, StepState, Submission, Vote
from portal.editorial.registry import (
    PASS,
    WAIT,
    EditorialRegistry,
    Finding,
    Moment,
    Outcome,
    Promise,
    Seat,
    TaskType,
    Verdict,
    registry,
)
from portal.editorial.services import (
    publish_imported,
    publish_in_emergency,
    submission_cancel,
    submission_send,
    tick,
    vote_cast,
)

__all__ = [
    "PASS",
    "WAIT",
    "Definition",
    "EditorialRegistry",
    "ExceptionalPublication",
    "Finding",
    "Moment",
    "NoPolicyError",
    "NotApprovedError",
    "NotYetError",
    "NotYoursError",
    "Outcome",
    "Promise",
    "Seat",
    "StaleReadingError",
    "StepState",
    "Submission",
    "TaskType",
    "Verdict",
    "Vote",
    "content_of",
    "digest_of",
    "publish_imported",
    "publish_in_emergency",
    "registry",
    "submission_cancel",
    "submission_send",
    "tick",
    "vote_cast",
]
