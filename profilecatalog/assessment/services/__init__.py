"""All changes of rounds, answers and published totals."""

from profilecatalog.assessment.services.closing import ClosedRound, close_standing_rounds
from profilecatalog.assessment.services.embedding import OVERLAP, create_embed_key, revoke_embed_key, rotate_embed_key
from profilecatalog.assessment.services.examples import load_example_responses, remove_example_responses
from profilecatalog.assessment.services.responses import AlreadySentError, store_response
from profilecatalog.assessment.services.rounds import NotGatheringError, raise_min_responses, standing_round

__all__ = [
    "OVERLAP",
    "AlreadySentError",
    "ClosedRound",
    "NotGatheringError",
    "close_standing_rounds",
    "create_embed_key",
    "load_example_responses",
    "raise_min_responses",
    "remove_example_responses",
    "revoke_embed_key",
    "rotate_embed_key",
    "standing_round",
    "store_response",
]
