"""Who may do what in the catalogue, as named predicates."""

from typing import Any

from profilecatalog.profiles.models import ReleaseProposal


def can_decide_proposal(user: Any, proposal: ReleaseProposal) -> bool:
    """Tell whether a user may put off or decline a question: whoever may edit the profile."""
    return bool(proposal.profile.permissions_for_user(user).can_edit())
