"""The invitations of a municipality for its screens: the newest one of each membership, and who has none yet."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.api import COORDINATOR_GIVES, Invitation, Membership
from portal.accounts.services.invitations import mail_key
from portal.core.mail import undeliverable
from portal.core.principal import Principal
from portal.organisations.api import Municipality

OPEN, ACCEPTED, EXPIRED, WITHDRAWN, ENDED = "aaben", "accepteret", "udloebet", "trukket-tilbage", "slut"
_KINDS = {EXPIRED: "warn", WITHDRAWN: "off", ENDED: "off", OPEN: "strong"}


def state_labels() -> dict[str, str]:
    """Return the states in words, in the order of the filter."""
    return {
        OPEN: _("Open"),
        ACCEPTED: _("Accepted"),
        EXPIRED: _("Expired"),
        WITHDRAWN: _("Withdrawn"),
        ENDED: _("Membership ended"),
    }


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation as a coordinator reads it."""

    uuid: UUID
    name: str
    email: str
    role: str
    unit: str
    invited_by: str
    sent_at: datetime
    expires_at: datetime
    state: str
    # The mail came back or never left: the address may be misspelt.
    is_lost: bool = False

    @property
    def state_label(self) -> str:
        """Return the state in words."""
        return state_labels()[self.state]

    @property
    def state_kind(self) -> str:
        """Return the badge's kind; the word says the same."""
        return _KINDS.get(self.state, "")

    @property
    def may_resend(self) -> bool:
        """Tell whether a new link can be sent: the role still waits for somebody."""
        return self.state in {OPEN, EXPIRED, WITHDRAWN}

    @property
    def may_withdraw(self) -> bool:
        """Tell whether there is a link to close."""
        return self.state == OPEN


def invitation_rows(found: Iterable[Invitation]) -> list[InvitationRow]:
    """Return a page of invitations, with which of their mails could not be delivered."""
    rows = list(found)
    lost = undeliverable(mail_key(invitation) for invitation in rows)
    return [replace(invitation_row(one), is_lost=mail_key(one) in lost) for one in rows]


def invitation_row(invitation: Invitation) -> InvitationRow:
    """Return an invitation with its state; needs `membership` with `user` and `unit`, and `invited_by` at hand."""
    membership = invitation.membership
    return InvitationRow(
        uuid=invitation.uuid,
        # What the coordinator wrote, also after the person has named herself.
        name=membership.name or membership.person_label,
        email=membership.email,
        role=membership.get_role_display(),
        unit=str(membership.unit or ""),
        invited_by=str(invitation.invited_by or ""),
        sent_at=invitation.created_at,
        expires_at=invitation.expires_at,
        state=_state(invitation),
    )


def _state(invitation: Invitation) -> str:
    membership = invitation.membership
    if invitation.accepted_at is not None or membership.user_id is not None:
        return ACCEPTED
    over = membership.valid_to is not None and membership.valid_to < timezone.localdate()
    if membership.revoked_at is not None or over:
        return ENDED
    if invitation.withdrawn_at is not None:
        return WITHDRAWN
    return EXPIRED if invitation.is_expired else OPEN


def invitations(principal: Principal, municipality: Municipality, *, state: str = "") -> QuerySet[Invitation]:
    """Return the newest invitation of each membership of the municipality, newest first."""
    newer = Invitation.objects.filter(membership=OuterRef("membership"), pk__gt=OuterRef("pk"))
    rows: QuerySet[Invitation] = Invitation.objects.visible_to(principal).filter(~Exists(newer))
    rows = rows.filter(membership__municipality=municipality)
    if state:
        rows = rows.filter(_in_state(state))
    return rows.select_related("membership__user", "membership__unit", "invited_by").order_by("-created_at", "-pk")


def _in_state(state: str) -> Q:
    accepted = Q(accepted_at__isnull=False) | Q(membership__user__isnull=False)
    over = Q(membership__revoked_at__isnull=False) | Q(membership__valid_to__lt=timezone.localdate())
    withdrawn = Q(withdrawn_at__isnull=False)
    expired = Q(expires_at__lte=timezone.now())
    waits = ~accepted & ~over
    return {
        ACCEPTED: accepted,
        ENDED: ~accepted & over,
        WITHDRAWN: waits & withdrawn,
        EXPIRED: waits & ~withdrawn & expired,
        OPEN: waits & ~withdrawn & ~expired,
    }[state]


def uninvited(principal: Principal, municipality: Municipality) -> QuerySet[Membership]:
    """Return the memberships that wait for somebody whom no working link has reached.

    One link brings everything that waits for its address, so an address with an open invitation needs no second one.
    """
    reached = Invitation.objects.open().filter(
        membership__municipality=municipality, membership__email=OuterRef("email")
    )
    rows: QuerySet[Membership] = Membership.objects.manageable_by(principal).not_over().filter(~Exists(reached))
    rows = rows.filter(municipality=municipality, user__isnull=True, role__in=COORDINATOR_GIVES)
    return rows.select_related("unit").order_by("name", "email", "pk")
