"""What other packages may use of self-assessment."""

from profilecatalog.assessment.answers import Given, UnknownAnswerError
from profilecatalog.assessment.enums import AnswerKind, RoundMode, RoundStatus
from profilecatalog.assessment.models import EmbedKey, PublishedAggregate, Response, Round
from profilecatalog.assessment.selectors import (
    Need,
    PublishedCompetence,
    PublishedProfile,
    latest_closed_round,
    published_for,
)
from profilecatalog.assessment.services import (
    AlreadySentError,
    ClosedRound,
    NotGatheringError,
    close_standing_rounds,
    create_embed_key,
    load_example_responses,
    remove_example_responses,
    revoke_embed_key,
    standing_round,
    store_response,
)

__all__ = [
    "AlreadySentError",
    "AnswerKind",
    "ClosedRound",
    "EmbedKey",
    "Given",
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
    "latest_closed_round",
    "load_example_responses",
    "published_for",
    "remove_example_responses",
    "revoke_embed_key",
    "standing_round",
    "store_response",
]
