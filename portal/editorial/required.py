"""Which approvals a page still lacks: the rule that the engine asks before it finishes, and the guard before going live."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import TaskState

from portal.editorial.models import Submission, Vote
from portal.editorial.policies import needed
from portal.organisations.api import Party

PARTY = "party:"


@dataclass(frozen=True, slots=True)
class Missing:
    """Parties (their keys) and the number of persons whose approval is missing."""

    parties: tuple[str, ...] = ()
    people: int = 0

    def __bool__(self) -> bool:
        return bool(self.parties or self.people)

    def __str__(self) -> str:
        names = dict(Party.objects.filter(key__in=self.parties).values_list("key", "name"))
        parts = [names.get(key, key) for key in self.parties]
        if self.people:
            more = ngettext("%(count)s more person", "%(count)s more persons", self.people)
            parts.append(more % {"count": self.people})
        return _("Approval is missing: %(who)s.") % {"who": ", ".join(parts)}


def missing(submission: Submission, page: Any, digest: str) -> Missing:
    """Return what is missing for this content of the page, under the policy that the submission began with."""
    asked = needed(submission.policy, page)
    votes = list(approvals(submission, digest))
    persons = {vote.person for vote in votes}
    return Missing(tuple(_uncovered(asked.parties, votes)), max(0, asked.people - len(persons)))


def _uncovered(parties: frozenset[str], votes: list[Vote]) -> list[str]:
    """Return the parties for which nobody is left when each has a person of its own: who acts for two counts for one."""
    speakers = {party: [vote.person for vote in votes if vote.seat == f"{PARTY}{party}"] for party in sorted(parties)}
    speaks_for: dict[UUID, str] = {}

    def seat(party: str, asked: set[UUID]) -> bool:
        for person in speakers[party]:
            if person in asked:
                continue
            asked.add(person)
            if person not in speaks_for or seat(speaks_for[person], asked):
                speaks_for[person] = party
                return True
        return False

    return [party for party in speakers if not seat(party, set())]


def approvals(submission: Submission, digest: str) -> Any:
    """Return the approvals that count for this content.

    A step that was sent back or given up takes its votes with it. Who sent the page in this time, or wrote this content,
    does not count, whenever she voted.
    """
    senders = submission.submitters.filter(round=submission.round).values_list("user_id", flat=True)
    barred = {user for user in [*senders, submission.author_id] if user is not None}
    return Vote.objects.filter(
        Q(state__status=TaskState.STATUS_APPROVED) | Q(state__status=TaskState.STATUS_IN_PROGRESS),
        state__workflow_state_id=submission.workflow_state_id,
        answer=Vote.APPROVE,
        digest=digest,
    ).exclude(user_id__in=barred)
