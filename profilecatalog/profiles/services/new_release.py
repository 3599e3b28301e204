"""The question "new release?" as a case of `portal.workflows`: what its definitions may name, and what follows each step.

The proposal's own columns follow the case, whatever definition moved it: lists and constraints read them.
"""

import datetime as dt
from typing import Any

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.errors import RefusedError
from portal.workflows.api import (
    Before,
    Case,
    Happening,
    NoParameters,
    Registry,
    Scope,
    Via,
    case_start,
    definitions_install,
)
from profilecatalog.profiles.enums import ProposalStatus
from profilecatalog.profiles.models import ReleaseProposal
from profilecatalog.profiles.permissions import can_decide_proposal

KIND = "profiles.new_release"
POSTPONE, DECLINE = "postpone", "decline"
# Taken along by a publication, and so in every definition of the kind.
ADOPT, WITHDRAW, CHANGED_AGAIN = "adopt", "withdraw", "changed-again"
POSTPONED = "postponed"
_ENDS = {
    "adopted": ProposalStatus.ADOPTED,
    "declined": ProposalStatus.DECLINED,
    "withdrawn": ProposalStatus.WITHDRAWN,
}


def register(registry: Registry) -> None:
    """Add what definitions name; called when the app is ready."""
    registry.kind(
        KIND,
        origin=__name__,
        states=_ENDS,
        ways=(ADOPT, WITHDRAW, CHANGED_AGAIN),
        ends=_ENDS,
        moved=proposal_follows,
    )
    registry.predicate("profiles.may_edit")(may_edit)


def may_edit(happening: Happening, _none: NoParameters) -> bool:
    """Let in who may change the profile and comes by a screen."""
    asker = happening.asker
    return asker.via is Via.SCREEN and asker.actor is not None and can_decide_proposal(asker.actor, happening.subject)


def proposal_follows(happening: Happening) -> None:
    """Write into the proposal where its case stands now."""
    until = _until(happening)
    status = _ENDS.get(happening.case.state, ProposalStatus.POSTPONED if until else ProposalStatus.WAITING)
    values: dict[str, Any] = {"status": status, "postponed_until": until}
    if status != ProposalStatus.WAITING:
        values |= {"decided_at": happening.at, "decided_by": happening.asker.actor}
    if status == ProposalStatus.DECLINED:
        values["reason"] = happening.comment
        if not happening.comment:
            raise RefusedError(_("Write why the profile does not need a new release."))
    ReleaseProposal.objects.filter(pk=happening.subject.pk).update(**values)


def _until(happening: Happening) -> dt.date | None:
    """Return until when nobody asks: the chosen day, or in a definition without one the day of the clock."""
    case = happening.case
    if case.state != POSTPONED:
        return None
    return happening.day or (timezone.localdate(case.due_at) if case.due_at else None)


def case_of(proposal: ReleaseProposal, *, actor: Any = None, before: Before | None = None) -> Case:
    """Return the open case of an open proposal; where none has begun, it begins."""
    return case_start(actor=actor, kind=KIND, subject=proposal, place=_place(proposal), before=before)


def cases_begin(*, using: str = "default") -> None:
    """Give every open proposal from before cases were kept one, there where it stands. Runs after each migration."""
    tables = {ReleaseProposal._meta.db_table, Case._meta.db_table}
    if using != "default" or tables - set(connections[using].introspection.table_names()):
        return
    definitions_install(using=using)
    for proposal in ReleaseProposal.objects.open().without_case().select_related("profile").order_by("pk"):
        case_of(proposal, before=_before(proposal))


def _before(proposal: ReleaseProposal) -> Before:
    if proposal.status != ProposalStatus.POSTPONED:
        return Before(proposal.raised_at)
    return Before(proposal.decided_at or proposal.raised_at, POSTPONED, proposal.postponed_until)


def _place(proposal: ReleaseProposal) -> Scope:
    """Return where the profile stands. What two parties publish together belongs to neither party's own process."""
    parts = proposal.profile.get_url_parts()
    parties = [publisher.party.key for publisher in proposal.profile.publishers.select_related("party")]
    return Scope(section=(parts[2] or "") if parts else "", party=parties[0] if len(parties) == 1 else "")
