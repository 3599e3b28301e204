"""The question "new release?": raised, settled, put off, declined. Its case says where it stands, and is locked first.

A question that is open or put off is the same question for later words, and comes back at once: nobody has answered it. One
that was declined was answered for the words it was about; other words are another question, with a case of its own.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import RefusedError
from portal.workflows.api import Asker, Case, case_take, case_transition
from profilecatalog.profiles.enums import ProposalStatus
from profilecatalog.profiles.models import Competence, ProfileRelease, ReleasedItem, ReleaseProposal
from profilecatalog.profiles.services.new_release import (
    ADOPT,
    CHANGED_AGAIN,
    DECLINE,
    POSTPONE,
    WITHDRAW,
    case_of,
)


@transaction.atomic
def proposals_raise(*, competence: Competence, wording: str, actor: Any = None) -> None:
    """Ask every live profile whose latest release says other words; withdraw where the words are the same again.

    `wording` is the hash of what the competence says now (`documents.wording_hash`). A question that was declined is not
    asked again for the same words.
    """
    latest = ProfileRelease.objects.latest_of_each().live()
    frozen: dict[int, set[str]] = {}
    rows = ReleasedItem.objects.filter(competence=competence, release__in=latest)
    for profile_id, words in rows.values_list("release__profile_id", "wording"):
        frozen.setdefault(profile_id, set()).add(words)
    for profile_id, all_words in sorted(frozen.items()):
        waiting = _held(ReleaseProposal.objects.filter(profile_id=profile_id, competence=competence))
        if all_words == {wording}:
            for _proposal, case in waiting:
                case_take(actor=actor, case=case, transition=WITHDRAW)
        elif waiting:
            _ask_again(*waiting[0], wording, actor)
        else:
            _ask(profile_id, competence, wording, actor)


def _held(proposals: Any) -> list[tuple[ReleaseProposal, Case]]:
    """Return the open ones with their cases locked: whoever answers one at this moment has done so, or waits."""
    held = []
    for proposal in proposals.open().select_related("profile").order_by("pk"):
        case: Case = Case.objects.locked().get(pk=case_of(proposal).pk)
        if case.is_open:
            held.append((proposal, case))
    return held


def _ask(profile_id: int, competence: Competence, wording: str, actor: Any) -> None:
    last = ReleaseProposal.objects.filter(profile_id=profile_id, competence=competence).order_by("-id").first()
    if last is None or last.status != ProposalStatus.DECLINED or last.wording != wording:
        case_of(
            ReleaseProposal.objects.create(profile_id=profile_id, competence=competence, wording=wording), actor=actor
        )


def _ask_again(proposal: ReleaseProposal, case: Case, wording: str, actor: Any) -> None:
    """Put the question anew for other words than it was about; whoever looks at it meanwhile is told."""
    if proposal.wording != wording:
        ReleaseProposal.objects.filter(pk=proposal.pk).update(wording=wording)
        case_take(actor=actor, case=case, transition=CHANGED_AGAIN)


def proposals_settle(*, release: ProfileRelease, actor: Any) -> None:
    """Close every open question of a profile that has a new release: it was made from the competences as they are."""
    asked = {row.competence_id for row in release.released_items.all()}
    for proposal, case in _held(ReleaseProposal.objects.filter(profile=release.profile_id)):
        adopted = proposal.competence_id in asked
        if adopted:
            ReleaseProposal.objects.filter(pk=proposal.pk).update(release=release)
        case_take(actor=actor, case=case, transition=ADOPT if adopted else WITHDRAW)


def proposal_postpone(*, proposal: ReleaseProposal, actor: Any, until: dt.date) -> None:
    """Put a question off until a day.

    Raises:
        ValidationError: the day is not in the future, or the question has been settled meanwhile.
    """
    _answer(proposal, actor, POSTPONE, "until", day=until)


def proposal_decline(*, proposal: ReleaseProposal, actor: Any, reason: str) -> None:
    """Say no to a new release for these words.

    Raises:
        ValidationError: the reason is empty, or the question has been settled meanwhile.
    """
    _answer(proposal, actor, DECLINE, "reason", comment=reason)


@transaction.atomic
def _answer(proposal: ReleaseProposal, actor: Any, way: str, field: str, **given: Any) -> None:
    held = _held(ReleaseProposal.objects.filter(pk=proposal.pk))
    if not held:
        raise ValidationError(_("The question has been settled meanwhile."))
    case = held[0][1]
    try:
        case_transition(asker=Asker(actor=actor), case=case, transition=way, expected=case.number, **given)
    except RefusedError as error:
        raise ValidationError({field: str(error)}) from error
