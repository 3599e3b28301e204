"""The question "new release?": raised, settled, put off, declined."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import audit
from profilecatalog.profiles.enums import ProposalStatus
from profilecatalog.profiles.models import Competence, ProfileRelease, ReleasedItem, ReleaseProposal


@transaction.atomic
def proposals_raise(*, competence: Competence, wording: str) -> None:
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
        if all_words == {wording}:
            _withdraw(profile_id, competence)
        else:
            _ask(profile_id, competence, wording)


def _open(profile_id: int, competence: Competence) -> ReleaseProposal | None:
    found: ReleaseProposal | None = (
        ReleaseProposal.objects.open().select_for_update().filter(profile_id=profile_id, competence=competence).first()
    )
    return found


def _ask(profile_id: int, competence: Competence, wording: str) -> None:
    waiting = _open(profile_id, competence)
    if waiting is None:
        last = ReleaseProposal.objects.filter(profile_id=profile_id, competence=competence).order_by("-id").first()
        if last is None or last.status != ProposalStatus.DECLINED or last.wording != wording:
            ReleaseProposal.objects.create(profile_id=profile_id, competence=competence, wording=wording)
    elif waiting.wording != wording:
        # Put off for other words than these: the question comes back at once.
        waiting.wording, waiting.status, waiting.postponed_until = wording, ProposalStatus.WAITING, None
        waiting.save(update_fields=["wording", "status", "postponed_until"])


def _withdraw(profile_id: int, competence: Competence) -> None:
    if waiting := _open(profile_id, competence):
        _close(waiting, ProposalStatus.WITHDRAWN, None)


def proposals_settle(*, release: ProfileRelease, actor: Any) -> None:
    """Close every open question of a profile that has a new release: it was made from the competences as they are."""
    asked = {row.competence_id for row in release.released_items.all()}
    for proposal in ReleaseProposal.objects.open().select_for_update().filter(profile=release.profile_id):
        adopted = proposal.competence_id in asked
        proposal.release = release if adopted else None
        _close(proposal, ProposalStatus.ADOPTED if adopted else ProposalStatus.WITHDRAWN, actor)


def _close(proposal: ReleaseProposal, status: ProposalStatus, actor: Any) -> None:
    proposal.status, proposal.decided_at, proposal.decided_by = status, timezone.now(), actor
    proposal.save(update_fields=["status", "decided_at", "decided_by", "release"])


@transaction.atomic
def proposal_postpone(*, proposal: ReleaseProposal, actor: Any, until: dt.date) -> None:
    """Put a question off until a day.

    Raises:
        ValidationError: the day is not in the future, or the question has been settled meanwhile.
    """
    proposal = _still_open(proposal)
    if until <= timezone.localdate():
        raise ValidationError({"until": _("Choose a day after today.")})
    before = proposal.status
    proposal.status, proposal.postponed_until = ProposalStatus.POSTPONED, until
    proposal.decided_at, proposal.decided_by = timezone.now(), actor
    proposal.save(update_fields=["status", "postponed_until", "decided_at", "decided_by"])
    _record(proposal, actor, "proposal.postponed", before, {"until": until.isoformat()})


@transaction.atomic
def proposal_decline(*, proposal: ReleaseProposal, actor: Any, reason: str) -> None:
    """Say no to a new release for these words.

    Raises:
        ValidationError: the reason is empty, or the question has been settled meanwhile.
    """
    proposal = _still_open(proposal)
    if not reason.strip():
        raise ValidationError({"reason": _("Write why the profile does not need a new release.")})
    before = proposal.status
    proposal.reason = reason.strip()
    proposal.status, proposal.decided_at, proposal.decided_by = ProposalStatus.DECLINED, timezone.now(), actor
    proposal.save(update_fields=["status", "reason", "decided_at", "decided_by"])
    _record(proposal, actor, "proposal.declined", before, {"reason": proposal.reason})


def _still_open(proposal: ReleaseProposal) -> ReleaseProposal:
    locked = ReleaseProposal.objects.open().select_for_update().filter(pk=proposal.pk).first()
    if locked is None:
        raise ValidationError(_("The question has been settled meanwhile."))
    return locked


def _record(proposal: ReleaseProposal, actor: Any, action: str, before: str, after: dict[str, Any]) -> None:
    audit.record(
        actor=actor, action=action, obj=proposal, before={"status": before}, after={"status": proposal.status, **after}
    )
