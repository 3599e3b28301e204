"""What other packages may use of self-assessment."""

from profilecatalog.assessment.answers import Given, UnknownAnswerError
from profilecatalog.assessment.disclosure import is_safe
from profilecatalog.assessment.embedding import Finding, embed_html, embeddable, findings, trial_path
from profilecatalog.assessment.enums import AnswerKind, KeyState, RoundMode, RoundStatus
from profilecatalog.assessment.models import EmbedKey, PublishedAggregate, Response, Round
from profilecatalog.assessment.permissions import embed_key_for
from profilecatalog.assessment.selectors import (
    Need,
    PublishedCompetence,
    PublishedProfile,
    latest_closed_round,
    published_for,
)
from profilecatalog.assessment.services import (
    OVERLAP,
    AlreadySentError,
    ClosedRound,
    NotGatheringError,
    close_standing_rounds,
    create_embed_key,
    load_example_responses,
    remove_example_responses,
    revoke_embed_key,
    rotate_embed_key,
    standing_round,
    store_response,
)

__all__ = [
    "OVERLAP",
    "AlreadySentError",
    "AnswerKind",
    "ClosedRound",
    "EmbedKey",
    "Finding",
    "Given",
    "KeyState",
    "Need",
    "NotGatheringError",
    "PublishedAggregate",
    "PublishedCompetence",
    "PublishedProfile",
    "Response",
    "Round",
    "RoundMode",
    "RoundStatus",
    "UnknownAnswerError",
    "close_standing_rounds",
    "create_embed_key",
    "embed_html",
    "embed_key_for",
    "embeddable",
    "findings",
    "is_safe",
    "latest_closed_round",
    "load_example_responses",
    "published_for",
    "remove_example_responses",
    "revoke_embed_key",
    "rotate_embed_key",
    "standing_round",
    "store_response",
    "trial_path",
]
